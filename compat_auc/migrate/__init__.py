"""Move scripts of 2016 to 2019 with an AUC metric to the Keras of today. Imports neither TensorFlow nor Keras."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compat_auc.migrate.edits import Edit, Finding
    from compat_auc.migrate.engine import Migration, migrate_source
    from compat_auc.migrate.syntax import TARGETS, CannotMigrate

__all__ = ["TARGETS", "CannotMigrate", "Edit", "Finding", "Migration", "migrate_source"]

# Loaded on first use: a file with nothing to move never needs the parser.
_HOMES = {
    "TARGETS": "syntax",
    "CannotMigrate": "syntax",
    "Edit": "edits",
    "Finding": "edits",
    "Migration": "engine",
    "migrate_source": "engine",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
