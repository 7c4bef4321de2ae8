"""The AUC that a 2017 Keras script meant, under whichever TensorFlow and Keras it runs today."""

import importlib

from compat_auc import registry as _registry

# Now, not on first use: the first import of the module of that name would put the module in the place of the function.
from compat_auc.runtime import runtime  # noqa: F401

__version__ = "0.1.0"

# Where each public name lives. Imported on first use, so that importing the package imports no framework.
_HOMES = {
    "RankAUC": "rank",
    "RocCounts": "counts",
    "auc_roc": "metric",
    "streaming_auc": "graph",
}

__all__ = sorted([*_HOMES, "runtime"])

_registry.install()


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
