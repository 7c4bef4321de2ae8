"""Parse a file in pieces, one for each top-level statement. A piece is kept as long as its text stays."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from functools import cached_property
from typing import Iterator, Sequence

import libcst as cst
from libcst._nodes.internal import CodegenState

from compat_auc.migrate.source.scopes import Outline


class Piece:
    """The text from one top-level statement to the next, with its nodes and their positions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._module = cst.parse_module(text)
        self.statements: Sequence[cst.SimpleStatementLine | cst.BaseCompoundStatement] = self._module.body
        self.outline: Outline = Outline(self.statements)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name in it, also of attributes and keywords."""
        return frozenset(name.value for name in self.outline.kinds.get(cst.Name, ()))

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it reads or binds and that belong to the module or are bound nowhere."""
        scopes = self.outline.scopes.items()
        return frozenset(name.value for name, scope in scopes if scope is None or scope.holder(name.value) is None)

    @cached_property
    def spans(self) -> dict[cst.CSTNode, tuple[int, int]]:
        """The start and end of every node, as offsets into ``text``; measured when a rule first asks for one."""
        measure = _Measure(self._module)
        self._module._codegen(measure)  # pyright: ignore[reportPrivateUsage]  # libcst's own positions are made so, too.
        return measure.spans


def read(text: str, starts: list[int], before: list[Piece]) -> Iterator[tuple[int, Piece]]:
    """Yield the pieces of a text with their offsets. Pieces that the last edits did not change are used again.

    ``starts`` has the offset of each line.
    """
    left: dict[str, list[Piece]] = {}
    for piece in reversed(before):
        left.setdefault(piece.text, []).append(piece)
    places = [*_borders(text, starts), len(text)]
    for start, end in zip(places, places[1:]):
        part = text[start:end]
        try:
            yield start, left[part].pop() if left.get(part) else Piece(part)
        except cst.ParserSyntaxError as error:
            error.raw_line += bisect_right(starts, start) - 1
            raise


def _borders(text: str, starts: list[int]) -> Iterator[int]:
    """Yield where to cut: at each top-level statement that starts a line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the user's strings and escapes, which stay as they are
        statements = ast.parse(text).body
    yield 0
    for statement in statements[1:]:
        decorators = getattr(statement, "decorator_list", ())
        line = (decorators[0] if decorators else statement).lineno - 1
        above = text[starts[line - 1] : starts[line]].rstrip("\r\n")
        starts_line = text.startswith("@", starts[line]) if decorators else statement.col_offset == 0
        if starts_line and not above.endswith("\\"):
            yield starts[line]


class _Measure(CodegenState):
    """Generates code without keeping it, to note where each node starts and ends, as libcst's own positions say."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.spans: dict[cst.CSTNode, tuple[int, int]] = {}
        self.offset = 0
        self._indent = 0
        self._starts: list[int] = []

    def increase_indent(self, value: str) -> None:
        super().increase_indent(value)
        self._indent += len(value)

    def decrease_indent(self) -> None:
        self._indent -= len(self.indent_tokens[-1])
        super().decrease_indent()

    def add_indent_tokens(self) -> None:
        self.offset += self._indent

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(self.offset)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        if node not in self.spans:
            self.spans[node] = (start, self.offset)

    def record_syntactic_position(  # pyright: ignore[reportIncompatibleMethodOverride]  # faster than a generator's.
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Mark:
        return _Mark(self, node, start_node, end_node)


class _Mark:
    """Notes the position of a node, without the spaces that belong to it."""

    __slots__ = ("end_node", "measure", "node", "start", "start_node")

    def __init__(
        self, measure: _Measure, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self.measure, self.node, self.start_node, self.end_node = measure, node, start_node, end_node

    def __enter__(self) -> None:
        self.start = self.measure.offset

    def __exit__(self, *error: object) -> None:
        spans = self.measure.spans
        start = self.start if self.start_node is None else spans[self.start_node][0]
        end = self.measure.offset if self.end_node is None else spans[self.end_node][1]
        spans[self.node] = (start, end)
