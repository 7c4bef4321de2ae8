"""A parsed file: its nodes and their scopes, its text and edits, and what its names mean."""

from __future__ import annotations

import ast
import dataclasses
import functools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from heapq import merge
from itertools import accumulate
from typing import Any, Callable, Dict, Iterable, Iterator, Literal, NamedTuple, Sequence, Tuple, TypeVar, Union

import libcst as cst
from libcst._nodes.internal import CodegenState

from compat_auc.migrate.edits import Cut, Edit, Finding
from compat_auc.migrate.source.indents import Plain, plain
from compat_auc.migrate.syntax import LINE_BREAK, CannotMigrate, line_starts
from compat_auc.migrate.tables.libraries import FOREIGN, OF_NETWORKS
from compat_auc.migrate.tables.names import canonical, star_owner

# Fields of spaces, commas and brackets, which no rule needs.
_BLANK = re.compile(
    r"whitespace|lines|^(header|footer|comma|semicolon|equal|dot|colon|first_colon|second_colon|relative|indent"
    r"|newline|[lr](par|bracket|brace))$"
)
# The fields in the order of the text, for types where libcst has another order: decorators stand before a definition.
_ORDER = {
    cst.FunctionDef: ("decorators", "asynchronous", "name", "type_parameters", "params", "returns", "body"),
    cst.ClassDef: ("decorators", "name", "type_parameters", "bases", "keywords", "body"),
    cst.Arg: ("keyword", "value"),
    cst.IfExp: ("body", "test", "orelse"),
    cst.ExceptHandler: ("type", "name", "body"),
    cst.ExceptStarHandler: ("type", "name", "body"),
    cst.Parameters: ("posonly_params", "posonly_ind", "params", "star_arg", "kwonly_params", "star_kwarg"),
    cst.MatchCase: ("pattern", "guard", "body"),
}
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
# Types that bind something, and the field with what they bind.
_TARGETS = {
    cst.AssignTarget: "target",
    cst.AnnAssign: "target",
    cst.AugAssign: "target",
    cst.NamedExpr: "target",
    cst.For: "target",
    cst.CompFor: "target",
    cst.AsName: "name",
    cst.MatchAs: "name",
    cst.MatchStar: "name",
    cst.MatchMapping: "rest",
    cst.TypeAlias: "name",
    cst.TypeVar: "name",
    cst.TypeVarTuple: "name",
    cst.ParamSpec: "name",
}
# Names that are not variables: attributes, keywords, and those that an import or a ``global`` statement lists.
_LABELS = {cst.Attribute: "attr", cst.Arg: "keyword", cst.MatchKeywordElement: "key"}
# Expressions that are their own text.
_LITERALS = (cst.Name, cst.SimpleString, cst.Integer, cst.Float)
# What a name binds, and has it as its ``name``.
_NAMED = (cst.FunctionDef, cst.ClassDef, cst.Param)
_LISTS = (cst.Import, cst.ImportFrom, cst.Global, cst.Nonlocal)


@dataclass(eq=False)
class Scope:
    """A function, class or comprehension with the names that it binds; None stands for the module's own scope."""

    node: cst.CSTNode
    parent: Scope | None
    bound: dict[str, list[Assignment]] = field(default_factory=dict)
    moved: dict[str, type] = field(default_factory=dict)  # the value says whether by Global or Nonlocal

    def outer(self) -> Scope | None:
        """Return the scope around, as the code inside sees it: methods do not see the names of their class."""
        scope = self.parent
        while scope is not None and isinstance(scope.node, cst.ClassDef):
            scope = scope.parent
        return scope

    def holder(self, name: str) -> Scope | None:
        """The scope whose ``name`` the code in this one sees."""
        scope: Scope | None = self
        while scope is not None and name not in scope.bound:
            scope = None if scope.moved.get(name) is cst.Global else scope.outer()
        return scope


@dataclass(eq=False)
class Assignment:
    """A binding of ``name``: ``node`` is the name itself, or the definition or parameter that has it."""

    name: str
    node: cst.CSTNode
    scope: Scope | None


@dataclass(eq=False)
class ImportAssignment(Assignment):
    """A binding by an import, whose statement is ``node``. ``full`` is the name that it imports."""

    full: str


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
# Types that bind something, or whose children have another scope.
_SCOPED = {*_TARGETS, *_LABELS, *_NAMED, *_LISTS, *_COMPREHENSIONS, cst.Lambda}
_Where = Union[Scope, None, Literal[False]]  # False: the name is no variable.
# What a field holds instead of nodes.
_NO_NODES = {str, bool, type(None), cst.MaybeSentinel}


