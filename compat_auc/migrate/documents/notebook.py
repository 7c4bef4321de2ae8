"""Migrate the code cells of a notebook as one text, and put them back. Every other byte of the JSON stays."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Iterator

from compat_auc.migrate.documents import ipython, python2, requirements
from compat_auc.migrate.documents.script import Reading
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.engine import Migration, migrate_source
from compat_auc.migrate.rule import BAD_CELL, PYTHON_2
from compat_auc.migrate.selection import EVERYTHING, Choice
from compat_auc.migrate.syntax import PYTHON_CELLS, CannotMigrate, check_syntax

_CELL = "#: compat-auc cell {}"
CELL_LINE = re.compile(r"^#: compat-auc cell (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A code cell: its source, and the start and end of the source's JSON in the file."""

    index: int
    source: str
    start: int
    end: int


def migrate_notebook(text: str, target: str, choice: Choice = EVERYTHING) -> tuple[str, tuple[Finding, ...]]:
    """Return the notebook's JSON with its code cells migrated, and the findings with lines of the file."""
    migration, cells, reading = migrate_cells(text, target, choice)
    pieces = split(ipython.put_back(migration.code, reading.held))
    new: list[str] = []
    position = 0
    for cell in cells:
        if cell.index in pieces and pieces[cell.index] != cell.source:
            new.extend([text[position : cell.start], _as_json(text, cell, pieces[cell.index])])
            position = cell.end
    result = "".join([*new, text[position:]])
    json.loads(result)
    return result, migration.findings


def migrate_cells(text: str, target: str, choice: Choice = EVERYTHING) -> tuple[Migration, list[Cell], Reading]:
    """Migrate all code cells as one text. Return the migration, with the file's lines, the cells and the reading."""
    cells = list(code_cells(text))
    reading = requirements.renewed(read_cells(text, cells, choice), target, choice)
    try:
        migration = migrate_source(reading.python, target, choice=choice)
    except CannotMigrate as error:
        raise CannotMigrate(error.reason, reading.line(error.line)) from None
    # The origins stay lines of the joined text: run finds the cells there.
    return replace(reading.located(migration), origins=migration.origins), cells, reading


def read_cells(text: str, cells: list[Cell], choice: Choice = EVERYTHING) -> Reading:
    """Join the Python of all cells. A cell that is not Python of any version is left out and reported."""
    cells = [cell for cell in cells if not _is_other_language(cell.source)]
    is_old = PYTHON_2 in choice and any(_is_python_2(_held(cell, [])) for cell in cells)
    held: list[str] = []
    findings: list[Finding] = []
    parts: list[str] = []
    lines: list[int] = []
    for cell in cells:
        mark, first = len(held), text.count("\n", 0, cell.start) + 1
        in_list = text[cell.start] == "["
        source = _held(cell, held)
        moved = python2.to_python_3(source) if is_old else None
        python, origins, found = moved or (source, range(1, source.count("\n") + 2), ())
        try:
            check_syntax(python)
        except CannotMigrate as error:
            del held[mark:]
            line = first + error.line if in_list else first
            findings.append(Finding(BAD_CELL, f"this cell is left as it is: {error.reason}", 0).at(line, 1))
            continue
        findings.extend(one.at(first + one.line if in_list else first, one.column) for one in found)
        parts.extend([_CELL.format(cell.index), python])
        lines.extend([first, *(first + origin if in_list else first for origin in origins)])
    return Reading("\n".join(parts) + "\n", tuple(lines), held, tuple(one for one in findings if one.code in choice))


def split(code: str) -> dict[int, str]:
    """Split a joined text into its cells by index."""
    marks = list(CELL_LINE.finditer(code))
    return {
        int(mark[1]): code[mark.end() + 1 : following.start() - 1 if following else len(code) - 1]
        for mark, following in zip(marks, [*marks[1:], None])
    }


def _is_other_language(source: str) -> bool:
    first = source.lstrip().split("\n", 1)[0]
    return first.startswith("%%") and not first[2:].startswith(PYTHON_CELLS)


def _held(cell: Cell, held: list[str]) -> str:
    return cell.source if _is_python(cell.source) else ipython.hold(cell.source, held)


def _is_python(source: str) -> bool:
    try:
        check_syntax(source)
    except CannotMigrate:
        return False
    return True


def _is_python_2(source: str) -> bool:
    return not _is_python(source) and python2.to_python_3(source) is not None


def _member(text: str, start: int, name: str) -> tuple[int, int]:
    """Return start and end of the value of a key that the JSON object at ``start`` has."""
    decoder = json.JSONDecoder()
    position = start
    while True:
        key, position = decoder.raw_decode(text, _skip(text, position + 1))  # past the brace or the comma
        value = _skip(text, _skip(text, position) + 1)
        _, end = decoder.raw_decode(text, value)
        if key == name:
            return value, end
        position = _skip(text, end)


def _skip(text: str, position: int) -> int:
    while text[position] in " \t\r\n":
        position += 1
    return position


def code_cells(text: str) -> Iterator[Cell]:
    """Yield the code cells of a notebook of version 4. Anything else raises CannotMigrate."""
    cells = _cells(text)
    array, _ = _member(text, _skip(text, 0), "cells")
    position = _skip(text, array + 1)
    for index, cell in enumerate(cells):
        _, end = json.JSONDecoder().raw_decode(text, position)
        if cell.get("cell_type") == "code":
            start, stop = _member(text, position, "source")
            source: str | list[str] = cell["source"]
            yield Cell(index, source if isinstance(source, str) else "".join(source), start, stop)
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _cells(text: str) -> list[dict[str, Any]]:
    """Return the cells. CannotMigrate if this is no notebook of version 4, or if a code cell has no source."""
    try:
        notebook: dict[str, Any] = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", error)
        raise CannotMigrate(f"not a notebook: {reason}", getattr(error, "lineno", 1)) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise CannotMigrate("not a notebook of version 4: it has no list of cells")
    cells: list[dict[str, Any]] = notebook["cells"]
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict):
            raise CannotMigrate(f"not a notebook of version 4: cell {index} is no object")
        if cell.get("cell_type") == "code":
            source: str | list[str] | None = cell.get("source")
            lines = source if isinstance(source, list) else [source]
            if not all(isinstance(line, str) for line in lines):
                raise CannotMigrate(f"not a notebook of version 4: cell {index} has no source")
    return cells


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object. Refuse a key with two values: nobody can say which one is meant."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object in it has a key twice")
    return members


def _as_json(text: str, cell: Cell, source: str) -> str:
    """Write the source in the file's own style: one string, or a list of lines with the same indent."""
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
