"""A file as the rules read it: its Python, the way back to the file's lines, and the way back to the file's text."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass, replace
from typing import NamedTuple

from compat_auc.migrate.documents import ipython
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.syntax import CannotMigrate, line_starts

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Text:
    """A file's text with its own newlines, and its encoding."""

    text: str
    encoding: str
    bom: bool

    def encode(self, text: str) -> bytes:
        return (_BOM if self.bom else b"") + text.encode(self.encoding)


@dataclass(frozen=True)
class Part:
    """What Python compiles at once, a script or a cell: ``start`` to ``stop`` (excluded) of a document's lines."""

    start: int
    stop: int
    cell: int = 0


class Change(NamedTuple):
    """The old and the new text of a file, or of one cell."""

    cell: int
    old: str
    new: str


@dataclass(frozen=True)
class Document:
    """A script as the rules read it; the base of the other kinds of files.

    ``python`` is Python 3 with a mark for each of IPython's lines, which ``magics`` holds. ``lines`` gives the file's
    line for each line of ``python``; it is empty where they are the same. ``findings`` come from reading the file.
    """

    file: Text
    python: str
    lines: tuple[int, ...] = ()
    magics: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def line(self, number: int) -> int:
        """Return the file's line for a line of ``python``."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines else number

    def cell_line(self, number: int) -> tuple[int, int]:
        """Return the cell, counted from 1, and the line in it; for a script 0 and the file's line."""
        return 0, self.line(number)

    def locate(self, finding: Finding) -> Finding:
        """Turn the line of ``python`` that a finding has into the file's line and the cell."""
        cell, line = self.cell_line(finding.line)
        return replace(finding, line=line, cell=cell, file_line=self.line(finding.line))

    def changes(self, code: str) -> tuple[Change, ...]:
        """Return what a diff shows if ``code`` takes the place of ``python``."""
        return (Change(0, self.file.text, self.rebuild(code)),)

    def rebuild(self, code: str) -> str:
        """Return the file's text with ``code`` in place of ``python``."""
        return ipython.put_back(code, self.magics)

    def runnable(self, code: str) -> str:
        """Return ``code``, which took the place of ``python``, with calls in place of IPython's lines."""
        return ipython.as_calls(code, self.magics)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What Python compiles at once."""
        return (Part(1, len(line_starts(self.python)) + 1),)


def decode(data: bytes, has_cookie: bool = True) -> Text:
    """Decode a file by its byte order mark and its coding cookie, a comment that names the encoding.

    CannotMigrate gives the line of a bad byte.
    """
    bom = data.startswith(_BOM)
    if bom:
        data = data[len(_BOM) :]
    encoding = "utf-8"
    if has_cookie:
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        except SyntaxError as error:
            if "invalid or missing encoding" not in str(error):
                raise CannotMigrate(str(error)) from None
    text = _decode_strictly(data, encoding, has_cookie)
    if "\0" in text:
        raise CannotMigrate("Not a text file: a null byte stands here.", text[: text.index("\0")].count("\n") + 1)
    return Text(text, encoding, bom)


def _decode_strictly(data: bytes, encoding: str, has_cookie: bool) -> str:
    """Decode the text. It must encode to the same bytes again."""
    try:
        text = data.decode(encoding)
        same = text.encode(encoding) == data
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        first_line = "Name the encoding in the first line: # -*- coding: latin-1 -*-"
        cure = first_line if has_cookie else "Save the file as utf-8."
        raise CannotMigrate(f"Not {encoding}: byte {data[error.start]:#04x}. {cure}", line) from None
    except (LookupError, ValueError):  # of codecs that do not decode bytes to text
        raise CannotMigrate(f"Not a text in {encoding}, the encoding that its first lines name.") from None
    if not same:
        raise CannotMigrate(f"The encoding {encoding} has several spellings of one text. Save the file as utf-8.")
    return text
