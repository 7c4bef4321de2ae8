"""Which parts of a file could lead to an AUC at all, by the names in them: only those are run on symbols."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Iterator

from compat_auc.migrate.source.pieces import Piece
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.recognise import WORDS


def nodes_near(source: Source, kind: type) -> Iterator[Any]:
    """The nodes of a type in statements of the top level that name such a thing, or a name that leads there."""
    for piece in _pieces(source):
        yield from piece.outline.kinds.get(kind, ())


def _pieces(source: Source) -> list[Piece]:
    users: dict[str, list[Piece]] = defaultdict(list)
    for piece in source.pieces:
        for name in piece.uses:
            users[name].append(piece)
    near: set[Piece] = set()
    found = [piece for piece in source.pieces if piece.words & WORDS]
    while found:
        piece = found.pop()
        if piece not in near:
            near.add(piece)
            for name in piece.outline.bound:  # What one statement binds, another one can use.
                found.extend(users.pop(name, ()))
    return [piece for piece in source.pieces if piece in near]
