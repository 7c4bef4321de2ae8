"""Moves 2016-2019 scripts that compute an AUC metric to the Keras of today. Imports neither TensorFlow nor Keras."""

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.engine import TARGETS, CannotMigrate, Migration, migrate_source

__all__ = ["TARGETS", "CannotMigrate", "Edit", "Finding", "Migration", "migrate_source"]
