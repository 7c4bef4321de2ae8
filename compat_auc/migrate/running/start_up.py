"""Keep what TensorFlow writes about its own start off the screen, while a program imports it."""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import os
import re
import sys
import tempfile
import types
from typing import Any, Callable, Sequence

from compat_auc.migrate.running import finders

# C++ writes these lines to file descriptor 2 before it reads any setting, TensorFlow 2.21 all of them twice.
_CHATTER = re.compile(r"I\d{4} |\d{4}-\d\d-\d\d \S+ I |WARNING: All log messages before absl|To enable the following")


class QuietTensorFlow(importlib.abc.MetaPathFinder):
    """Finds TensorFlow as Python does. Its import then writes no lines of information, only warnings and errors."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(name, path) if name == "tensorflow" else None
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = functools.partial(_quietly, spec.loader.exec_module)
        return spec


def install() -> None:
    """Import TensorFlow without lines of information from now on."""
    # For what it writes later; 1 leaves out information.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    if not any(isinstance(finder, QuietTensorFlow) for finder in sys.meta_path):
        finders.before_paths(QuietTensorFlow())


def _quietly(load: Callable[[types.ModuleType], None], module: types.ModuleType) -> None:
    _, said = with_errors_held_back(lambda: load(module))
    sys.stderr.write("".join(line for line in said.splitlines(keepends=True) if not _CHATTER.match(line)))


def with_errors_held_back(call: Callable[[], Any]) -> tuple[Any, str]:
    """Call, and return the result and what was written to file descriptor 2. After an error it is written there."""
    said, returned = "", False
    sys.stderr.flush()
    own = os.dup(2)
    try:
        with tempfile.TemporaryFile() as kept:
            os.dup2(kept.fileno(), 2)
            try:
                result = call()
                returned = True
            finally:
                sys.stderr.flush()
                os.dup2(own, 2)
                kept.seek(0)
                said = kept.read().decode(errors="replace")
        return result, said
    finally:
        os.close(own)
        if not returned:
            sys.stderr.write(said)
