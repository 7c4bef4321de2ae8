"""Notebooks: the code cells are migrated as one text, and go back into the JSON with every other byte untouched."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Iterator

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.engine import Migration, migrate_source
from compat_auc.migrate.syntax import CannotMigrate, check_syntax

_CELL = "#: compat-auc cell {}"
CELL_LINE = re.compile(r"^#: compat-auc cell (\d+)$", re.MULTILINE)
# A line for IPython, not for Python: magics, shell commands, help; also assigned (`files = !ls`).
_MAGIC = re.compile(
    r"^(?P<indent>[ \t]*)"
    r"(?P<code>%{1,2}[A-Za-z_].*|!.*|\?.*|[\w., ]+=\s*(?:%[A-Za-z_]|!(?!=)).*|[^\s#'\"=(]+\?{1,2}[ \t]*)$"
)
_HELD = re.compile(r"pass  #: compat-auc magic (\d+)$", re.MULTILINE)
# Cell magics whose body is Python.
_PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun")


@dataclass(frozen=True)
class Cell:
    """A code cell: its source, and where the source's JSON stands in the file."""

    index: int
    source: str
    start: int
    end: int


def migrate_notebook(text: str, target: str) -> tuple[str, tuple[Finding, ...]]:
    """The notebook's JSON with its code cells migrated, and the findings with lines of the file."""
    migration, cells, held = migrate_cells(text, target)
    pieces = split(migration.code, held)
    new, position = [], 0
    for cell in cells:
        if cell.index in pieces and pieces[cell.index] != cell.source:
            new.extend([text[position : cell.start], _as_json(text, cell, pieces[cell.index])])
            position = cell.end
    result = "".join([*new, text[position:]])
    json.loads(result)
    return result, migration.findings


def migrate_cells(text: str, target: str) -> tuple[Migration, list[Cell], list[str]]:
    """The migration of all code cells as one text, findings at the file's lines; the cells; the held magics."""
    cells = list(code_cells(text))
    joined, held, lines = join(text, cells)
    try:
        migration = migrate_source(joined, target)
    except CannotMigrate as error:
        raise CannotMigrate(error.reason, _file_line(lines, error.line)) from None
    findings = tuple(one.at(_file_line(lines, one.line), one.column) for one in migration.findings)
    return replace(migration, findings=findings), cells, held


def join(text: str, cells: list[Cell]) -> tuple[str, list[str], list[int]]:
    """The Python of all cells in one text, the magics held back, and for each line its line in the file."""
    held: list[str] = []
    parts: list[str] = []
    lines: list[int] = []
    for cell in cells:
        if _is_other_language(cell.source):
            continue
        first = text.count("\n", 0, cell.start) + 1
        in_list = text[cell.start] == "["
        plain = cell.source.split("\n")
        body = [
            _CELL.format(cell.index),
            *(plain if _is_python(cell.source) else [_hold(line, held) for line in plain]),
        ]
        parts.extend(body)
        lines.extend([first, *(first + 1 + number if in_list else first for number in range(len(body) - 1))])
    return "\n".join(parts) + "\n", held, lines


def split(code: str, held: list[str]) -> dict[int, str]:
    """The cells of a joined text by index, with their magics back in place."""
    marks = list(CELL_LINE.finditer(code))
    cells = {}
    for mark, following in zip(marks, [*marks[1:], None]):
        body = code[mark.end() + 1 : following.start() - 1 if following else len(code) - 1]
        cells[int(mark.group(1))] = _HELD.sub(lambda found: held[int(found.group(1))], body)
    return cells


def _file_line(lines: list[int], line: int) -> int:
    return lines[min(line, len(lines)) - 1] if lines else 1


def _is_other_language(source: str) -> bool:
    first = source.lstrip().split("\n", 1)[0]
    return first.startswith("%%") and not first.startswith(_PYTHON_CELLS)


def _is_python(source: str) -> bool:
    """Whether a cell needs nothing held back: then a line that starts with ``%`` goes on with an expression."""
    try:
        check_syntax(source)
    except CannotMigrate:
        return False
    return True


def _hold(line: str, held: list[str]) -> str:
    match = _MAGIC.match(line)
    if not match:
        return line
    held.append(match.group("code"))
    return f"{match.group('indent')}pass  #: compat-auc magic {len(held) - 1}"


def _members(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """Key, start and end of each value of the JSON object at ``start``."""
    decoder = json.JSONDecoder()
    position = _skip(text, start + 1)
    while text[position] == '"':
        key, position = decoder.raw_decode(text, position)
        value = _skip(text, _skip(text, position) + 1)
        _, position = decoder.raw_decode(text, value)
        yield key, value, position
        position = _skip(text, position)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _skip(text: str, position: int) -> int:
    while text[position] in " \t\r\n":
        position += 1
    return position


def code_cells(text: str) -> Iterator[Cell]:
    """The code cells of a notebook (version 4); raises CannotMigrate for anything else."""
    cells = _cells(text)
    array = next(start for key, start, _ in _members(text, _skip(text, 0)) if key == "cells")
    position = _skip(text, array + 1)
    for index, cell in enumerate(cells):
        _, end = json.JSONDecoder().raw_decode(text, position)
        if cell.get("cell_type") == "code":
            start, stop = next((a, b) for key, a, b in _members(text, position) if key == "source")
            source = cell["source"]
            yield Cell(index, source if isinstance(source, str) else "".join(source), start, stop)
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _cells(text: str) -> list[dict]:
    """The cells of the notebook, each of code with a source; raises CannotMigrate where the format has other things."""
    try:
        notebook = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", error)
        raise CannotMigrate(f"not a notebook: {reason}", getattr(error, "lineno", 1)) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise CannotMigrate("not a notebook of version 4: it has no list of cells")
    for index, cell in enumerate(notebook["cells"]):
        if not isinstance(cell, dict):
            raise CannotMigrate(f"not a notebook of version 4: cell {index} is no object")
        if cell.get("cell_type") == "code":
            source = cell.get("source")
            lines = source if isinstance(source, list) else [source]
            if not all(isinstance(line, str) for line in lines):
                raise CannotMigrate(f"not a notebook of version 4: cell {index} has no source")
    return notebook["cells"]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; with two values under one key, nobody can say which of them is meant."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object in it has a key twice")
    return members


def _as_json(text: str, cell: Cell, source: str) -> str:
    """The new source in the file's own style: one string, or a list with a line each and the same indent."""
    ascii_only = text.isascii()
    if text[cell.start] == '"':
        return json.dumps(source, ensure_ascii=ascii_only)
    lines = source.splitlines(keepends=True)
    if not lines:
        return "[]"
    opening = re.match(r"\[(\s*)", text[cell.start : cell.end])
    gap = opening.group(1) if opening else ""
    closing = re.search(r"(\s*)\]$", text[cell.start : cell.end])
    dumped = [json.dumps(line, ensure_ascii=ascii_only) for line in lines]
    separator = f",{gap}" if gap else ", " if '": ' in text else ","
    return f"[{gap}{separator.join(dumped)}{closing.group(1) if closing else ''}]"