class Outline:
    """The nodes of some top-level statements in the order of the text, with their parents, scopes and bindings."""

    def __init__(self, statements: Sequence[cst.CSTNode]) -> None:
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self.kinds: dict[type, list[Any]] = {}
        self.scopes: dict[cst.Name, Scope | None] = {}
        self.bound: dict[str, list[Assignment]] = {}
        # What `Source.binding` compares, in the order of the text.
        self.in_order: list[cst.CSTNode] = []
        self._stack: list[tuple[Any, _Where]] = [(statement, None) for statement in reversed(statements)]
        while self._stack:
            node, scope = self._stack.pop()
            kind: type = node.__class__
            self.kinds.setdefault(kind, []).append(node)
            if kind is not cst.Name:
                self._enter(node, kind, scope)
            elif scope is not False:
                self.scopes[node] = scope
                self.in_order.append(node)

    def _enter(self, node: Any, kind: type, scope: _Where) -> None:
        """Note what a node binds, and put its children onto the stack, each with its scope."""
        own: _Where = scope
        outside: tuple[str, ...] = ()
        if scope is not False and kind in _SCOPED:
            self._bind_by(node, kind, scope)
            if kind is cst.FunctionDef:
                own, outside = Scope(node, scope), ("decorators", "name", "type_parameters", "returns")
            elif kind is cst.ClassDef:
                own, outside = Scope(node, scope), ("decorators", "name", "type_parameters", "bases", "keywords")
            elif kind is cst.Lambda or kind in _COMPREHENSIONS:
                own = Scope(node, scope)
            elif kind is cst.Param and scope is not None:
                scope, outside = scope.parent, ("default", "annotation")
            elif kind is cst.CompFor and scope is not None:
                if isinstance(scope.node, _COMPREHENSIONS) and scope.node.for_in is node:
                    scope, outside = scope.parent, ("iter",)
            elif kind in _LABELS:
                scope, outside = False, (_LABELS[kind],)
            elif kind in _LISTS:
                own = False
        for name in reversed(_fields(kind)):
            around = scope if name in outside else own
            for child in reversed(_in_field(node, name)):
                self.parents[child] = node
                self._stack.append((child, around))

    def _bind_by(self, node: Any, kind: type, scope: Scope | None) -> None:
        if kind in _TARGETS:
            for name in _names(getattr(node, _TARGETS[kind])):
                self._bind(Assignment(name.value, name, scope))
        elif kind in (cst.FunctionDef, cst.ClassDef, cst.Param):
            self._bind(Assignment(node.name.value, node, scope))
        elif kind in (cst.Import, cst.ImportFrom):
            for alias in aliases(node):
                local = bound_name(alias)
                full = dotted(alias.name) if alias.asname else local
                if kind is cst.ImportFrom:
                    full = f"{'.' * len(node.relative)}{dotted(node.module)}.{dotted(alias.name)}"
                self._bind(ImportAssignment(local, node, scope, full))
            self.in_order.append(node)
        elif kind in (cst.Global, cst.Nonlocal) and scope is not None:
            scope.moved.update((item.name.value, kind) for item in node.names)

    def _bind(self, assignment: Assignment) -> None:
        scope, name = assignment.scope, assignment.name
        while scope is not None and name in scope.moved:
            scope = None if scope.moved[name] is cst.Global else scope.outer()
        assignment.scope = scope
        (self.bound if scope is None else scope.bound).setdefault(name, []).append(assignment)


@lru_cache(maxsize=None)
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a type that hold no spaces or commas, in the order of the text."""
    return _ORDER.get(kind) or tuple(
        member.name for member in dataclasses.fields(kind) if not _BLANK.search(member.name)
    )


def _in_field(node: cst.CSTNode, name: str) -> Sequence[cst.CSTNode]:
    """The nodes in one field of a node. ``isinstance`` would ask the abstract class of each, which takes far longer."""
    value: Any = getattr(node, name)
    kind: type = value.__class__
    return value if kind is tuple or kind is list else () if kind in _NO_NODES else (value,)


# isinstance asks the abstract class of a node, which takes longer.
_is_kind: Callable[[type, tuple[type, ...]], bool] = lru_cache(maxsize=None)(issubclass)


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes right below another one, in the order of the text."""
    for name in _fields(type(node)):
        yield from _in_field(node, name)


def inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Every node in another one, in the order of the text."""
    stack = [node]
    while stack:
        here = stack.pop()
        if here is not node:
            yield here
        for name in reversed(_fields(type(here))):
            stack.extend(reversed(_in_field(here, name)))


def _names(target: Any) -> Iterator[cst.Name]:
    """Yield the names that a target binds. Attributes and items bind no name."""
    if isinstance(target, cst.Name):
        yield target
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)


def grouped(pairs: Iterable[tuple[_Key, _Value]]) -> dict[_Key, list[_Value]]:
    """Return the values of each key, in their order."""
    groups: dict[_Key, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


class Piece:
    """The text from one top-level statement to the next, with its nodes and their positions."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain: Plain = plain(text)
        self._module = cst.parse_module(self._plain.text)
        self.statements: Sequence[cst.SimpleStatementLine | cst.BaseCompoundStatement] = self._module.body
        self.outline: Outline = Outline(self.statements)
        self.token_starts: list[int] = []

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name in it, also of attributes and keywords."""
        return frozenset(name.value for name in self.outline.kinds.get(cst.Name, ()))

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names that it reads or binds and that belong to the module or are bound nowhere."""
        scopes = self.outline.scopes.items()
        return frozenset(name.value for name, scope in scopes if scope is None or scope.holder(name.value) is None)

    def measure(self, spans: _Spans) -> None:
        """Note the first token of every node, and the token after its last one. ``token_starts`` is where they start.

        This takes about as long as to parse the text.
        """
        measure = _Measure(self, self._module, spans)
        self._module._codegen(measure)  # pyright: ignore[reportPrivateUsage]  # libcst's own positions are made so, too.
        written, read = "".join(measure.tokens), self._plain.text
        if written.rstrip() != read.rstrip():  # libcst may lose empty lines at the end; no node is in them.
            raise CannotMigrate("libcst reads it as another text, so that nothing in it can be found again")
        self.token_starts = self._plain.moved(list(accumulate(map(len, measure.tokens), initial=0)))


def read_pieces(cut: Cut, before: list[Piece]) -> Iterator[tuple[int, Piece]]:
    """Yield the pieces of a text with their offsets. Pieces that the last edits did not change are used again."""
    left = grouped((piece.text, piece) for piece in reversed(before))
    for start, part in zip(cut.starts, cut.statements):
        try:
            yield start, left[part].pop() if left.get(part) else Piece(part)
        except cst.ParserSyntaxError as error:
            error.raw_line += len(line_starts(cut.text[:start])) - 1
            raise


# The piece of a node with the numbers of tokens there: the first one of the node, and the one after its last.
_Spans = Dict[cst.CSTNode, Tuple[Piece, int, int]]
_SPACES = {cst.EmptyLine, cst.Newline, cst.ParenthesizedWhitespace, cst.SimpleWhitespace, cst.TrailingWhitespace}


