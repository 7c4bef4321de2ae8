"""Migrate the modules beside a script when it imports them. Compiled code has the lines of the files on disk."""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import os
import site
import sys
import sysconfig
import types
from functools import cache
from pathlib import Path
from typing import Any, FrozenSet, Sequence

from compat_auc.migrate.documents.document import decode
from compat_auc.migrate.documents.pipeline import is_relevant
from compat_auc.migrate.running.program import Program, load, was_exported
from compat_auc.migrate.running.shell import Shell
from compat_auc.migrate.syntax import CannotMigrate

_KINDS = ("stdlib", "platstdlib", "purelib", "platlib")
_INSTALLED = {"site-packages", "dist-packages"}
_FRAMEWORKS = {"tensorflow", "keras", "tf_keras", "tf_slim", "compat_auc"}
_OWN_FOLDER = str(Path(__file__).resolve().parents[2])


class _Everything(FrozenSet[str]):
    """The set of all names. In memory, it costs nothing to keep a name that another file may import."""

    def __contains__(self, _: object) -> bool:
        return True


class LocalModules(importlib.abc.MetaPathFinder):
    """Finds the modules of a script's project, and migrates them on import.

    They are in the script's folder and below it, and where the script or the user asks Python to look for more:
    in what PYTHONPATH names and in what the script itself adds to ``sys.path``. Installed packages are never migrated.
    """

    def __init__(self, folder: str, target: str) -> None:
        self.folder: str = os.path.realpath(folder)
        self.target: str = target
        self._others: list[str] = [
            folder for folder in _installed_folders() if not _is_below(os.path.join(self.folder, ""), folder)
        ]
        own = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
        self._named: list[str] = [os.path.realpath(entry) for entry in own]
        self._at_start: set[str] = set(sys.path)
        # run uses them to explain the line where a program fails.
        self.programs: list[Program] = []
        self.quiet = False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        origin = spec.origin if spec is not None else None
        if spec is None or not origin or not origin.endswith(".py"):
            return None
        if not self._is_mine(name, os.path.realpath(origin)):
            return None
        spec.loader = MigratingLoader(name, origin, self)
        return spec

    def _is_mine(self, name: str, real: str) -> bool:
        """Whether a module belongs to the script's project, and is not in an environment."""
        if _is_below(real, self.folder):
            in_environment = any(_is_below(real, folder) for folder in self._others)
            return not in_environment and not _INSTALLED & set(real[len(self.folder) :].split(os.sep))
        # A copy of Keras or TensorFlow that somebody works on is what the script should run on.
        if name.partition(".")[0] in _FRAMEWORKS or _INSTALLED & set(real.split(os.sep)):
            return False
        if any(_is_below(real, folder) for folder in _installed_folders()):
            return False
        added = [os.path.realpath(entry) for entry in sys.path if entry not in self._at_start]
        return any(_is_below(real, root) for root in self._named + added)


def install(folder: str, target: str) -> LocalModules:
    """Migrate the modules of a folder on import from now on."""
    for finder in sys.meta_path:
        if isinstance(finder, LocalModules) and (finder.folder, finder.target) == (os.path.realpath(folder), target):
            return finder
    finder = LocalModules(folder, target)
    # Built-in and frozen modules and other hooks come first.
    finders = [*sys.meta_path, importlib.machinery.PathFinder]
    sys.meta_path.insert(finders.index(importlib.machinery.PathFinder), finder)
    return finder


@cache
def _installed_folders() -> frozenset[str]:
    """Return the folders of Python's own and installed modules. They may lie below a script's folder."""
    paths = sysconfig.get_paths()
    folders = [paths[name] for name in _KINDS]
    folders += [*site.getsitepackages(), site.getusersitepackages()]
    return frozenset([*map(os.path.realpath, folders), _OWN_FOLDER])


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))


class MigratingLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, finder: LocalModules) -> None:
        super().__init__(name, path)
        self.finder = finder
        # The names of the module that is being imported.
        self.names: dict[str, Any] | None = None

    def exec_module(self, module: types.ModuleType) -> None:
        self.names = vars(module)
        super().exec_module(module)

    def get_code(self, fullname: str) -> types.CodeType | None:
        path = self.get_filename(fullname)
        try:
            text = decode(self.get_data(path)).text
            if not is_relevant(text) and not was_exported(text):
                with contextlib.suppress(SyntaxError):
                    return super().get_code(fullname)
            # ``__pycache__`` holds the code of the unmigrated file, so do not use it.
            program = load(path, self.finder.target, _Everything())
        except CannotMigrate as error:
            print(f"compat-auc: {path}:{error.line}: imported without changes. {error.reason}", file=sys.stderr)
            return super().get_code(fullname)
        self.finder.programs.append(program)
        if program.talks and self.names is not None:
            self.names.update(Shell(path, self.names, self.finder.quiet).names())
        return program.codes[0]
