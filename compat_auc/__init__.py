"""The AUC that a 2017 Keras script meant, under whichever TensorFlow and Keras it runs today."""

import importlib

from compat_auc import registry as _registry

__version__ = "0.1.0"

# Where each public name lives. It is imported on first use, so that importing the package imports no framework.
_HOMES = {
    "auc_roc": "metric",
    "runtime": "runtime",
    "streaming_auc": "graph",
}

__all__ = sorted(_HOMES)

_registry.install()


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
