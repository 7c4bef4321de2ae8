"""The AUC that a 2017 Keras script meant, under whichever TensorFlow and Keras it runs today."""

import importlib
from typing import TYPE_CHECKING, Any, List

from compat_auc import registry as _registry

# Now, not on first use: the first import of the module of that name would put the module in the place of the function.
from compat_auc.runtime import runtime

if TYPE_CHECKING:
    from compat_auc.callbacks import RocCallback
    from compat_auc.counts import RocCounts
    from compat_auc.graph import streaming_auc
    from compat_auc.legacy import legacy_auc_roc
    from compat_auc.metric import auc_roc
    from compat_auc.rank import RankAUC

__version__ = "1.0.0"

__all__ = ["RankAUC", "RocCallback", "RocCounts", "auc_roc", "legacy_auc_roc", "runtime", "streaming_auc"]

# Where each public name lives. Imported on first use, so that importing the package imports no framework.
_HOMES = {
    "RankAUC": "rank",
    "RocCallback": "callbacks",
    "RocCounts": "counts",
    "auc_roc": "metric",
    "legacy_auc_roc": "legacy",
    "streaming_auc": "graph",
}

_registry.install()


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    return sorted(set(globals()) | set(__all__))
