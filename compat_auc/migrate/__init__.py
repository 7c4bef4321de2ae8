"""Moves 2016-2019 scripts that compute an AUC metric to the Keras of today. Imports neither TensorFlow nor Keras."""

import importlib

# Loaded on first use: a file with nothing to move never needs the parser.
_HOMES = {
    "TARGETS": "files",
    "CannotMigrate": "files",
    "Edit": "edits",
    "Finding": "edits",
    "Migration": "engine",
    "migrate_source": "engine",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
