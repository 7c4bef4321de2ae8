"""Write the indents of a text as libcst reads them: without form feeds and lines that hold only a backslash.

libcst leaves both out where it writes the text again, so that its positions are not those of the file.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from bisect import bisect_right
from dataclasses import dataclass
from typing import Iterator

from compat_auc.migrate.syntax import CannotMigrate, line_starts

# A form feed, or a line with nothing but a backslash.
_ODD = re.compile(r"\f|^[ \t]*\\\r?$", re.MULTILINE)
# What ends or fills a line, and no statement starts with.
_LAYOUT = (tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)


@dataclass(frozen=True)
class Plain:
    """A text with plain indents. From ``offsets[i]`` on, the file's text lies ``shifts[i]`` characters further on."""

    text: str
    offsets: tuple[int, ...] = (0,)
    shifts: tuple[int, ...] = (0,)

    def moved(self, offsets: list[int]) -> list[int]:
        """Return the offsets in the file for offsets in the plain text."""
        if len(self.offsets) == 1:
            return offsets
        return [offset + self.shifts[bisect_right(self.offsets, offset) - 1] for offset in offsets]


def plain(text: str) -> Plain:
    """Return a text with plain indents that Python reads as the same program."""
    if not _ODD.search(text):
        return Plain(text)
    parts: list[str] = []
    offsets, shifts = [0], [0]
    position = length = 0
    for start, end in _indents(text):
        indent = _indent(text[start:end])
        parts.append(text[position:start] + indent)
        length += start - position + len(indent)
        position = end
        offsets.append(length)
        shifts.append(end - length)
    new = "".join([*parts, text[position:]])
    if _program(new) != _program(text):
        line = text.count("\n", 0, _ODD.search(text).start()) + 1  # pyright: ignore[reportOptionalMemberAccess]
        raise CannotMigrate("a form feed or a lone backslash stands in an indent; write plain spaces there", line)
    return Plain(new, tuple(offsets), tuple(shifts))


def _program(text: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(text))
    except SyntaxError as error:
        return str(error.msg)


def _indents(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each odd indent of a statement."""
    starts = line_starts(text)
    last = 0
    is_first = True
    for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
        if token.start[0] > len(starts):
            return  # the blocks that the end of the text closes
        offset = starts[token.start[0] - 1] + token.start[1]
        if is_first and token.type not in _LAYOUT and _ODD.search(text[last:offset]):
            yield last, offset
        if token.type in (tokenize.NL, tokenize.NEWLINE):
            last = starts[token.end[0] - 1] + token.end[1]
            is_first = is_first or token.type == tokenize.NEWLINE
        elif token.type not in _LAYOUT:
            is_first = False


def _indent(text: str) -> str:
    """Return the indent that Python counts: what follows the last form feed, on the first line that has any."""
    lines = [line.rpartition("\f")[2].rstrip("\\\r") for line in re.split(r"\r?\n|\r", text)] or [""]
    return next((line for line in lines if line), "")
