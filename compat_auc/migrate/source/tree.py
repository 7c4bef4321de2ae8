"""One parsed file as text and tree: positions of nodes, their parents, and edits of statements and arguments."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import Any, Iterator, TypeVar

import libcst as cst

from compat_auc.migrate.edits import LINE_BREAK, Edit, line_starts
from compat_auc.migrate.source import pieces
from compat_auc.migrate.source.pieces import Piece
from compat_auc.migrate.source.scopes import Scope, inside

# A comment about the code below it, not the mark of a notebook's cell or a line for tools.
_COMMENT = re.compile(r"#(?!:|!| ?%%| In ?\[|.*coding[:=])")

_Node = TypeVar("_Node", bound=cst.CSTNode)


class Tree:
    """A file's text and its syntax tree; rules read it and never change it."""

    def __init__(self, text: str, before: Tree | None = None) -> None:
        """``before`` is the file before the last edits. Parts that they did not change are not parsed again."""
        self.text: str = text
        self.starts: list[int] = line_starts(text)
        self._offsets: list[int] = []
        self.pieces: list[Piece] = []
        for offset, piece in pieces.read(text, self.starts, before.pieces if before else []):
            self._offsets.append(offset)
            self.pieces.append(piece)
        self.module: cst.Module = cst.Module(body=[one for piece in self.pieces for one in piece.statements])
        self._spans: dict[cst.CSTNode, tuple[int, int]] = {}
        self.parents: dict[cst.CSTNode, Any] = {}
        self.scopes: dict[cst.Name, Scope | None] = {}
        for piece in self.pieces:
            self.parents.update(piece.outline.parents)
            self.scopes.update(piece.outline.scopes)
        self.parents.update(dict.fromkeys(self.module.body, self.module))

    # Positions -------------------------------------------------------------------------------------------------------
    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        if node not in self._spans:
            self._measure(node)
        return self._spans[node]

    def _measure(self, node: cst.CSTNode) -> None:
        """Note the positions of all nodes in the piece of ``node``."""
        top = node
        while self.parents[top] is not self.module:
            top = self.parents[top]
        index = self._piece_of[top]
        offset = self._offsets[index]
        self._spans.update(
            (one, (start + offset, end + offset)) for one, (start, end) in self.pieces[index].spans.items()
        )

    @cached_property
    def _piece_of(self) -> dict[cst.CSTNode, int]:
        return {statement: index for index, piece in enumerate(self.pieces) for statement in piece.statements}

    def start(self, node: cst.CSTNode) -> int:
        return self.span(node)[0]

    def code(self, node: cst.CSTNode) -> str:
        """Return the text of a node with its own parentheses, which are outside of its position."""
        start, end = self.span(node)
        around = len(node.lpar) if isinstance(node, cst.BaseExpression) else 0
        return "(" * around + self.text[start:end] + ")" * around

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def newline(self) -> str:
        first = LINE_BREAK.search(self.text)
        return first.group() if first else "\n"

    # The tree --------------------------------------------------------------------------------------------------------
    @cached_property
    def nodes(self) -> dict[type, list[Any]]:
        """Every node by its type, in the order of the text; a parent comes before its children."""
        found: dict[type, list[Any]] = {}
        for piece in self.pieces:
            for kind, nodes in piece.outline.kinds.items():
                found.setdefault(kind, []).extend(nodes)
        return found

    def all(self, *kinds: type) -> Iterator[Any]:
        for kind in kinds:
            yield from self.nodes.get(kind, ())

    def spelled(self, *texts: str) -> Iterator[cst.Call]:
        """The calls whose function is written so, such as ``self.add_weight`` or ``get_ipython().system``."""
        return (call for text in texts for call in self._spelled.get(text, ()))

    @cached_property
    def _spelled(self) -> dict[str, list[cst.Call]]:
        calls: dict[str, list[cst.Call]] = {}
        for call in self.all(cst.Call):
            calls.setdefault(_spelling(call.func), []).append(call)
        return calls

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def enclosing(self, node: cst.CSTNode, *kinds: type[_Node]) -> _Node | None:
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, kinds):
            parent = self.parents.get(parent)
        return parent

    def of_class(self, holder: cst.ClassDef, kind: type[_Node]) -> Iterator[_Node]:
        """The nodes of a type in a class, those of classes inside it left out."""
        for node in inside(holder):
            if isinstance(node, kind) and self.enclosing(node, cst.ClassDef) is holder:
                yield node

    @cached_property
    def functions(self) -> frozenset[str]:
        """The names of all functions and methods that the file defines."""
        return frozenset(node.name.value for node in self.all(cst.FunctionDef))

    def returns(self, function: cst.CSTNode) -> list[cst.Return]:
        """The ``return`` statements of a function itself."""
        return self._returns.get(function, [])

    @cached_property
    def _returns(self) -> dict[cst.CSTNode | None, list[cst.Return]]:
        found: dict[cst.CSTNode | None, list[cst.Return]] = {}
        for node in self.all(cst.Return):
            found.setdefault(self.enclosing(node, cst.FunctionDef), []).append(node)
        return found

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The whole statement that ``node`` stands in: a line of small statements, or a compound statement."""
        while not isinstance(node, (cst.BaseSmallStatement, cst.BaseStatement)):
            node = self.parents[node]
        return node

    @cached_property
    def strings(self) -> list[tuple[cst.SimpleString, str]]:
        """Every plain string literal that is not a docstring, with its value."""
        literals = [node for node in self.all(cst.SimpleString) if not isinstance(self.parents[node], cst.Expr)]
        values = [(node, literal(node.value)) for node in literals]
        return [(node, value) for node, value in values if isinstance(value, str)]

    # Text surgery ----------------------------------------------------------------------------------------------------
    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        return Edit(*self.span(node), text)

    def lines_for(self, node: cst.CSTNode, lines: list[str]) -> str:
        """Join statements that replace one: each on its own line, unless the old line holds other statements, too."""
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
        """Return the first line of the comment right above a definition, to remove both. The file's comment stays."""
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


@lru_cache(maxsize=4096)
def literal(text: str) -> Any:
    """Return the value of an immutable literal: a string, bytes or a number."""
    return ast.literal_eval(text)


def _spelling(node: cst.CSTNode) -> str:
    """The text of a dotted name in which calls without arguments may stand; empty for other expressions."""
    if isinstance(node, cst.Call):
        text = _spelling(node.func)
        return f"{text}()" if text and not node.args else ""
    if isinstance(node, cst.Attribute):
        text = _spelling(node.value)
        return f"{text}.{node.attr.value}" if text else ""
    return node.value if isinstance(node, cst.Name) else ""


def last_line(statement: cst.CSTNode) -> cst.CSTNode:
    """Return the last simple statement in a statement. The position of a block would include trailing comments."""
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
