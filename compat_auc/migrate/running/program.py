"""Compile a script or notebook that is migrated in memory. The code has the lines of the file on disk."""

from __future__ import annotations

import ast
import linecache
import os
import re
import types
from dataclasses import dataclass
from typing import Any, Iterator

from compat_auc.migrate.documents import files
from compat_auc.migrate.documents.document import Part
from compat_auc.migrate.documents.notebook import Notebook
from compat_auc.migrate.documents.pipeline import Migrated, migrate_document, read_document
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.syntax import TOO_DEEP, CannotMigrate

# The name that Python's tracebacks have for it.
STDIN = "<stdin>"
_EXPORTED = re.compile(r"\bget_ipython\(\)\.\w+\(")


@dataclass(frozen=True)
class Program:
    """A script or notebook ready to run: its migration and the code of each part."""

    migrated: Migrated
    codes: list[types.CodeType]
    # By the name that a traceback has for it.
    parts: dict[str, Part]

    @property
    def is_notebook(self) -> bool:
        return isinstance(self.migrated.document, Notebook)

    @property
    def talks(self) -> bool:
        """Whether the program may use what IPython defines."""
        document = self.migrated.document
        return self.is_notebook or bool(document.magics or was_exported(document.python))

    def findings_at(self, name: str, line: int) -> list[Finding]:
        """Return the findings in a line of a traceback."""
        part = self.parts.get(name)
        if part is None:
            return []
        return [finding for finding in self.migrated.findings if (finding.cell, finding.line) == (part.cell, line)]


def load(path: str, target: str, exported: frozenset[str] = frozenset(), data: bytes | None = None) -> Program:
    """Migrate a script or a notebook, or the ``data`` of standard input. CannotMigrate or OSError if it cannot be."""
    document = read_document(path, files.read(path) if data is None else data, target)
    migrated = migrate_document(document, target, exported)
    parts: dict[str, Part] = {}
    try:
        codes = list(_compile_parts(path, migrated, parts))
    except RecursionError:  # Python compiles a tree less deeply than a text
        raise CannotMigrate(TOO_DEEP) from None
    return Program(migrated, codes, parts)


def _compile_parts(path: str, migrated: Migrated, parts: dict[str, Part]) -> Iterator[types.CodeType]:
    """Compile a script, or each cell of a notebook. A traceback names the cell and shows the cell's lines."""
    document = migrated.document
    tree = ast.parse(document.runnable(migrated.code))
    # Where each statement was, asked before the first cell's statements get the lines of their cell.
    starts = [migrated.origins[statement.lineno - 1] for statement in tree.body]
    for part in document.parts:
        name = f"{path}, cell {part.cell}" if part.cell else STDIN if path == "-" else os.path.abspath(path)
        # A new import may stand where the mark above a cell was, a line before the cell starts.
        first = part.start - bool(part.cell)
        body = [statement for statement, start in zip(tree.body, starts) if first <= start < part.stop]
        module = ast.Module(body=_futures_first(body), type_ignores=[])
        _move_lines(module, [document.cell_line(origin)[1] for origin in migrated.origins])
        parts[name] = part
        if isinstance(document, Notebook):
            linecache.cache[name] = (len(document.python), None, document.lines_of(part), name)
        elif path == "-":
            lines = document.file.text.splitlines(keepends=True)
            linecache.cache[name] = (len(document.file.text), None, lines, name)
        # IPython lets a cell await.
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if part.cell else 0
        yield compile(module, name, "exec", flags, dont_inherit=True)


def _futures_first(body: list[ast.stmt]) -> list[ast.stmt]:
    """Put imports from ``__future__`` before all else, as Python wants them. IPython takes them below its own lines."""
    return sorted(body, key=lambda node: not (isinstance(node, ast.ImportFrom) and node.module == "__future__"))


def _move_lines(tree: ast.AST, shown: list[int]) -> None:
    """Give every node the line that a traceback shows for it. ``shown`` has that of each line of the code."""
    for node in _with_lines(tree):
        first: int = node.lineno
        last: int = node.end_lineno or first
        line = shown[first - 1]
        end = max(line, shown[last - 1])
        if end == line:
            node.end_col_offset = max(node.col_offset, node.end_col_offset or 0)
        node.lineno, node.end_lineno = line, end


def _with_lines(tree: ast.AST) -> Iterator[Any]:
    """Return the nodes that have a line."""
    return (node for node in ast.walk(tree) if hasattr(node, "lineno"))


def was_exported(text: str) -> bool:
    """Whether a script was exported from a notebook: it has calls of IPython."""
    return bool(_EXPORTED.search(text))
