"""Break lines that rewrites made long, as the file breaks its own: between arguments or elements."""

from __future__ import annotations

from typing import Iterator, Sequence

import libcst as cst

from compat_auc.migrate.edits import Edit
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.syntax import LINE_BREAK

_LONG = 100


def breaks(source: Source) -> Iterator[Edit]:
    """Yield an edit for each long line that the file did not have; none where it cannot be broken."""
    old = LINE_BREAK.split(source.first.text)
    limit = max(_LONG, max(map(len, old), default=0))
    lines = set(old)
    long = {
        number
        for number, line in enumerate(LINE_BREAK.split(source.text))
        if len(line) > limit and line not in lines and "#" not in line
    }
    pieces = dict.fromkeys(source.piece_at(source.starts[number])[1] for number in long)
    nodes = [node for piece in pieces for kind in (cst.Call, cst.List) for node in piece.outline.kinds.get(kind, ())]
    for node in sorted(nodes, key=source.start):
        items = node.args if isinstance(node, cst.Call) else node.elements
        for number, (start, end) in _last_gaps(source, items, limit).items():
            if number in long:
                long.discard(number)
                column = source.start(items[0]) - source.starts[source.line_of(source.start(items[0])) - 1]
                yield source.edit(start, end, source.newline() + " " * column)


def _last_gaps(source: Source, items: Sequence[cst.CSTNode], limit: int) -> dict[int, tuple[int, int]]:
    """Return for each line the last space between arguments or elements that lies before the column ``limit``."""
    gaps: dict[int, tuple[int, int]] = {}
    for first, second in zip(items, items[1:]):
        start, end = source.span(first)[1], source.start(second)
        number = source.line_of(start) - 1
        if source.text[start:end] == ", " and start - source.starts[number] < limit:
            gaps[number] = (start + 1, end)
    return gaps
