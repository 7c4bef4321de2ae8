"""The AUC that a 2017 Keras script meant, under whichever TensorFlow and Keras it runs today."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from compat_auc.metrics import registry as _registry

if TYPE_CHECKING:
    from compat_auc import legacy as legacy
    from compat_auc.callback.roc_callback import RocCallback
    from compat_auc.counting.delong import delong_test
    from compat_auc.counting.roc_counts import RocCounts
    from compat_auc.metrics.auc_roc import auc_roc
    from compat_auc.metrics.legacy_auc_roc import legacy_auc_roc
    from compat_auc.metrics.rank_auc import RankAUC
    from compat_auc.metrics.streaming import streaming_auc
    from compat_auc.stack import UnsupportedRuntime, runtime

__version__ = "1.1.0"

__all__ = [
    "RankAUC",
    "RocCallback",
    "RocCounts",
    "UnsupportedRuntime",
    "auc_roc",
    "delong_test",
    "legacy_auc_roc",
    "runtime",
    "streaming_auc",
]

# The module of each public name. It is imported on first use, so that importing the package imports no framework.
_HOMES = {
    "RankAUC": "metrics.rank_auc",
    "RocCallback": "callback.roc_callback",
    "RocCounts": "counting.roc_counts",
    "UnsupportedRuntime": "stack",
    "auc_roc": "metrics.auc_roc",
    "delong_test": "counting.delong",
    "legacy_auc_roc": "metrics.legacy_auc_roc",
    "runtime": "stack",
    "streaming_auc": "metrics.streaming",
}

_registry.install()


def __getattr__(name: str) -> Any:
    if name == "legacy":  # A module with public functions. After `import compat_auc` it is there, too.
        return importlib.import_module(f"{__name__}.legacy")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    # Install again: another thread may have been about to import Keras when this package was imported.
    _registry.install()
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
