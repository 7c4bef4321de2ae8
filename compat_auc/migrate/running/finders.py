"""Where finders of modules stand among Python's."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys


def before_paths(finder: importlib.abc.MetaPathFinder) -> None:
    """Ask a finder just before the search along sys.path. Built-in and frozen modules and other hooks come first."""
    finders = [*sys.meta_path, importlib.machinery.PathFinder]
    sys.meta_path.insert(finders.index(importlib.machinery.PathFinder), finder)
