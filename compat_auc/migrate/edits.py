"""Findings of rules and their text edits. Applying edits touches no other character."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, replace
from typing import Iterable, Iterator, Sequence

from compat_auc.migrate.syntax import LINE_BREAK, line_starts, statement_starts


@dataclass(frozen=True, order=True)
class Edit:
    """Replaces the characters ``start`` to ``end`` (excluded) of a source text by ``text``.

    ``old`` is the text that stands there. The engine refuses an edit that finds another. ``drops`` has the keyword and
    the value of each argument that it takes out, and ``statement`` the first line of a statement that it takes out, for
    its finding to say.
    """

    start: int
    end: int
    text: str
    old: str = ""
    drops: tuple[tuple[str, str], ...] = ()
    statement: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule says about the characters ``start`` to ``end`` (excluded).

    ``edits`` move the code. A finding without edits is a report, and the code stays. ``imports`` are the import
    statements that the edits need. ``line`` and ``column`` count from 1 in the user's file; in a notebook they count in
    the cell, ``cell`` counts the cells from 1, and ``file_line`` is the line in the JSON. ``repeats`` are reports that
    say the same further down. A finding with a ``subject`` is dropped if a finding of an earlier stage covers it: the
    earlier one names the subject and is about some of the same characters, it advises to give up the code around
    (``given_up``, pairs of start and end), or it speaks for the whole file and lists the subject in ``everywhere``.
    """

    code: str
    message: str
    start: int
    edits: tuple[Edit, ...] = ()
    imports: tuple[str, ...] = ()
    line: int = 0
    column: int = 0
    subject: str = ""
    end: int = 0
    everywhere: tuple[str, ...] = ()
    given_up: tuple[tuple[int, int], ...] = ()
    cell: int = 0
    file_line: int = 0
    repeats: tuple[Finding, ...] = ()

    @property
    def fixable(self) -> bool:
        return bool(self.edits)

    def at(self, line: int, column: int) -> Finding:
        return replace(self, line=line, column=column, file_line=line)

    def covers(self, other: Finding) -> bool:
        """Whether this finding already says what another one would say about its subject."""
        is_given_up = any(start <= other.start and other.end <= end for start, end in self.given_up)
        if other.subject in self.everywhere or is_given_up:
            return True
        if self.end <= other.start or other.end <= self.start:
            return False
        subject = other.subject.lower()
        return not {subject, f"{subject}s"}.isdisjoint(re.findall(r"\w+", self.message.lower()))


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Make one report of those that say the same: the first, with the others as its repeats.

    Findings that change code stay apart from each other. Each belongs to a line of the diff.
    """
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        key = number if finding.fixable else (finding.code, finding.message)
        groups.setdefault(key, []).append(finding)
    return tuple(replace(first, repeats=tuple(others)) for first, *others in groups.values())


def overlaps(edit: Edit, others: list[Edit]) -> bool:
    """Whether ``edit`` conflicts with any of ``others``. An insertion at the border of another edit does not."""
    for other in others:
        if edit == other:
            continue
        if edit.start < other.end and other.start < edit.end:
            return True
        if edit.start == other.start and (edit.end > edit.start) == (other.end > other.start):
            return True
    return False


def compatible(findings: list[Finding]) -> list[Finding]:
    """Return findings whose edits can be applied together. The first at a place wins; the rest wait for a round."""
    chosen: list[Finding] = []
    taken: list[Edit] = []
    for finding in findings:
        if any(overlaps(edit, _near(edit, taken)) for edit in finding.edits):
            continue
        chosen.append(finding)
        for edit in finding.edits:
            if edit not in _near(edit, taken):
                insort(taken, edit)
    return chosen


def _near(edit: Edit, taken: list[Edit]) -> list[Edit]:
    """Return the edits in ``taken`` that touch ``edit``. ``taken`` is sorted, and its edits do not overlap."""
    first = last = bisect_left(taken, Edit(edit.start, -1, ""))
    while first > 0 and taken[first - 1].end >= edit.start:
        first -= 1
    while last < len(taken) and taken[last].start <= edit.end:
        last += 1
    return taken[first:last]


@dataclass(frozen=True)
class Cut:
    """A text, and where to cut it: at its start, and at each further top-level statement that starts a line."""

    text: str
    starts: tuple[int, ...]

    @staticmethod
    def of(text: str) -> Cut:
        """Cut a text. Raise SyntaxError, or another error of Python's parser, if it is not Python."""
        return Cut(text, (0, *statement_starts(text)[1:]))

    @property
    def statements(self) -> list[str]:
        return [self.text[start:end] for start, end in zip(self.starts, (*self.starts[1:], len(self.text)))]

    def touched(self, edits: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
        """Yield the start and end of each run of statements that edits touch, with these edits, which are in order."""
        start = end = -1
        group: list[Edit] = []
        for edit in edits:
            first = self.starts[bisect_right(self.starts, edit.start) - 1]
            index = bisect_left(self.starts, max(edit.end, edit.start + 1))
            last = self.starts[index] if index < len(self.starts) else len(self.text)
            if first >= end and group:
                yield start, end, group
                group = []
            start, end = (start, max(end, last)) if group else (first, last)
            group.append(edit)
        if group:
            yield start, end, group

    def edited(self, edits: Iterable[Edit]) -> Cut:
        """Cut the edited text. If what the edits touch is Python, only that is parsed. Errors are those of ``of``."""
        ordered = sorted(set(edits))
        text = apply_edits(self.text, ordered)
        try:
            return Cut(text, (0, *list(self._new_starts(text, ordered))[1:]))
        except SyntaxError:
            return Cut.of(text)

    def _new_starts(self, text: str, edits: list[Edit]) -> Iterator[int]:
        shift = position = 0
        for start, end, group in self.touched(edits):
            stop = end + shift + grown(group)
            own = [offset + start + shift for offset in statement_starts(text[start + shift : stop])]
            if any(_goes_on(text, offset) for offset in [*own[:1], *[stop] * (end < len(self.text))]):
                raise SyntaxError("a statement goes on from the line above")
            first, last = bisect_left(self.starts, position), bisect_left(self.starts, start)
            yield from (offset + shift for offset in self.starts[first:last])
            yield from own
            shift, position = stop - end, end
        yield from (offset + shift for offset in self.starts[bisect_left(self.starts, position) :])


def _goes_on(text: str, offset: int) -> bool:
    """Whether what stands at an offset belongs to the line above: no newline, or a backslash before it."""
    above = text[max(0, offset - 3) : offset]
    return bool(above) and (above[-1] not in "\r\n" or above.rstrip("\r\n").endswith("\\"))


def grown(edits: Iterable[Edit]) -> int:
    """Return how many characters edits add."""
    return sum(len(edit.text) - (edit.end - edit.start) for edit in edits)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the edited text. Raise ValueError if edits overlap."""
    return "".join(piece for piece, _, _ in _pieces(text, edits))


def origins_after(text: str, edits: Iterable[Edit], origins: list[int]) -> list[int]:
    """Return, for each line of the edited text, the line of the original file.

    ``origins`` gives the original line of each line of ``text``. New text belongs to the line where its edit starts.
    """
    starts = line_starts(text)
    new_origins: list[int] = []
    at_line_start = True
    for piece, offset, unchanged in _pieces(text, edits):
        cursor = 0
        for match in [*LINE_BREAK.finditer(piece), None]:
            end = match.end() if match else len(piece)
            if at_line_start and end > cursor:
                new_origins.append(origins[_line_index(starts, offset + (cursor if unchanged else 0))])
                at_line_start = False
            cursor = end
            at_line_start = at_line_start or match is not None
    if at_line_start:
        new_origins.append(origins[-1])
    return new_origins


def _pieces(text: str, edits: Iterable[Edit]) -> Iterator[tuple[str, int, bool]]:
    """Yield the pieces of the edited text, each with its offset in ``text`` and whether it is from there."""
    position = 0
    for edit in sorted(set(edits)):
        if edit.start < position:
            raise ValueError(f"edits overlap at character {edit.start}")
        yield text[position : edit.start], position, True
        yield edit.text, edit.start, False
        position = edit.end
    yield text[position:], position, True


def _line_index(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1
