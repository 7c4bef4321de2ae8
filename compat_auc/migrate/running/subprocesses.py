"""Let each process that a script starts migrate the script and its imports, as the parent process did.

``multiprocessing`` hands two things to a process that it spawns: the name of the module that is ``__main__``, and
``sys.path``. ``run`` gives ``__main__`` a name in this package; the finder below turns that name into the script's
migrated code. Libraries such as joblib leave ``__main__`` out. For them, the script's folder in ``sys.path`` installs
the importer when it is unpickled.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import sys
import types
from typing import Any

from compat_auc.migrate.running import importer, program

# This module counts as a package, whose modules are the scripts.
__path__: list[str] = []


class Folder(str):  # noqa: SLOT000 - `target` is its own attribute
    """A script's folder. The process that unpickles it migrates the folder's modules, too."""

    target: str

    def __new__(cls, folder: str, target: str) -> Folder:
        self = super().__new__(cls, folder)
        self.target = target
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrive, (str(self), self.target)


def _arrive(folder: str, target: str) -> Folder:
    importer.install(folder, target)
    return Folder(folder, target)


def spec(path: str, target: str) -> importlib.machinery.ModuleSpec:
    """Make the spec by which a spawned process finds a script."""
    name = f"{__name__}.{json.dumps([path, target]).encode().hex()}"
    return _Spec(name, _Script(name, path, target), origin=path)


class _Spec(importlib.machinery.ModuleSpec):
    """The spec of a script. Its name says where a process finds it; the script itself is in no package.

    So ``from .net import x`` fails as Python has it fail, and does not look among the modules of this package.
    """

    parent = ""  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]


class _Script(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, target: str) -> None:
        super().__init__(name, path)
        self.target = target

    def get_code(self, fullname: str) -> types.CodeType:
        return program.load(self.path, self.target).codes[0]


class _Scripts(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        package, _, script = fullname.rpartition(".")
        if package != __name__:
            return None
        script_spec = spec(*json.loads(bytes.fromhex(script)))
        script_spec.has_location = True  # so that __file__ is the script
        return script_spec


sys.meta_path.append(_Scripts())
