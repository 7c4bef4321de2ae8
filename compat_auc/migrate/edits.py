"""Text edits and findings: what a rule yields, and how edits are applied without touching any other character."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, replace

LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, order=True)
class Edit:
    """Replace the characters ``start`` to ``end`` (end excluded) of a source text by ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Finding:
    """One thing a rule has to say about one place.

    ``edits`` move the code; without edits the finding is a report and the code stays. ``imports`` are the import
    statements that the edits rely on. ``line`` and ``column`` count from 1 in the file as the user has it. A finding
    with a ``subject`` has nothing to add where a rule of an earlier phase has named it.
    """

    code: str
    message: str
    start: int
    edits: tuple[Edit, ...] = ()
    imports: tuple[str, ...] = ()
    line: int = 0
    column: int = 0
    subject: str = ""

    @property
    def fixable(self) -> bool:
        return bool(self.edits)

    def at(self, line: int, column: int) -> Finding:
        return replace(self, line=line, column=column)


def line_starts(text: str) -> list[int]:
    """The offset of each line's first character."""
    return [0, *(match.end() for match in LINE_BREAK.finditer(text))]


def overlaps(edit: Edit, others: list[Edit]) -> bool:
    """Whether ``edit`` cannot be applied together with ``others``; insertions at a border can."""
    for other in others:
        if edit == other:
            continue
        if edit.start < other.end and other.start < edit.end:
            return True
        if edit.start == other.start and (edit.end > edit.start) == (other.end > other.start):
            return True
    return False


def compatible(findings: list[Finding]) -> list[Finding]:
    """The findings whose edits can be applied together: the first one wins a place, the others wait for a round."""
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
    """Those of ``taken`` that touch ``edit``; they are sorted, and none overlaps another."""
    first = last = bisect_left(taken, Edit(edit.start, -1, ""))
    while first > 0 and taken[first - 1].end >= edit.start:
        first -= 1
    while last < len(taken) and taken[last].start <= edit.end:
        last += 1
    return taken[first:last]


def apply_edits(text: str, edits: list[Edit], origins: list[int]) -> tuple[str, list[int]]:
    """The edited text, and for each of its lines the line of the original file it comes from.

    ``origins`` says the same of ``text``; a replaced stretch belongs to the line where it starts.
    """
    starts = line_starts(text)
    pieces: list[tuple[str, int, bool]] = []
    position = 0
    for edit in sorted(set(edits)):
        if edit.start < position:
            raise ValueError(f"edits overlap at character {edit.start}")
        pieces.append((text[position : edit.start], position, True))
        pieces.append((edit.text, edit.start, False))
        position = edit.end
    pieces.append((text[position:], position, True))

    new_origins: list[int] = []
    at_line_start = True
    for piece, offset, unchanged in pieces:
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
    return "".join(piece for piece, _, _ in pieces), new_origins


def _line_index(starts: list[int], offset: int) -> int:
    return bisect_right(starts, offset) - 1
