"""Find the scope of each name, and what binds the name there. This is faster than libcst's own walks."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Iterator, Literal, Sequence, Union

import libcst as cst

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


class ImportAssignment(Assignment):
    """A binding by an import, whose statement is ``node``."""


_Where = Union[Scope, None, Literal[False]]  # False: the name is no variable.
_Field = Union[cst.CSTNode, Sequence[cst.CSTNode], cst.MaybeSentinel, str, None]


class Outline:
    """The nodes of some top-level statements in the order of the text, with their parents, scopes and bindings."""

    def __init__(self, statements: Sequence[cst.CSTNode]) -> None:
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self.kinds: dict[type, list[Any]] = {}
        self.scopes: dict[cst.Name, Scope | None] = {}
        self.bound: dict[str, list[Assignment]] = {}
        self._stack: list[tuple[cst.CSTNode, _Where]] = [(one, None) for one in reversed(statements)]
        while self._stack:
            node, scope = self._stack.pop()
            self.kinds.setdefault(type(node), []).append(node)
            if type(node) is not cst.Name:
                self._enter(node, type(node), scope)
            elif scope is not False:
                self.scopes[node] = scope

    def _enter(self, node: Any, kind: type, scope: _Where) -> None:
        """Note what a node binds, and put its children onto the stack, each with its scope."""
        own: _Where = scope
        outside: tuple[str, ...] = ()
        if scope is not False:
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
            value: _Field = getattr(node, name)
            for child in reversed(value) if isinstance(value, (list, tuple)) else (value,):
                if isinstance(child, cst.CSTNode):
                    self.parents[child] = node
                    self._stack.append((child, scope if name in outside else own))

    def _bind_by(self, node: Any, kind: type, scope: Scope | None) -> None:
        if kind in _TARGETS:
            for name in _names(getattr(node, _TARGETS[kind])):
                self._bind(Assignment(name.value, name, scope))
        elif kind in (cst.FunctionDef, cst.ClassDef, cst.Param):
            self._bind(Assignment(node.name.value, node, scope))
        elif kind in (cst.Import, cst.ImportFrom):
            for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
                first: Any = alias.asname.name if alias.asname else alias.name
                while isinstance(first, cst.Attribute):
                    first = first.value
                self._bind(ImportAssignment(first.value, node, scope))
        elif kind in (cst.Global, cst.Nonlocal) and scope is not None:
            scope.moved.update((one.name.value, kind) for one in node.names)

    def _bind(self, assignment: Assignment) -> None:
        scope, name = assignment.scope, assignment.name
        while scope is not None and name in scope.moved:
            scope = None if scope.moved[name] is cst.Global else scope.outer()
        assignment.scope = scope
        (self.bound if scope is None else scope.bound).setdefault(name, []).append(assignment)


@lru_cache(maxsize=None)
def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a type that hold no spaces or commas, in the order of the text."""
    return _ORDER.get(kind) or tuple(one.name for one in dataclasses.fields(kind) if not _BLANK.search(one.name))


def inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Every node in another one, in the order of the text."""
    stack = [node]
    while stack:
        here = stack.pop()
        if here is not node:
            yield here
        for name in reversed(_fields(type(here))):
            value: _Field = getattr(here, name)
            children = reversed(value) if isinstance(value, (list, tuple)) else (value,)
            stack.extend(child for child in children if isinstance(child, cst.CSTNode))


def _names(target: Any) -> Iterator[cst.Name]:
    """Yield the names that a target binds. Attributes and items bind no name."""
    if isinstance(target, cst.Name):
        yield target
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)
