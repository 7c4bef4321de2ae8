"""Migrate an old script or notebook in memory and run it as ``__main__``. Tracebacks show the file on disk."""

from __future__ import annotations

import ast
import builtins
import io
import linecache
import os
import sys
import traceback
import types
from dataclasses import dataclass, field
from typing import Any, Iterator

from compat_auc.migrate.documents import disk, ipython
from compat_auc.migrate.documents.files import decode
from compat_auc.migrate.documents.notebook import CELL_LINE, migrate_cells
from compat_auc.migrate.documents.script import Reading
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.engine import Migration
from compat_auc.migrate.running import importer, start_up, subprocesses
from compat_auc.migrate.running.shell import Shell
from compat_auc.migrate.syntax import TOO_DEEP, CannotMigrate


@dataclass(frozen=True)
class Program:
    """A script or notebook, ready to run."""

    path: str
    codes: list[types.CodeType]
    migration: Migration
    target: str
    talks: bool = True
    # For a notebook: how it was read, and for each cell's name the line of the joined text just above the cell.
    reading: Reading | None = None
    cells: dict[str, int] = field(default_factory=dict)

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(".ipynb")

    def findings_at(self, name: str, line: int) -> list[Finding]:
        """Return the findings in a line of a traceback."""
        if name in self.cells and self.reading:
            line = self.reading.line(self.cells[name] + line)
        elif self.is_notebook or name != os.path.abspath(self.path):
            return []
        return [one for one in self.migration.findings if one.line == line]


def load(path: str, target: str) -> Program:
    """Migrate a file. OSError or CannotMigrate if that is not possible."""
    if not path.endswith(".ipynb"):
        script = importer.load(os.path.abspath(path), target)
        return Program(path, [script.code], script.migration, target, script.talks)
    migration, _, reading = migrate_cells(decode(disk.read(path), notebook=True).text, target)
    cells: dict[str, int] = {}
    try:
        codes = list(_compile_cells(path, migration, reading.held, cells))
    except RecursionError:
        raise CannotMigrate(TOO_DEEP) from None
    return Program(path, codes, migration, target, reading=reading, cells=cells)


def _compile_cells(path: str, migration: Migration, held: list[str], cells: dict[str, int]) -> Iterator[types.CodeType]:
    """Compile each cell to one code object. A traceback names the cell and shows the cell's lines."""
    lines = io.StringIO(migration.old, newline="").readlines()
    matches = [(number, CELL_LINE.match(line)) for number, line in enumerate(lines, 1)]
    marks = [(number, found[1]) for number, found in matches if found]
    tree = ast.parse(ipython.as_calls(migration.code, held))
    # Where each statement was, asked before the first cell's statements get the lines of their cell.
    origins = [migration.origins[one.lineno - 1] for one in tree.body]
    for (first, index), (following, _) in zip(marks, [*marks[1:], (len(lines) + 1, "")]):
        body = [one for one, origin in zip(tree.body, origins) if first <= origin < following]
        cell = ast.Module(body=importer.futures_first(body), type_ignores=[])
        importer.move_lines(cell, migration.origins, first)
        name = f"{path}, cell {index}"
        cells[name] = first
        linecache.cache[name] = (len(migration.old), None, lines[first : following - 1], name)
        yield compile(cell, name, "exec", dont_inherit=True)


def execute(program: Program, args: list[str], quiet: bool = False) -> int:
    """Run as ``python path args`` does, and return the exit status. A ``SystemExit`` of the script passes through."""
    module = _main_module(program, quiet)
    folder = os.path.dirname(os.path.realpath(program.path))
    sys.modules["__main__"] = module
    sys.argv = [program.path, *args]
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, subprocesses.Folder(folder, program.target))
    finder = importer.install(folder, program.target)
    finder.quiet = quiet
    start_up.install()
    try:
        for code in program.codes:
            exec(code, module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)  # unlike the default hook, it knows the cells' lines
        else:
            sys.excepthook(type(error), error, trace)
        _hint(program, finder, trace)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _hint(program: Program, finder: importer.LocalModules, trace: types.TracebackType | None) -> None:
    """Print the findings of the innermost line of the traceback that has any."""
    for frame in reversed(traceback.extract_tb(trace)):
        line = frame.lineno or 0
        modules = finder.migrations.get(frame.filename)
        found = [one for one in modules.findings if one.line == line] if modules else []
        found = found or program.findings_at(frame.filename, line)
        for one in found:
            print(f"compat-auc: in {frame.filename}, line {line}: {one.code} {one.message}", file=sys.stderr)
        if found:
            codes = " ".join(dict.fromkeys(one.code for one in found))
            print(f"compat-auc: more about it: compat-auc explain {codes}", file=sys.stderr)
            return


def _main_module(program: Program, quiet: bool) -> types.ModuleType:
    module = types.ModuleType("__main__")
    names: dict[str, Any] = {"__builtins__": builtins}
    if not program.is_notebook:  # in Jupyter it has no __file__, so a child process does not run it again
        spec = subprocesses.spec(os.path.abspath(program.path), program.target)
        names.update(__file__=spec.origin, __cached__=None, __spec__=spec, __loader__=spec.loader)
    if program.talks:
        names.update(Shell(program.path, module.__dict__, quiet).names())
    module.__dict__.update(names)
    return module
