"""One parsed file: positions as text offsets, qualified names, bindings, and the text surgery that rules share."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Iterator

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider, ScopeProvider
from libcst.metadata.scope_provider import Assignment, ImportAssignment

from compat_auc.migrate.edits import Edit, line_starts
from compat_auc.migrate.names import canonical, star_owner

_DEPTH = 12


class Source:
    """A file's text, its syntax tree, and what its names mean; rules read it and never change it."""

    def __init__(self, text: str, target: str = "keras3") -> None:
        self.text = text
        self.target = target
        self.starts = line_starts(text)
        self.wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        self.module = self.wrapper.module
        self.positions = self.wrapper.resolve(PositionProvider)
        self.parents = self.wrapper.resolve(ParentNodeProvider)
        self.scopes = self.wrapper.resolve(ScopeProvider)
        self._raw_names: dict[cst.CSTNode, str | None] = {}
        self._bindings: dict[cst.Name, list] = {}

    # Positions -------------------------------------------------------------------------------------------------------
    def offset(self, position) -> int:
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
    def nodes(self) -> dict[type, list]:
        """Every node by its type, in the order of the text."""
        found: dict[type, list] = {}
        stack: list[cst.CSTNode] = [self.module]
        while stack:
            node = stack.pop()
            found.setdefault(type(node), []).append(node)
            stack.extend(reversed(node.children))
        return found

    def all(self, *kinds: type) -> Iterator:
        for kind in kinds:
            yield from self.nodes.get(kind, ())

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def enclosing(self, node: cst.CSTNode, *kinds: type) -> cst.CSTNode | None:
        return next((parent for parent in self.ancestors(node) if isinstance(parent, kinds)), None)

    def statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The whole statement that ``node`` stands in: a line of small statements, or a compound statement."""
        here = node
        for parent in self.ancestors(node):
            if isinstance(here, (cst.BaseSmallStatement, cst.BaseStatement)):
                return here
            here = parent
        return here

    def from_imports(self) -> Iterator[cst.ImportFrom]:
        """The ``from module import ...`` statements, relative ones left out."""
        return (node for node in self.all(cst.ImportFrom) if node.module is not None and not node.relative)

    def calls(self, *names: str) -> Iterator[cst.Call]:
        """The calls of any of these canonical names."""
        for call in self.all(cst.Call):
            if self.name(call.func) in names:
                yield call

    def strings(self) -> Iterator[tuple[cst.SimpleString, str]]:
        """Every plain string literal that is not a docstring, with its value."""
        for node in self.all(cst.SimpleString):
            if isinstance(self.parents[node], cst.Expr):
                continue
            value = node.evaluated_value
            if isinstance(value, str):
                yield node, value

    # Names -----------------------------------------------------------------------------------------------------------
    @cached_property
    def star_modules(self) -> list[str]:
        return [
            dotted(node.module)
            for node in self.from_imports()
            if isinstance(node.names, cst.ImportStar)
        ]

    @cached_property
    def canonical_names(self) -> frozenset[str]:
        """Every canonical name that the file imports or uses."""
        used = (self.name(node) for node in self.all(cst.Attribute, cst.Name))
        return frozenset({name for name in used if name} | set(self.imported_names()))

    def imported_names(self) -> Iterator[str]:
        """The canonical name of everything that the file imports."""
        for node in self.from_imports():
            module = dotted(node.module)
            if isinstance(node.names, cst.ImportStar):
                yield canonical(module)
            else:
                yield from (canonical(f"{module}.{dotted(alias.name)}") for alias in node.names)
        for node in self.all(cst.Import):
            yield from (canonical(dotted(alias.name)) for alias in node.names)

    def used(self, alias: cst.ImportAlias) -> bool:
        """Whether the file uses what an import binds; names in ``__all__`` and imports of a package's own are used."""
        local = dotted(alias.asname.name) if alias.asname else dotted(alias.name).split(".")[0]
        statement = self.parents[alias]
        return any(
            name.value == local and any(one.node is statement for one in self.bindings(name))
            for name in self.all(cst.Name)
            if not isinstance(self.parents[name], (cst.ImportAlias, cst.AsName))
        )

    def bindings(self, name: cst.Name) -> list:
        """Everything in the file that binds ``name`` where it is used, in the order of the text."""
        if name not in self._bindings:
            scope = self.scopes.get(name)
            every = scope[name.value] if scope is not None else ()
            found = [one for one in every if isinstance(one, (Assignment, ImportAssignment))]
            self._bindings[name] = sorted(found, key=lambda one: self.start(one.node))
        return self._bindings[name]

    def binding(self, name: cst.Name):
        """The binding that a use of ``name`` sees: the last one above it in its own scope, else the last of all."""
        found = self.bindings(name)
        here = self.start(name)
        own = [one for one in found if one.scope is self.scopes.get(name) and self.start(one.node) < here]
        return (own or found or [None])[-1]

    def raw_name(self, node: cst.CSTNode) -> str | None:
        """The dotted name as imported, through ``x = some.module`` aliases and star imports; None for anything local."""
        if node not in self._raw_names:
            self._raw_names[node] = self._raw_name(node, 0)
        return self._raw_names[node]

    def _raw_name(self, node: cst.CSTNode, depth: int) -> str | None:
        if depth > _DEPTH:
            return None
        if isinstance(node, cst.Attribute):
            base = self._raw_name(node.value, depth + 1)
            return f"{base}.{node.attr.value}" if base else None
        if not isinstance(node, cst.Name):
            return None
        bound = self.binding(node)
        if isinstance(bound, ImportAssignment):
            return self._imported(bound, node.value)
        if bound is not None:
            value = self.assigned_value(bound)
            return self._raw_name(value, depth + 1) if isinstance(value, (cst.Name, cst.Attribute)) else None
        if bound is None and node.value in ("None", "True", "False"):
            return None
        module = star_owner(node.value, self.star_modules)
        return f"{module}.{node.value}" if module else None

    def name(self, node: cst.CSTNode) -> str | None:
        """The canonical dotted name of an expression (``names.canonical``)."""
        raw = self.raw_name(node)
        return canonical(raw) if raw else None

    @staticmethod
    def _imported(bound: ImportAssignment, name: str) -> str:
        for alias in bound.node.names:
            local = dotted(alias.asname.name) if alias.asname else dotted(alias.name)
            if isinstance(bound.node, cst.ImportFrom):
                if local == name:
                    return f"{'.' * len(bound.node.relative)}{dotted(bound.node.module)}.{dotted(alias.name)}"
            elif alias.asname is None and local.split(".")[0] == name:
                return name
            elif local == name:
                return dotted(alias.name)
        return name

    def assigned_value(self, bound) -> cst.BaseExpression | None:
        """The expression of ``name = expression`` (or ``with expression as name``), if the binding is just that."""
        if not isinstance(bound, Assignment) or not isinstance(bound.node, cst.Name):
            return None
        parent = self.parents[bound.node]
        if isinstance(parent, cst.AssignTarget):
            return self.parents[parent].value
        if isinstance(parent, cst.AnnAssign):
            return parent.value
        if isinstance(parent, cst.AsName) and isinstance(self.parents[parent], cst.WithItem):
            return self.parents[parent].item
        return None

    def constant(self, node: cst.CSTNode | None, depth: int = 0):
        """The value of a literal, or of a name bound once to a literal; ``...`` where it is not known."""
        if depth > _DEPTH or node is None:
            return ...
        if isinstance(node, cst.Name) and node.value in ("None", "True", "False"):
            return {"None": None, "True": True, "False": False}[node.value]
        if isinstance(node, (cst.SimpleString, cst.Integer, cst.Float)):
            return node.evaluated_value
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
            value = self.constant(node.expression, depth + 1)
            return ... if value is ... else -value
        if isinstance(node, cst.Name) and len(self.bindings(node)) == 1:
            return self.constant(self.assigned_value(self.binding(node)), depth + 1)
        return ...

    # Text surgery ----------------------------------------------------------------------------------------------------
    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        return Edit(*self.span(node), text)

    def rename_attribute(self, node: cst.CSTNode, text: str) -> Edit:
        """Replace the last part of a dotted name, or the whole of a plain one."""
        return self.replace(node.attr if isinstance(node, cst.Attribute) else node, text)

    def remove_statement(self, statement: cst.CSTNode) -> Edit:
        """Take a statement out with its line; leave ``pass`` where its block would be empty."""
        if isinstance(statement, cst.BaseSmallStatement):
            line = self.parents[statement]
            if isinstance(line, cst.SimpleStatementSuite) or len(line.body) > 1:
                return self._remove_small(statement, line)
            statement = line
        block = self.parents[statement]
        start = self.start_of_statement(statement)
        end = self.span(last_line(statement))[1]
        if len(block.body) == 1 and not isinstance(block, cst.Module):
            return Edit(start, end, "pass")
        first = self.line_of(start) - 1
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

    def start_of_statement(self, statement: cst.CSTNode) -> int:
        """Where a statement begins, decorators included."""
        decorators = getattr(statement, "decorators", ())
        return self.start(decorators[0] if decorators else statement)

    def _remove_small(self, statement: cst.CSTNode, line: cst.CSTNode) -> Edit:
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


def dotted(node: cst.CSTNode | None) -> str:
    """The text of a dotted name node."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def argument(call: cst.Call, name: str, position: int | None = None) -> cst.Arg | None:
    """The argument called ``name``, or the one at ``position`` if it is given by position."""
    for index, arg in enumerate(call.args):
        if arg.star:
            return None
        if arg.keyword is not None and arg.keyword.value == name:
            return arg
        if arg.keyword is None and index == position:
            return arg
    return None


def has_star(call: cst.Call) -> bool:
    return any(arg.star for arg in call.args)


def last_line(statement: cst.CSTNode) -> cst.CSTNode:
    """The last simple statement inside a statement; a block's own position would take in trailing comments."""
    while True:
        parts = [
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