class _Measure(CodegenState):
    """Generates code without keeping it, to note where each node starts and ends, as libcst's own positions say."""

    def __init__(self, piece: Piece, module: cst.Module, spans: _Spans) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.add_token = self.tokens.append  # pyright: ignore[reportAttributeAccessIssue]  # the same without a frame
        self.piece, self.spans = piece, spans
        self._starts: list[int] = []

    def pop_trailing_newline(self) -> None:
        """Keep the token, as nodes may end behind it."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        if type(node) not in _SPACES:
            self.spans.setdefault(node, (self.piece, start, len(self.tokens)))

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
        self.start = len(self.measure.tokens)

    def __exit__(self, *error: object) -> None:
        spans = self.measure.spans
        start = self.start if self.start_node is None else spans[self.start_node][1]
        end = len(self.measure.tokens) if self.end_node is None else spans[self.end_node][2]
        spans[self.node] = (self.measure.piece, start, end)


# A comment about the code below it, not the mark of a notebook's cell or a line for tools.
_COMMENT = re.compile(r"#(?!:|!| ?%%| In ?\[|.*coding[:=])")

# What may stand on the line of an argument, after it.
_GAP = re.compile(r"[ \t]*,?[ \t]*#[^\r\n]*")
_OWN_LINE = re.compile(r"(?<=[\r\n])[ \t]*#[^\r\n]*")
_COMMA = re.compile(r"[ \t]*,")
_TAIL = re.compile(r"[ \t]*,?[ \t]*(#[^\r\n]*)?")
# The name that a statement binds or begins with.
_SUBJECT = re.compile(r"(?:(?:async|def|class|del|from|import|with)\s+)*(\w+)")
_LINE_END = re.compile(r"[ \t]*(?:[\r\n]|$)")

_Node = TypeVar("_Node", bound=cst.CSTNode)


class Tree:
    """A file's text and its syntax tree; rules read it and never change it."""

    def __init__(self, text: str | Cut, before: Tree | None = None) -> None:
        """``before`` is the file before the last edits. Parts that they did not change are not parsed again.

        Both share what is known of each node, as a node never changes.
        """
        self.cut: Cut = text if isinstance(text, Cut) else Cut.of(text)
        self.text: str = self.cut.text
        self.starts: list[int] = line_starts(self.text)
        # Where each piece starts, in the order of the text.
        self.offset_of: dict[Piece, int] = {
            piece: offset for offset, piece in read_pieces(self.cut, before.pieces if before else [])
        }
        self.pieces: list[Piece] = list(self.offset_of)
        self.offsets: list[int] = list(self.offset_of.values())
        # The parent of the top-level statements. It has no body: edits change that.
        self.module: cst.Module = before.module if before else cst.Module(body=[])
        self.parents: dict[cst.CSTNode, Any] = before.parents if before else {}
        self.scopes: dict[cst.Name, Scope | None] = before.scopes if before else {}
        self._measured: _Spans = before._measured if before else {}
        # The piece of a name or import, and its number there: enough to compare two, without their positions.
        self._numbers: dict[cst.CSTNode, tuple[Piece, int]] = before._numbers if before else {}
        for piece in self.offset_of.keys() - (before.offset_of if before else {}).keys():
            self.parents.update(piece.outline.parents)
            self.parents.update(dict.fromkeys(piece.statements, self.module))
            self.scopes.update(piece.outline.scopes)
            self._numbers.update((node, (piece, number)) for number, node in enumerate(piece.outline.in_order))

    # Positions -------------------------------------------------------------------------------------------------------
    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        if node not in self._measured:
            self._measure(node)
        piece, start, end = self._measured[node]
        offset, starts = self.offset_of[piece], piece.token_starts
        return offset + starts[start], offset + starts[end]

    def _measure(self, node: cst.CSTNode) -> None:
        """Note the positions of all nodes in the piece of ``node``."""
        top = node
        while self.parents[top] is not self.module:
            top = self.parents[top]
        self._piece_of[top].measure(self._measured)

    @cached_property
    def _piece_of(self) -> dict[cst.CSTNode, Piece]:
        return {statement: piece for piece in self.pieces for statement in piece.statements}

    def piece_at(self, offset: int) -> tuple[int, Piece]:
        """Return the piece with a character, and where the piece starts."""
        index = bisect_right(self.offsets, offset) - 1
        return self.offsets[index], self.pieces[index]

    def order(self, node: Any) -> tuple[int, int]:
        """Return what to compare to see which of two nodes stands first: names, imports, and what has a name."""
        piece, number = self._numbers[node.name if type(node) in _NAMED else node]
        return self.offset_of[piece], number

    def start(self, node: cst.CSTNode) -> int:
        return self.span(node)[0]

    def code(self, node: cst.CSTNode) -> str:
        """Return the text of a node with its own parentheses, which are outside of its position."""
        text = _plain_text(node)
        if not text:
            start, end = self.span(node)
            text = self.text[start:end]
        around = len(node.lpar) if isinstance(node, cst.BaseExpression) else 0
        return "(" * around + text + ")" * around

    def line_of(self, offset: int) -> int:
        return bisect_right(self.starts, offset)

    def newline(self) -> str:
        first = LINE_BREAK.search(self.text)
        return first.group() if first else "\n"

    # The tree --------------------------------------------------------------------------------------------------------
    @cached_property
    def nodes(self) -> dict[type, list[Any]]:
        """Every node by its type, in the order of the text; a parent comes before its children."""
        nodes_by_type: dict[type, list[Any]] = {}
        for piece in self.pieces:
            for kind, nodes in piece.outline.kinds.items():
                nodes_by_type.setdefault(kind, []).extend(nodes)
        return nodes_by_type

    def all(self, *kinds: type) -> Iterator[Any]:
        for kind in kinds:
            yield from self.nodes.get(kind, ())

    def spelled(self, *texts: str) -> Iterator[cst.Call]:
        """The calls whose function is written so, such as ``self.add_weight`` or ``get_ipython().system``."""
        return (call for text in texts for call in self._spelled.get(text, ()))

    @cached_property
    def _spelled(self) -> dict[str, list[cst.Call]]:
        return grouped((_spelling(call.func), call) for call in self.all(cst.Call))

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def enclosing(self, node: cst.CSTNode, *kinds: type[_Node]) -> _Node | None:
        parent: Any = self.parents.get(node)
        while parent is not None and not _is_kind(parent.__class__, kinds):
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

    def returned(self, function: cst.CSTNode) -> list[cst.BaseExpression | None]:
        """What the ``return`` statements of a function itself return; None for a plain ``return``."""
        return self._returned.get(function, [])

    @cached_property
    def _returned(self) -> dict[cst.CSTNode | None, list[cst.BaseExpression | None]]:
        return grouped((self.enclosing(node, cst.FunctionDef), node.value) for node in self.all(cst.Return))

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

    # Findings and text surgery ---------------------------------------------------------------------------------------
    def finding(
        self,
        code: str,
        message: str,
        node: cst.CSTNode,
        edits: tuple[Edit, ...] = (),
        imports: tuple[str, ...] = (),
        subject: str = "",
        everywhere: tuple[str, ...] = (),
    ) -> Finding:
        """What a rule says about a node; see `Finding`. The message gets sentences about what edits drop unsaid."""
        start, end = self.span(node)
        message += "".join(f" {key}={value} is removed." for key, value in _unsaid(message, edits))
        others = [edit for edit in edits if edit.statement and not (edit.start < end and start < edit.end)]
        message += "".join(f" `{line}` is removed, too." for line in _unnamed(message, others))
        return Finding(code, message, start, edits, imports, subject=subject, end=end, everywhere=everywhere)

    def report(
        self,
        code: str,
        message: str,
        node: cst.CSTNode,
        subject: str = "",
        everywhere: tuple[str, ...] = (),
        given_up: Iterable[cst.CSTNode] = (),
    ) -> Finding:
        """A finding about code that stays. The message says why, and what to do instead."""
        finding = self.finding(code, f"Not changed: {message}", node, subject=subject, everywhere=everywhere)
        return dataclasses.replace(finding, given_up=tuple(map(self.span, given_up)))

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Replace the characters ``start`` to ``end`` (excluded)."""
        return Edit(start, end, text, self.text[start:end])

    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        return self.edit(*self.span(node), text)

    def replace_string(self, node: cst.SimpleString, text: str) -> Edit:
        """Write another text between the quotes of a string."""
        return self.replace(node, node.quote + text + node.quote)

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
        first_line = self.code(statement).partition(self.newline())[0]
        return dataclasses.replace(self._removal(statement), statement=first_line)

    def _removal(self, statement: cst.CSTNode) -> Edit:
        if isinstance(statement, cst.BaseSmallStatement):
            line: Any = self.parents[statement]
            if isinstance(line, cst.SimpleStatementSuite) or len(line.body) > 1:
                return self._remove_small(statement, line)
            statement = line
        block = self.parents[statement]
        start = self.start_of_statement(statement)
        end = self.span(last_line(statement))[1]
        if len(block.body) == 1 and not isinstance(block, cst.Module):
            return self.edit(start, end, "pass")
        first = self.line_of(start) - 1
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            first = self._first_comment(first)
        while first > 0 and self._line(first - 1).strip() == "\\":
            first -= 1
        start = self.starts[first]
        comment_after = self.text[end:].split("\n", 1)[0].strip()
        if comment_after and not comment_after.startswith("#"):
            return self.edit(self.start_of_statement(statement), end, "pass")
        last = self.line_of(end)
        compound = isinstance(statement, cst.BaseCompoundStatement)
        own_comment = first > 0 and self._line(first - 1).strip() != ""
        while compound and not own_comment and last < len(self.starts) - 1 and not self._line(last).strip():
            last += 1
        stop = self.starts[last] if last < len(self.starts) else len(self.text)
        return self.edit(start, stop, "")

    def remove_statements(self, statements: Sequence[cst.CSTNode]) -> Iterator[Edit]:
        """Take out several statements. Those of one line go in one edit."""
        for line, gone in grouped((self.parents[statement], statement) for statement in statements).items():
            if len(gone) == 1 or not isinstance(line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)):
                yield from map(self.remove_statement, gone)
            elif len(gone) == len(line.body) and isinstance(line, cst.SimpleStatementLine):
                yield self.remove_statement(line)
            else:
                kept = [self.code(statement) for statement in line.body if statement not in gone]
                edit = self.edit(self.start(line.body[0]), self.span(line.body[-1])[1], "; ".join(kept or ["pass"]))
                yield dataclasses.replace(edit, statement=self.code(gone[0]))

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
        return self.remove_item(line.body, statement) if len(line.body) > 1 else self.replace(statement, "pass")

    def remove_item(self, items: Sequence[cst.CSTNode], item: cst.CSTNode) -> Edit:
        """Take one of several items out, with what separates it from the next one, or from the one before."""
        index = [other is item for other in items].index(True)
        if index + 1 < len(items):
            return self.edit(self.start(item), self.start(items[index + 1]), "")
        return self.edit(self.span(items[index - 1])[1], self.span(item)[1], "")

    def _line(self, index: int) -> str:
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[index] : end]

    def remove_arguments(self, call: cst.Call, dropped: list[cst.Arg], order: Sequence[str] = ()) -> list[Edit]:
        """Take arguments out of a call, with the commas that go with them.

        ``order`` has the names of the parameters, for arguments that are given by position.
        """
        names = {arg: order[index] for index, arg in enumerate(call.args) if index < len(order)}
        kept = [index for index, arg in enumerate(call.args) if arg not in dropped]
        last_kept = kept[-1] if kept else -1
        edits = [
            self._drop(self.start(arg), self.start(call.args[index + 1]), [arg], names)
            for index, arg in enumerate(call.args)
            if arg in dropped and index < last_kept
        ]
        if last_kept < len(call.args) - 1:
            start = self.span(call.args[last_kept])[1] if kept else self.start(call.args[0])
            last = call.args[last_kept + 1 :]
            start, end = self._with_own_comments(start, self.start(last[0]), self.span(last[-1])[1])
            edits.append(self._drop(start, end, last, names))
        return edits

    def _with_own_comments(self, start: int, first: int, end: int) -> tuple[int, int]:
        """Widen the characters of a call's last arguments: a comment stays or goes with the argument before it.

        ``first`` is where the first of them begins, and ``start`` where the argument before it ends.
        """
        before, after = _GAP.match(self.text, start, first), _TAIL.match(self.text, end)
        assert after is not None
        if before is None:
            is_own = after[1] and self.line_of(start) < self.line_of(end)
            return start, after.end() if is_own else end
        ends_line = _LINE_END.match(self.text, after.end())
        return before.end() if ends_line else first, after.end()

    def _drop(self, start: int, end: int, dropped: Sequence[cst.Arg], names: dict[cst.Arg, str]) -> Edit:
        """Take out the characters of arguments. The edit remembers what it drops, for its finding to say."""
        keys = [keyword(arg) or names.get(arg, "") for arg in dropped]
        pairs = zip(keys, (self.code(arg.value) for arg in dropped))
        comma = _COMMA.match(self.text, end) if start < self.start(dropped[0]) else None
        stop = comma.end() if comma is not None else end
        comments = self._comments_to_keep(start, stop, dropped)
        if comments:  # the comma must stand above them
            comments, end = "," * (comma is not None) + comments, stop
        return Edit(start, end, comments, self.text[start:end], tuple(pair for pair in pairs if pair[0]))

    def _comments_to_keep(self, start: int, end: int, dropped: Sequence[cst.Arg]) -> str:
        """Return the comments on separate lines around arguments."""
        spans = [(start, start), *map(self.span, dropped), (end, end)]
        gaps = [self.text[stop:here] for (_, stop), (here, _) in zip(spans, spans[1:])]
        comments = [comment for gap in gaps for comment in _OWN_LINE.findall(gap)]
        if not comments:
            return ""
        indent = self.newline() + comments[0].partition("#")[0]
        text = "".join(self.newline() + comment for comment in comments)
        is_first = not self.text[self.starts[self.line_of(start) - 1] : start].strip()
        text = text.lstrip() if is_first else text
        return text if _LINE_END.match(self.text, end) else text + indent

    def remove_argument(self, call: cst.Call, arg: cst.Arg) -> Edit:
        return self.remove_arguments(call, [arg])[0]

    def add_argument(self, call: cst.Call, text: str) -> Edit:
        """Put one more keyword argument at the end of a call."""
        if not call.args:
            end = self.span(call)[1] - 1
            return self.edit(end, end, text)
        end = self.span(call.args[-1])[1]
        return self.edit(end, end, f", {text}")


@lru_cache(maxsize=4096)
def literal(text: str) -> Any:
    """Return the value of an immutable literal: a string, bytes or a number."""
    return ast.literal_eval(text)


def _unsaid(message: str, edits: tuple[Edit, ...]) -> Iterator[tuple[str, str]]:
    """Yield the arguments that edits drop, where neither the message has the name nor an edit the value."""
    words = set(re.findall(r"\w+", message))
    written = "".join(edit.text for edit in edits)
    for key, value in (dropped for edit in edits for dropped in edit.drops):
        if key not in words and value not in written:
            yield key, value


def _unnamed(message: str, edits: Sequence[Edit]) -> Iterator[str]:
    """Yield the first lines of statements that edits take out, where the message does not name what they are about."""
    words = set(re.findall(r"\w+", message))
    for line in dict.fromkeys(edit.statement for edit in edits):
        subject = _SUBJECT.match(line)
        if subject is None or subject[1] not in words:
            yield line


def _plain_text(node: Any) -> str:
    """The text of a name, of a literal, or of a dotted name without spaces and brackets; empty for other nodes."""
    if type(node) is not cst.Attribute:
        return node.value if type(node) in _LITERALS else ""
    value, dot = node.value, node.dot
    text = "" if value.lpar or not (dot.whitespace_before.empty and dot.whitespace_after.empty) else _plain_text(value)
    return f"{text}.{node.attr.value}" if text else ""


def _spelling(node: Any) -> str:
    """The text of a dotted name in which calls without arguments may stand; empty for other expressions."""
    kind: type = node.__class__  # Exact, as isinstance asks the abstract class.
    if kind is cst.Name:
        return node.value
    if kind is cst.Attribute:
        text = _spelling(node.value)
        return f"{text}.{node.attr.value}" if text else ""
    text = _spelling(node.func) if kind is cst.Call and not node.args else ""
    return f"{text}()" if text else ""


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


_DEPTH = 12
_CONSTANTS = {"None": None, "True": True, "False": False}
_NOT_KNOWN = frozenset({""})
# Stands for the origin of a class of the file that has no bases.
_OWN_CLASS = "object"
_FOREIGN_OR_KERAS = FOREIGN | {"tensorflow", "keras", "tf_keras"}
# The meaning of names that the file does not bind: a star import of the user's own module must bring them.
_CONVENTIONS = {"tf": "tensorflow", "K": "keras.backend", "keras": "keras"}


class Bound(NamedTuple):
    """The bindings of a name in one scope, in the order of the text.

    ``order`` has that of each binding, if there are several. ``imports`` has the full names that it imports.
    """

    every: list[Assignment]
    order: list[tuple[int, int]]
    imports: tuple[str, ...]
    only_imports: bool


_FREE = Bound([], [], (), False)

_Fact = TypeVar("_Fact")


def fact(compute: Callable[[Source], _Fact]) -> Callable[[Source], _Fact]:
    """Decorate a function of a file: compute its answer once, and keep the answer with the file."""

    @functools.wraps(compute)
    def look_up(source: Source) -> _Fact:
        if compute not in source.facts:
            source.facts[compute] = compute(source)
        return source.facts[compute]

    return look_up


class Source(Tree):
    """The input of every rule: a file, the ``target`` to move it to, and the names that other files take from it."""

    def __init__(
        self,
        text: str | Cut,
        target: str = "keras3",
        exported: frozenset[str] = frozenset(),
        before: Source | None = None,
    ) -> None:
        super().__init__(text, before)
        self.target = target
        self.exported = exported
        # What `fact` keeps.
        self.facts: dict[Callable[[Source], Any], Any] = {}
        # The file before any edit.
        self.first: Source = before.first if before is not None else self
        self._raw_names: dict[cst.CSTNode, str | None] = {}
        self._full_names: dict[type, list[tuple[cst.CSTNode, str]]] = {}
        self._packages: dict[cst.CSTNode, frozenset[str]] = {}
        self._bindings: dict[tuple[Scope | None, str], Bound] = {}
        # By text and scope.
        self._uses: dict[str, dict[Scope | None, list[cst.Name]]] = {}

    @property
    def package(self) -> str:
        """The package that has Keras on the target."""
        return "tf_keras" if self.target == "tf_keras" else "keras"

    @property
    def release(self) -> str:
        """What messages call the Keras of the target."""
        return "tf_keras" if self.target == "tf_keras" else "Keras 3"

    def calls(self, *names: str) -> Iterator[cst.Call]:
        """The calls of any of these canonical names, in the order of the text."""
        return (call for _, call in merge(*(self._calls.get(name, ()) for name in names)))

    @cached_property
    def _calls(self) -> dict[str | None, list[tuple[int, cst.Call]]]:
        """The calls by canonical name, each with its index among all calls."""
        return grouped((self.name(call.func), (index, call)) for index, call in enumerate(self.all(cst.Call)))

    def method_calls(self, *names: str) -> Iterator[Any]:
        """The calls of a method with any of these names, in the order of the text; not those of another library."""
        for _, call in merge(*(self._method_calls.get(name, ()) for name in names)):
            if isinstance(call.func, cst.Attribute) and not self.is_foreign(call.func.value):
                yield call

    def is_foreign(self, node: cst.CSTNode) -> bool:
        """Whether the file shows that an object comes from another library than Keras."""
        origins = self._origins(node, 0)
        packages = origins & _FOREIGN_OR_KERAS  # Others may be the user's own modules.
        if packages:
            return packages <= FOREIGN
        return not self._imports_keras and (self._is_of_networks or origins == frozenset({_OWN_CLASS}))

    @cached_property
    def _is_of_networks(self) -> bool:
        """Whether the file imports a library for networks: unknown models are those of the library."""
        return bool(OF_NETWORKS & {name.split(".")[0] for name in self.first.imported_names()})

    @cached_property
    def _imports_keras(self) -> bool:
        return any("keras" in name.split(".") for name in self.first.imported_names())

    def _origins(self, node: cst.CSTNode | None, depth: int) -> frozenset[str]:
        """Return the packages that an expression may come from; an empty text for an origin that is not known."""
        if node is None or depth > _DEPTH:
            return _NOT_KNOWN
        if node not in self._packages:
            self._packages[node] = _NOT_KNOWN  # What is bound to itself says nothing.
            self._packages[node] = frozenset(self._origins_of_node(node, depth + 1)) or _NOT_KNOWN
        return self._packages[node]

    def _origins_of_node(self, node: cst.CSTNode, depth: int) -> Iterator[str]:
        raw = self.raw_name(node)
        if raw:
            yield raw.split(".")[0]
        elif isinstance(node, cst.Call):
            yield from self._origins(node.func, depth)
        elif isinstance(node, cst.Name):
            for bound in self.bindings(node):
                yield from self._origins_of_binding(bound, depth)
        elif isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name) and node.value.value == "self":
            for value in self.self_values(node):
                yield from self._origins(value, depth)
        elif isinstance(node, (cst.Attribute, cst.Subscript)):
            yield from self._origins(node.value, depth)

    def _origins_of_binding(self, bound: Assignment, depth: int) -> Iterator[str]:
        node = bound.node
        if isinstance(node, cst.ClassDef) and all(self.code(base.value) == "object" for base in node.bases):
            yield _OWN_CLASS
            return
        if isinstance(node, cst.ClassDef):
            values: list[cst.CSTNode | None] = [base.value for base in node.bases]
        elif isinstance(node, cst.FunctionDef):
            values = [*self.returned(node)]
        elif isinstance(node, cst.Param):
            values = [node.annotation.annotation if node.annotation is not None else None]
        else:
            values = [self.assigned_value(bound)]
        for value in values or [None]:
            yield from self._origins(value, depth)

    @cached_property
    def attribute_values(self) -> dict[str, list[cst.BaseExpression]]:
        """What the file assigns to attributes, by their text, such as ``self.metric`` or ``model.optimizer.lr``."""
        targets = (node for node in self.all(cst.AssignTarget) if isinstance(node.target, cst.Attribute))
        return grouped((self.code(node.target), self.parents[node].value) for node in targets)

    def self_values(self, node: cst.Attribute) -> list[cst.BaseExpression]:
        """What the class around assigns to an attribute of ``self``; nothing for an attribute of anything else."""
        is_of_self = self.code(node.value) == "self"
        return self._self_values.get((self.enclosing(node, cst.ClassDef), node.attr.value), []) if is_of_self else []

    @cached_property
    def _self_values(self) -> dict[tuple[cst.CSTNode | None, str], list[cst.BaseExpression]]:
        """What each class assigns to the attributes of ``self``."""
        assigned = [(text, value) for text, values in self.attribute_values.items() for value in values]
        pairs = [(text.partition("."), value) for text, value in assigned]
        of_self = [(name, value) for (own, _, name), value in pairs if own == "self" and "." not in name]
        return grouped(((self.enclosing(value, cst.ClassDef), name), value) for name, value in of_self)

    @cached_property
    def _method_calls(self) -> dict[str, list[tuple[int, cst.Call]]]:
        methods = (
            (index, call) for index, call in enumerate(self.all(cst.Call)) if isinstance(call.func, cst.Attribute)
        )
        return grouped((call.func.attr.value, (index, call)) for index, call in methods)

    def from_imports(self) -> Iterator[cst.ImportFrom]:
        """Yield the ``from module import ...`` statements that are not relative."""
        return (node for node in self.all(cst.ImportFrom) if node.module is not None and not node.relative)

    def imported_as(self, *modules: str) -> Iterator[str]:
        """Yield the names that ``import`` statements bind to any of these modules."""
        for alias in (alias for node in self.all(cst.Import) for alias in node.names):
            if dotted(alias.name) in modules and (alias.asname or "." not in dotted(alias.name)):
                yield bound_name(alias)

    @cached_property
    def imported_modules(self) -> list[str]:
        """The modules that the imports name as they are written: all after ``import``, and those after ``from``."""
        plain = [dotted(alias.name) for node in self.all(cst.Import) for alias in node.names]
        return [*(dotted(node.module) for node in self.from_imports()), *plain]

    @cached_property
    def stars(self) -> list[cst.ImportFrom]:
        """The ``from module import *`` statements."""
        return [node for node in self.all(cst.ImportFrom) if isinstance(node.names, cst.ImportStar)]

    @cached_property
    def star_modules(self) -> list[str]:
        return [dotted(node.module) for node in self.stars if node.module is not None and not node.relative]

    @cached_property
    def canonical_names(self) -> frozenset[str]:
        """Every canonical name that the file imports or uses."""
        used = {name for _, name in self.full_names(cst.Attribute, cst.Name)}
        return frozenset({*map(canonical, used), *self.imported_names()})

    def full_names(self, *kinds: type[cst.Attribute | cst.Name]) -> Iterator[tuple[Any, str]]:
        """Yield each node of these types that has a full name as it is imported, with that name."""
        for kind in kinds:
            if kind not in self._full_names:
                names = ((node, self.raw_name(node)) for node in self.all(kind))
                self._full_names[kind] = [(node, name) for node, name in names if name]
            yield from self._full_names[kind]

    def imported_names(self) -> Iterator[str]:
        """The canonical name of everything that the file imports."""
        for node in self.from_imports():
            module = dotted(node.module)
            if isinstance(node.names, cst.ImportStar):
                yield canonical(module)
            yield from (canonical(f"{module}.{dotted(alias.name)}") for alias in aliases(node))
        for node in self.all(cst.Import):
            yield from (canonical(dotted(alias.name)) for alias in node.names)

    def used(self, alias: cst.ImportAlias) -> bool:
        """Whether the file uses the name that an import binds, or gives it to other files."""
        local, statement = bound_name(alias), self.parents[alias]
        return local in self._public or any(
            any(binding.node is statement for binding in self.bindings(name))
            for name in self.named(local)
            if not isinstance(self.parents[name], (cst.ImportAlias, cst.AsName))
        )

    @cached_property
    def _public(self) -> set[str]:
        """The names in ``__all__``, and those that other files of the project take from this one."""
        statements = (self.statement(name) for name in self.named("__all__"))
        small = [statement for statement in statements if isinstance(statement, cst.BaseSmallStatement)]
        listing = [statement for statement in small if self.code(statement).startswith("__all__")]
        texts = (node for statement in listing for node in inside(statement) if isinstance(node, cst.SimpleString))
        return {*self.exported, *(str(literal(node.value)) for node in texts)}

    def named(self, text: str) -> list[cst.Name]:
        """Return every name with this spelling, also of attributes and keywords."""
        return self._named.get(text, [])

    @cached_property
    def _named(self) -> dict[str, list[cst.Name]]:
        return grouped((name.value, name) for name in self.all(cst.Name))

    def uses(self, name: cst.Name) -> list[cst.Name]:
        """Return every use of the same variable, this one included."""
        if name.value not in self._uses:
            variables = (other for other in self.named(name.value) if other in self.scopes)
            self._uses[name.value] = grouped((self._holder(other), other) for other in variables)
        return self._uses[name.value].get(self._holder(name), [])

    def only_binding(self, node: cst.CSTNode | None) -> Assignment | None:
        """Return the binding of a name that is bound once; None for other expressions."""
        every = self.bindings(node) if isinstance(node, cst.Name) else []
        return every[0] if len(every) == 1 else None

    def bindings(self, name: cst.Name) -> list[Assignment]:
        """Everything in the file that binds ``name`` where it is used, in the order of the text."""
        return self.bound(name).every

    def bound(self, name: cst.Name) -> Bound:
        return self.bound_in(self._holder(name), name.value) if name in self.scopes else _FREE

    def binding(self, name: cst.Name) -> Assignment | None:
        """Return the binding that ``name`` sees: the last one above it in its own scope, else the last of all."""
        scope: _Where = self.scopes.get(name, False)
        if scope is False:
            return None
        holder = scope.holder(name.value) if scope is not None else None
        bound = self.bound_in(holder, name.value)
        own = holder is scope and len(bound.every) > 1
        above = bisect_left(bound.order, self.order(name)) if own else 0
        return bound.every[above - 1] if bound.every else None

    def bound_node(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that binds what a plain name sees, such as a class or function; None for other expressions."""
        bound = self.binding(node) if isinstance(node, cst.Name) else None
        return bound.node if bound is not None else None

    def _holder(self, name: cst.Name) -> Scope | None:
        scope = self.scopes[name]
        return scope.holder(name.value) if scope is not None else None

    def bound_in(self, scope: Scope | None, name: str) -> Bound:
        """Return the bindings of ``name`` in a scope, or in the module. The answer is kept for the next call."""
        bound = self._bindings.get((scope, name))
        if bound is None:
            assignments = (self._globals if scope is None else scope.bound).get(name, [])
            imports = [binding.full for binding in assignments if isinstance(binding, ImportAssignment)]
            order = [self.order(binding.node) for binding in assignments[1:] and assignments]
            only = bool(assignments) and len(imports) == len(assignments)
            bound = self._bindings[scope, name] = Bound(assignments, order, tuple(dict.fromkeys(imports)), only)
        return bound

    @cached_property
    def _globals(self) -> dict[str, list[Assignment]]:
        """What the module itself binds, by name."""
        groups = (group for piece in self.pieces for group in piece.outline.bound.items())
        return grouped((name, assignment) for name, assignments in groups for assignment in assignments)

    def raw_name(self, node: cst.CSTNode) -> str | None:
        """Return the dotted name as imported, also through ``x = some.module`` and stars; None for local things."""
        if not self.may_be_imported(node):
            return None
        name = self._raw_names.get(node, ...)
        if name is ...:
            name = self._raw_names[node] = self._raw_name(node, 0)
        return name

    def may_be_imported(self, node: cst.CSTNode) -> bool:
        """Whether an import may give what an expression names: a quick test, before scopes and bindings are asked."""
        first: Any = root(node)
        return type(first) is cst.Name and first.value in self._leading

    def _raw_name(self, node: cst.CSTNode, depth: int) -> str | None:
        if depth > _DEPTH:
            return None
        if type(node) is cst.Attribute:
            base = self._raw_name(node.value, depth + 1) if depth else self.raw_name(node.value)
            return f"{base}.{node.attr.value}" if base else None
        if type(node) is not cst.Name or not self.may_be_imported(node):
            return None
        bound = self.binding(node)
        if isinstance(bound, ImportAssignment):
            return bound.full
        if bound is not None:
            value = self.assigned_value(bound)
            return self._raw_name(value, depth + 1) if isinstance(value, (cst.Name, cst.Attribute)) else None
        return self._by_star(node.value)

    def _by_star(self, name: str) -> str | None:
        """Return the full name that a star import gives to a name that nothing in the file binds."""
        if not self.stars or name in _CONSTANTS:
            return None
        module = star_owner(name, tuple(self.star_modules))
        return f"{module}.{name}" if module else _CONVENTIONS.get(name)

    @cached_property
    def _leading(self) -> set[str]:
        """The names that imports give, and those that are assigned what begins with one: no other can be imported."""
        pairs = [(target.target, node.value) for node in self.all(cst.Assign) for target in node.targets]
        pairs += [(node.target, node.value) for node in self.all(cst.AnnAssign)]
        pairs += [(node.asname.name, node.item) for node in self.all(cst.WithItem) if node.asname is not None]
        assigned: dict[str, list[str]] = {}
        for target, value in pairs:
            first: Any = root(value) if value is not None else None
            if type(first) is cst.Name and type(target) is cst.Name:
                assigned.setdefault(first.value, []).append(target.value)
        names: set[str] = set()
        waiting = [bound_name(alias) for node in self.all(cst.Import, cst.ImportFrom) for alias in aliases(node)]
        waiting += [name for name in self._named if self._by_star(name)] if self.stars else []
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting.extend(assigned.get(name, ()))
        return names

    def name(self, node: cst.CSTNode) -> str | None:
        """The canonical dotted name of an expression (``names.canonical``)."""
        raw = self.raw_name(node)
        return canonical(raw) if raw else None

    def remove_names(self, node: cst.Import | cst.ImportFrom, gone: Sequence[cst.ImportAlias]) -> tuple[Edit, ...]:
        """Take names out of an import. The import goes with its last name."""
        names = aliases(node)
        kept = [index for index, alias in enumerate(names) if alias not in gone]
        if not kept:
            return (self.remove_statement(node),)
        edits = [
            self.edit(self.start(alias), self.start(names[index + 1]), "")
            for index, alias in enumerate(names)
            if alias in gone and index < kept[-1]
        ]
        if kept[-1] < len(names) - 1:
            edits.append(self.edit(self.span(names[kept[-1]])[1], self.span(names[-1])[1], ""))
        return tuple(edits)

    def split_import(self, node: cst.ImportFrom, taken: Sequence[cst.ImportAlias], home: str) -> Edit:
        """Import the ``taken`` names of an import from ``home``, and the others from where they came."""
        kept = [alias for alias in aliases(node) if alias not in taken]
        if not kept:
            return self.replace_module(node, home)
        lines = [
            f"from {module} import " + ", ".join(self.code(alias).rstrip(", \n") for alias in names)
            for module, names in ((dotted(node.module), kept), (home, taken))
        ]
        return self.replace(node, self.lines_for(node, lines))

    def assigned_value(self, bound: Any) -> cst.BaseExpression | None:
        """The expression of ``name = expression`` (or ``with expression as name``), if the binding is just that."""
        if not isinstance(bound, Assignment) or type(bound.node) is not cst.Name:
            return None
        parent = self.parents[bound.node]
        kind: type = parent.__class__
        if kind is cst.AssignTarget:
            return self.parents[parent].value
        if kind is cst.AnnAssign:
            return parent.value
        if kind is cst.AsName and isinstance(self.parents[parent], cst.WithItem):
            return self.parents[parent].item
        return None

    def resolved(self, node: cst.BaseExpression | None) -> cst.BaseExpression | None:
        """The expression itself, or the one that a variable is assigned; None if that is not known."""
        return self.assigned_value(self.binding(node)) if isinstance(node, cst.Name) else node

    def entries(self, node: cst.Dict) -> Iterator[tuple[str | None, cst.BaseExpression]]:
        """The values of a dict, each with its key; None for a key that is not known to be a text."""
        for element in node.elements:
            key = self.constant(element.key) if isinstance(element, cst.DictElement) else ...
            yield (key if isinstance(key, str) else None), element.value

    def key(self, node: cst.Subscript) -> Any:
        """Return the constant in ``x[constant]``; ``...`` if it is not known, or another kind of subscript."""
        only = node.slice[0].slice if len(node.slice) == 1 else None
        return self.constant(only.value) if isinstance(only, cst.Index) else ...

    def constant(self, node: Any, depth: int = 0) -> Any:
        """Return the value of a literal, or of a name bound once to a literal; ``...`` if it is not known."""
        kind: type = node.__class__
        if depth > _DEPTH or node is None:
            return ...
        if kind in (cst.SimpleString, cst.Integer, cst.Float):
            return literal(node.value)
        if kind is cst.Name and node.value in _CONSTANTS:
            return _CONSTANTS[node.value]
        if kind is cst.Name:
            return self.constant(self.assigned_value(self.only_binding(node)), depth + 1)
        if kind is cst.UnaryOperation and type(node.operator) is cst.Minus:
            value = self.constant(node.expression, depth + 1)
            return ... if value is ... else -value
        return ...


