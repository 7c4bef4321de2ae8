"""Read the code cells of a notebook as one text, and put them back. Every other byte of the JSON stays."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, replace
from typing import Any, Iterator

from compat_auc.migrate.documents import ipython, python2
from compat_auc.migrate.documents.document import Change, Document, Part, Text
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import BAD_CELL, PYTHON_2
from compat_auc.migrate.selection import EVERYTHING, Choice
from compat_auc.migrate.syntax import PYTHON_CELLS, CannotMigrate, check_syntax

_CELL = "#: compat-auc cell {}"
_CELL_LINE = re.compile(r"^#: compat-auc cell (\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell: its number, counted from 1 as ruff counts them, and its object's start and end in the file.

    A code cell has its source, and the start and end of the source's JSON.
    """

    number: int
    object_start: int
    object_end: int
    source: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Notebook(Document):
    """A notebook as the rules read it: the Python of its cells below one another, each below a line with its number."""

    cells: tuple[Cell, ...] = ()
    # The cell and the line in it of each line of `python`.
    cell_lines: tuple[tuple[int, int], ...] = ()

    def cell_line(self, number: int) -> tuple[int, int]:
        return self.cell_lines[min(number, len(self.cell_lines)) - 1] if self.cell_lines else (0, number)

    def changes(self, code: str) -> tuple[Change, ...]:
        sources = split(super().rebuild(code))
        pairs = ((cell, sources.get(cell.number, cell.source)) for cell in self.cells)
        return tuple(Change(cell.number, cell.source, source) for cell, source in pairs if source != cell.source)

    def rebuild(self, code: str) -> str:
        """Return the notebook with the new sources. A cell of which no code is left goes."""
        new = {change.cell: change.new for change in self.changes(code)}
        text = self.file.text
        if not new:
            return text
        kept = [cell for cell in self.cells if new.get(cell.number, "code").strip()]
        if not kept:
            raise CannotMigrate("Nothing would be left, because all imports are gone. Delete the file by hand.")
        pieces = [text[: self.cells[0].object_start]]
        for cell in kept:
            if cell is not kept[0]:
                pieces.append(text[self.cells[cell.number - 2].object_end : cell.object_start])
            position = cell.object_start
            if cell.number in new:
                pieces.extend([text[position : cell.start], _as_json(text, cell, new[cell.number])])
                position = cell.end
            pieces.append(text[position : cell.object_end])
        result = "".join([*pieces, text[self.cells[-1].object_end :]])
        json.loads(result)
        return result

    def lines_of(self, part: Part) -> list[str]:
        """Return the lines of a cell as they stand in the file."""
        return io.StringIO(self.cells[part.cell - 1].source, newline="").readlines()

    @property
    def parts(self) -> tuple[Part, ...]:
        lines = io.StringIO(self.python, newline="").readlines()
        matches = [(number, _CELL_LINE.match(line)) for number, line in enumerate(lines, 1)]
        marks = [(number, int(mark[1])) for number, mark in matches if mark]
        stops = [*(number for number, _ in marks[1:]), len(lines) + 1]
        return tuple(Part(number + 1, stop, cell) for (number, cell), stop in zip(marks, stops))


def read_notebook(file: Text, choice: Choice = EVERYTHING) -> Notebook:
    """Join the Python of all cells. A cell that is not Python of any version is left out and reported."""
    text, cells = file.text, tuple(read_cells(file.text))
    readable = [cell for cell in cells if cell.end and not _is_other_language(cell.source)]
    is_old = PYTHON_2 in choice and any(_is_python_2(_with_marks(cell, [])) for cell in readable)
    magics: list[str] = []
    findings: list[Finding] = []
    sources: list[str] = []
    lines: list[int] = []
    cell_lines: list[tuple[int, int]] = []
    for cell in readable:
        count, first = len(magics), text.count("\n", 0, cell.start) + 1
        step = text[cell.start] == "["  # a list has a line of the file for each line of the cell
        source = _with_marks(cell, magics)
        moved = python2.to_python_3(source) if is_old else None
        python, origins, of_python_2 = moved or (source, range(1, source.count("\n") + 2), ())
        try:
            check_syntax(python)
        except CannotMigrate as error:
            del magics[count:]
            reason = error.reason[0].lower() + error.reason[1:]
            bad = Finding(BAD_CELL, f"Not changed: {reason}", 0).at(error.line, 1)
            findings.append(replace(bad, cell=cell.number, file_line=first + step * error.line))
            continue
        findings.extend(
            replace(finding, cell=cell.number, file_line=first + step * finding.line) for finding in of_python_2
        )
        sources.extend([_CELL.format(cell.number), python])
        lines.extend([first, *(first + step * origin for origin in origins)])
        cell_lines.extend([(cell.number, 1), *((cell.number, origin) for origin in origins)])
    chosen = tuple(finding for finding in findings if finding.code in choice)
    joined = "\n".join(sources) + "\n"
    return Notebook(file, joined, tuple(lines), tuple(magics), chosen, cells, tuple(cell_lines))


def split(code: str) -> dict[int, str]:
    """Split a joined text into its cells by number."""
    marks = list(_CELL_LINE.finditer(code))
    return {
        int(mark[1]): code[mark.end() + 1 : following.start() - 1 if following else len(code) - 1]
        for mark, following in zip(marks, [*marks[1:], None])
    }


def _is_other_language(source: str) -> bool:
    first = source.lstrip().split("\n", 1)[0]
    return first.startswith("%%") and not first[2:].startswith(PYTHON_CELLS)


def _with_marks(cell: Cell, magics: list[str]) -> str:
    return cell.source if _is_python(cell.source) else ipython.hold(cell.source, magics)


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


def read_cells(text: str) -> Iterator[Cell]:
    """Yield the cells of a notebook of version 4. Anything else raises CannotMigrate."""
    cells = _cells(text)
    array, _ = _member(text, _skip(text, 0), "cells")
    position = _skip(text, array + 1)
    for number, cell in enumerate(cells, 1):
        _, end = json.JSONDecoder().raw_decode(text, position)
        if cell.get("cell_type") == "code":
            start, stop = _member(text, position, "source")
            source: str | list[str] = cell["source"]
            yield Cell(number, position, end, source if isinstance(source, str) else "".join(source), start, stop)
        else:
            yield Cell(number, position, end)
        position = _skip(text, end)
        if text[position] == ",":
            position = _skip(text, position + 1)


def _cells(text: str) -> list[dict[str, Any]]:
    """Return the cells. CannotMigrate if this is no notebook of version 4, or if a code cell has no source."""
    try:
        notebook: dict[str, Any] = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        reason = f"the file is not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else error
        raise CannotMigrate(f"Not a notebook: {reason}.", getattr(error, "lineno", 1)) from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise CannotMigrate("Not a notebook of version 4: no list of cells. Open it in Jupyter and save it.")
    cells: list[dict[str, Any]] = notebook["cells"]
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            raise CannotMigrate(f"Not a notebook of version 4: cell {number} is not an object.")
        if cell.get("cell_type") == "code":
            source: str | list[str] | None = cell.get("source")
            lines = source if isinstance(source, list) else [source]
            if not all(isinstance(line, str) for line in lines):
                raise CannotMigrate(f"Not a notebook of version 4: cell {number} has no source.")
    return cells


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object. Refuse a key with two values: nobody can say which one is meant."""
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("an object has a key twice")
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
