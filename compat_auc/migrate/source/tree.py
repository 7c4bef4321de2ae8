"""One parsed file as text and tree: positions as offsets, the way up from a node, edits of statements and arguments."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right
from functools import cached_property
from typing import Any, Iterator, Mapping, Sequence, TypeVar

import libcst as cst
from libcst.metadata import CodePosition, MetadataWrapper, PositionProvider, ScopeProvider

from compat_auc.migrate.edits import Edit, line_starts

# Nodes of spaces and line ends, which no rule asks for.
_BLANK = {cst.SimpleWhitespace, cst.TrailingWhitespace, cst.ParenthesizedWhitespace, cst.EmptyLine, cst.Newline}
# A comment about the code below it; not a mark of a notebook's cell, nor a line that tools read.
_COMMENT = re.compile(r"#(?!:|!| ?%%| In ?\[|.*coding[:=])")

_Node = TypeVar("_Node", bound=cst.CSTNode)


class Tree:
    """A file's text and its syntax tree; rules read it and never change it."""

    def __init__(self, text: str) -> None:
        self.text: str = text
        self.starts: list[int] = line_starts(text)
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self.module: cst.Module = wrapper.module
        # Asked for together, they share their walks over the tree, which is where most of the time goes.
        metadata = wrapper.resolve_many([PositionProvider, ScopeProvider])
        self.positions: Mapping[cst.CSTNode, Any] = metadata[PositionProvider]
        self.scopes: Mapping[cst.CSTNode, Any] = metadata[ScopeProvider]
        self.parents: Mapping[cst.CSTNode, Any] = dict(_with_parents(self.module))

    # Positions -------------------------------------------------------------------------------------------------------
    def offset(self, position: CodePosition) -> int:
        return self.starts[position.line - 1] + position.column

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        where = self.positions[node]
        return self.offset(where.start), self.offset(where.end)

    def start(self, node: cst.CSTNode) -> int:
        return self.span(node)[0]

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node, with its own parentheses, which its position leaves out."""
        start, end = self.span(node)
        around = len(node.lpar) if isinstance(node, cst.BaseExpression) else 0
        return "(" * around + self.text[start:end] + ")" * around

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def newline(self) -> str:
        return self.module.default_newline

    # The tree --------------------------------------------------------------------------------------------------------
    @cached_property
    def nodes(self) -> dict[type, list[Any]]:
        """Every node by its type, in the order of the text."""
        found: dict[type, list[Any]] = {}
        for node in self.parents:
            found.setdefault(type(node), []).append(node)
        # A parent comes before its children, also where both start at one place.
        return {kind: sorted(nodes, key=self.start) for kind, nodes in found.items() if kind not in _BLANK}

    def all(self, *kinds: type) -> Iterator[Any]:
        for kind in kinds:
            yield from self.nodes.get(kind, ())

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def enclosing(self, node: cst.CSTNode, *kinds: type[_Node]) -> _Node | None:
        return next((parent for parent in self.ancestors(node) if isinstance(parent, kinds)), None)

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The whole statement that ``node`` stands in: a line of small statements, or a compound statement."""
        here = node
        for parent in self.ancestors(node):
            if isinstance(here, (cst.BaseSmallStatement, cst.BaseStatement)):
                return here
            here = parent
        return here

    def strings(self) -> Iterator[tuple[cst.SimpleString, str]]:
        """Every plain string literal that is not a docstring, with its value."""
        for node in self.all(cst.SimpleString):
            if isinstance(self.parents[node], cst.Expr):
                continue
            value = node.evaluated_value
            if isinstance(value, str):
                yield node, value

    # Text surgery ----------------------------------------------------------------------------------------------------
    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        return Edit(*self.span(node), text)

    def lines_for(self, node: cst.CSTNode, lines: list[str]) -> str:
        """Several statements in the place of one: a line each, unless the line holds other statements too."""
        line = self.parents[node]
        if len(lines) > 1 and isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
            start = self.start(node)
            return (self.newline() + self.text[self.starts[self.line_of(start) - 1] : start]).join(lines)
        return "; ".join(lines)

    def rename_attribute(self, node: cst.CSTNode, text: str) -> Edit:
        """Replace the last part of a dotted name, or the whole of a plain one."""
        return self.replace(node.attr if isinstance(node, cst.Attribute) else node, text)

    def replace_module(self, node: cst.ImportFrom, text: str) -> Edit:
        """Name another module in an import that is not relative."""
        assert node.module is not None
        return self.replace(node.module, text)

    def remove_statement(self, statement: cst.CSTNode) -> Edit:
        """Take a statement out with its line; leave ``pass`` where its block would be empty."""
        if isinstance(statement, cst.BaseSmallStatement):
            line: Any = self.parents[statement]
            if isinstance(line, cst.SimpleStatementSuite) or len(line.body) > 1:
                return self._remove_small(statement, line)
            statement = line
        block = self.parents[statement]
        start = self.start_of_statement(statement)
        end = self.span(last_line(statement))[1]
        if len(block.body) == 1 and not isinstance(block, cst.Module):
            return Edit(start, end, "pass")
        first = self.line_of(start) - 1
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            first = self._first_comment(first)
        start = self.starts[first]
        comment_after = self.text[end:].split("\n", 1)[0].strip()
        if comment_after and not comment_after.startswith("#"):
            return Edit(self.start_of_statement(statement), end, "pass")
        last = self.line_of(end)
        compound = isinstance(statement, cst.BaseCompoundStatement)
        own_comment = first > 0 and self._line(first - 1).strip() != ""
        while compound and not own_comment and last < len(self.starts) - 1 and not self._line(last).strip():
            last += 1
        stop = self.starts[last] if last < len(self.starts) else len(self.text)
        return Edit(start, stop, "")

    def _first_comment(self, line: int) -> int:
        """The first line of the comment right above a definition, which goes with it; the file's own comment stays."""
        text, first = self._line(line), line
        indent = text[: len(text) - len(text.lstrip(" \t"))]
        while first > 0 and _COMMENT.match(self._line(first - 1).removeprefix(indent)):
            first -= 1
        return first if first > 0 else line

    def start_of_statement(self, statement: cst.CSTNode) -> int:
        """Where a statement begins, decorators included."""
        decorators = getattr(statement, "decorators", ())
        return self.start(decorators[0] if decorators else statement)

    def _remove_small(self, statement: cst.CSTNode, line: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> Edit:
        index = [one is statement for one in line.body].index(True)
        if len(line.body) == 1:
            return self.replace(statement, "pass")
        if index + 1 < len(line.body):
            return Edit(self.start(statement), self.start(line.body[index + 1]), "")
        return Edit(self.span(line.body[index - 1])[1], self.span(statement)[1], "")

    def _line(self, index: int) -> str:
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[index] : end]

    def remove_arguments(self, call: cst.Call, dropped: list[cst.Arg]) -> list[Edit]:
        """Take arguments out of a call, with the commas that go with them."""
        kept = [index for index, arg in enumerate(call.args) if arg not in dropped]
        last_kept = kept[-1] if kept else -1
        edits = [
            Edit(self.start(arg), self.start(call.args[index + 1]), "")
            for index, arg in enumerate(call.args)
            if arg in dropped and index < last_kept
        ]
        if last_kept < len(call.args) - 1:
            start = self.span(call.args[last_kept])[1] if kept else self.start(call.args[0])
            edits.append(Edit(start, self.span(call.args[-1])[1], ""))
        return edits

    def remove_argument(self, call: cst.Call, arg: cst.Arg) -> Edit:
        return self.remove_arguments(call, [arg])[0]

    def add_argument(self, call: cst.Call, text: str) -> Edit:
        """Put one more keyword argument at the end of a call."""
        if not call.args:
            end = self.span(call)[1] - 1
            return Edit(end, end, text)
        end = self.span(call.args[-1])[1]
        return Edit(end, end, f", {text}")


def _with_parents(module: cst.Module) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Every node but the module with its parent, a parent before its children. (libcst's own visitor is slow.)"""
    fields: dict[type, list[str]] = {}
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind not in fields:
            fields[kind] = [field.name for field in dataclasses.fields(kind)]
        for name in fields[kind]:
            value: cst.CSTNode | Sequence[cst.CSTNode] | None = getattr(node, name)
            for child in value if isinstance(value, (list, tuple)) else (value,):
                if isinstance(child, cst.CSTNode):
                    yield child, node
                    stack.append(child)


def last_line(statement: cst.CSTNode) -> cst.CSTNode:
    """The last simple statement inside a statement; a block's own position would take in trailing comments."""
    while True:
        parts: list[cst.CSTNode | list[cst.CSTNode] | tuple[cst.CSTNode, ...] | None] = [
            getattr(statement, "finalbody", None),
            getattr(statement, "orelse", None),
            *reversed(getattr(statement, "handlers", ()) or ()),
            getattr(statement, "body", None),
        ]
        inner = next((part for part in parts if part is not None), None)
        if isinstance(inner, (list, tuple)):
            inner = inner[-1] if inner else None
        if inner is None or isinstance(statement, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            return statement
        statement = inner
