"""Migrate the modules beside a script when it imports them. Compiled code has the lines of the files on disk."""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import os
import re
import site
import sys
import sysconfig
import types
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, FrozenSet, Iterator, Sequence

from compat_auc.migrate.documents import disk, files, ipython
from compat_auc.migrate.documents.script import read as read_script
from compat_auc.migrate.engine import Migration, migrate_source
from compat_auc.migrate.running import finders
from compat_auc.migrate.running.shell import Shell
from compat_auc.migrate.syntax import TOO_DEEP, CannotMigrate

# A script that was exported from a notebook has such calls.
_EXPORTED = re.compile(r"\bget_ipython\(\)\.\w+\(")
_KINDS = ("stdlib", "platstdlib", "purelib", "platlib")
_OWN_FOLDER = str(Path(__file__).resolve().parents[2])


class _Everything(FrozenSet[str]):
    """The set of all names. In memory, it costs nothing to keep a name that another file may import."""

    def __contains__(self, _: object) -> bool:
        return True


@dataclass(frozen=True)
class Script:
    """A script ready to run: its code, what migration did, and whether it talks to IPython."""

    code: types.CodeType
    migration: Migration
    talks: bool


def load(path: str, target: str, exported: frozenset[str] = frozenset()) -> Script:
    """Migrate a script. CannotMigrate or OSError if that is not possible."""
    read = read_script(files.decode(disk.read(path)).text)
    migration = read.located(migrate_source(read.python, target, exported))
    talks = bool(read.held or _EXPORTED.search(read.python))
    try:
        tree = ast.parse(ipython.as_calls(migration.code, read.held))
        if read.held:
            tree.body = futures_first(tree.body)
        move_lines(tree, migration.origins, 0)
        return Script(compile(tree, path, "exec", dont_inherit=True), migration, talks)
    except RecursionError:  # Python compiles a tree less deeply than a text
        raise CannotMigrate(TOO_DEEP) from None


def futures_first(body: list[ast.stmt]) -> list[ast.stmt]:
    """Put imports from ``__future__`` before all else, as Python wants them. IPython takes them below its own lines."""
    return sorted(body, key=lambda one: not (isinstance(one, ast.ImportFrom) and one.module == "__future__"))


def move_lines(tree: ast.AST, origins: tuple[int, ...], offset: int) -> None:
    """Give every node the line that it has in the original file."""
    for node in _placed(tree):
        first: int = node.lineno
        last: int = node.end_lineno or first
        line = origins[first - 1] - offset
        end = max(line, origins[last - 1] - offset)
        if end == line:
            node.end_col_offset = max(node.col_offset, node.end_col_offset or 0)
        node.lineno, node.end_lineno = line, end


def _placed(tree: ast.AST) -> Iterator[Any]:
    """Return the nodes that have a line."""
    return (node for node in ast.walk(tree) if hasattr(node, "lineno"))


class LocalModules(importlib.abc.MetaPathFinder):
    """Finds the modules in a script's folder and below it, and migrates them on import."""

    def __init__(self, folder: str, target: str) -> None:
        self.folder: str = os.path.realpath(folder)
        self.target: str = target
        self._others: list[str] = [
            one for one in _installed_folders() if not _is_below(os.path.join(self.folder, ""), one)
        ]
        # run uses them to explain the line where a program fails.
        self.migrations: dict[str, Migration] = {}
        self.quiet = False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        origin = spec.origin if spec is not None else None
        if spec is None or not origin or not origin.endswith(".py") or not self._is_mine(os.path.realpath(origin)):
            return None
        spec.loader = _MigratingLoader(name, origin, self)
        return spec

    def _is_mine(self, real: str) -> bool:
        """Whether a file belongs to the script: it is below its folder, and not in an environment there."""
        if not _is_below(real, self.folder) or any(_is_below(real, one) for one in self._others):
            return False
        return not {"site-packages", "dist-packages"} & set(real[len(self.folder) :].split(os.sep))


def install(folder: str, target: str) -> LocalModules:
    """Migrate the modules of a folder on import from now on."""
    for finder in sys.meta_path:
        if isinstance(finder, LocalModules) and (finder.folder, finder.target) == (os.path.realpath(folder), target):
            return finder
    finder = LocalModules(folder, target)
    finders.before_paths(finder)
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


class _MigratingLoader(importlib.machinery.SourceFileLoader):
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
            text = files.decode(self.get_data(path)).text
            if not files.is_relevant(text) and not _EXPORTED.search(text):
                with contextlib.suppress(SyntaxError):
                    return super().get_code(fullname)
            # ``__pycache__`` holds the code of the unmigrated file, so do not use it.
            script = load(path, self.finder.target, _Everything())
        except CannotMigrate as error:
            print(f"compat-auc: {path}:{error.line}: imported as it is: {error.reason}", file=sys.stderr)
            return super().get_code(fullname)
        self.finder.migrations[path] = script.migration
        if script.talks and self.names is not None:
            self.names.update(Shell(path, self.names, self.finder.quiet).names())
        return script.code
