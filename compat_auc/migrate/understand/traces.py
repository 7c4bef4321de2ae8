"""Choose the parts of a file that may lead to an AUC, by the names in them. Only those are run on symbols."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Iterator

from compat_auc.migrate.source.pieces import Piece
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.recognise import WORDS


def nodes_near(source: Source, kind: type) -> Iterator[Any]:
    """Yield the nodes of a type in top-level statements with such a word, or with a name that leads to one."""
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
            for name in piece.outline.bound:  # another statement may use what this one binds
                found.extend(users.pop(name, ()))
    return [piece for piece in source.pieces if piece in near]