def aliases(node: cst.Import | cst.ImportFrom) -> Sequence[cst.ImportAlias]:
    """The names that an import lists. A star lists none."""
    return () if isinstance(node.names, cst.ImportStar) else node.names


def dotted(node: cst.CSTNode | None) -> str:
    """The text of a dotted name node."""
    if type(node) is cst.Name:
        return node.value
    return f"{dotted(node.value)}.{node.attr.value}" if type(node) is cst.Attribute else ""


def bound_name(alias: cst.ImportAlias) -> str:
    """The name that a part of an import binds."""
    return dotted(alias.asname.name) if alias.asname else dotted(alias.name).split(".")[0]


def root(node: cst.CSTNode) -> cst.CSTNode:
    """The first part of a dotted name."""
    while type(node) is cst.Attribute:
        node = node.value
    return node


def argument(call: cst.Call, name: str, position: int | None = None) -> cst.Arg | None:
    """The argument called ``name``, or the one at ``position`` if it is given by position."""
    for index, arg in enumerate(call.args):
        if arg.star:
            return None
        if keyword(arg) == name:
            return arg
        if arg.keyword is None and index == position:
            return arg
    return None


def keyword(arg: cst.Arg) -> str:
    """The name that an argument is given by; empty for one by position."""
    return arg.keyword.value if arg.keyword is not None else ""


def keywords(call: cst.Call) -> dict[str, cst.BaseExpression]:
    """The arguments that a call gives by name."""
    return {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}


def has_star(call: cst.Call) -> bool:
    return any(arg.star for arg in call.args)
