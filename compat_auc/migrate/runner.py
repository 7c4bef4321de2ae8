"""Runs an old script or notebook as ``__main__``, migrated in memory; tracebacks show the file as it is on disk."""

from __future__ import annotations

import ast
import builtins
import importlib.abc
import importlib.machinery
import io
import linecache
import os
import sys
import traceback
import types
from typing import Iterator

from compat_auc.migrate import disk
from compat_auc.migrate.engine import Migration, migrate_source
from compat_auc.migrate.files import decode, find_files
from compat_auc.migrate.notebooks import CELL_LINE, migrate_cells
from compat_auc.migrate.projects import Project
from compat_auc.migrate.syntax import CannotMigrate

_OWN_FOLDER = os.path.realpath(os.path.dirname(os.path.dirname(__file__))) + os.sep


def load(path: str, target: str) -> tuple[list[types.CodeType], Migration]:
    """The code objects to run, and what migration did."""
    text = decode(disk.read(path), path.endswith(".ipynb")).text
    if path.endswith(".ipynb"):
        migration, _, _ = migrate_cells(text, target)
        return list(_compile_cells(path, migration)), migration
    migration = migrate_source(text, target)
    return [compile_at_origin(migration, path)], migration


def compile_at_origin(migration: Migration, path: str) -> types.CodeType:
    """The new code, compiled so that every line number is the one of the original file."""
    tree = ast.parse(migration.code)
    _move_lines(tree, migration.origins, 0)
    return compile(tree, path, "exec", dont_inherit=True)


def _move_lines(tree: ast.AST, origins: tuple[int, ...], offset: int) -> None:
    for node in ast.walk(tree):
        if not hasattr(node, "lineno"):
            continue
        node.lineno = origins[node.lineno - 1] - offset
        end = origins[node.end_lineno - 1] - offset if node.end_lineno else node.lineno
        node.end_lineno = max(node.lineno, end)
        if node.end_lineno == node.lineno:
            node.end_col_offset = max(node.col_offset, node.end_col_offset or 0)


def _compile_cells(path: str, migration: Migration) -> Iterator[types.CodeType]:
    """One code object a cell; a traceback names the cell and shows its own lines."""
    lines = io.StringIO(migration.old, newline="").readlines()
    cells = [(number, CELL_LINE.match(line)) for number, line in enumerate(lines, 1)]
    marks = [(number, found.group(1)) for number, found in cells if found]
    tree = ast.parse(migration.code)
    for (first, index), (following, _) in zip(marks, [*marks[1:], (len(lines) + 1, "")]):
        body = [one for one in tree.body if first <= migration.origins[one.lineno - 1] < following]
        cell = ast.Module(body=body, type_ignores=[])
        _move_lines(cell, migration.origins, first)
        name = f"{path}, cell {index}"
        linecache.cache[name] = (len(migration.old), None, lines[first : following - 1], name)
        yield compile(cell, name, "exec", dont_inherit=True)


class _LocalModules(importlib.abc.MetaPathFinder):
    """Migrates the modules that lie beside the script when it imports them."""

    def __init__(self, folder: str, target: str) -> None:
        self.folder = os.path.realpath(folder)
        self.target = target
        self.project = Project(find_files([self.folder]))

    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        origin = spec.origin if spec is not None else None
        if not origin or not origin.endswith(".py"):
            return None
        real = os.path.realpath(origin)
        if not real.startswith(self.folder + os.sep) or "site-packages" in real or real.startswith(_OWN_FOLDER):
            return None
        spec.loader = _MigratingLoader(name, origin, self.target, self.project)
        return spec


class _MigratingLoader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, target: str, project: Project) -> None:
        super().__init__(name, path)
        self.target = target
        self.project = project

    def get_code(self, fullname):
        """Never through ``__pycache__``: what lies there belongs to the unmigrated file."""
        path = self.get_filename(fullname)
        try:
            text = decode(self.get_data(path)).text
            names = self.project.names_taken_from(path)
            return compile_at_origin(migrate_source(text, self.target, names), path)
        except CannotMigrate:
            return super().get_code(fullname)


def execute(codes: list[types.CodeType], path: str, args: list[str], target: str) -> int:
    """Run as ``python path args`` would; returns the exit status. The script's own ``SystemExit`` passes through."""
    folder = os.path.dirname(os.path.abspath(path))
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=path, __builtins__=builtins)
    sys.modules["__main__"] = module
    sys.argv = [path, *args]
    sys.path.insert(0, folder)
    sys.meta_path.insert(0, _LocalModules(folder, target))
    try:
        for code in codes:
            exec(code, module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)  # which knows the lines of a notebook's cells
        else:
            sys.excepthook(type(error), error, trace)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0
