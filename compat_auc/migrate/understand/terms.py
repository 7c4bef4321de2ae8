"""Define the values of the abstract interpreter: symbols, operations on them, and functions of the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Iterator, Sequence, Union

import libcst as cst

if TYPE_CHECKING:
    from typing_extensions import TypeGuard


@dataclass(frozen=True)
class Term:
    """An operation and its arguments. ``op`` is a canonical dotted name, or a word for syntax."""

    op: str
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()

    def keyword(self, name: str) -> Value | None:
        return dict(self.kwargs).get(name)

    def walk(self, closed: str = "") -> Iterator[Value]:
        """Yield this value and every value in it, each once. Leave out what is inside of ``closed`` operations."""
        stack: list[Value] = [self]
        seen: set[int] = set()
        while stack:
            value = stack.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
            if isinstance(value, Term) and value.op != closed:
                stack.extend([*value.args, *(one for _, one in value.kwargs)])


@dataclass(frozen=True)
class Constant:
    """A literal: its value, and its text in the file."""

    value: Any
    text: str


@dataclass(frozen=True)
class Free:
    """An argument or variable with an unknown value. Its name means the same everywhere in ``owner``."""

    text: str
    owner: cst.CSTNode


@dataclass(frozen=True)
class Ref:
    """Something imported, by its canonical name."""

    name: str


@dataclass(frozen=True, eq=False)
class Function:
    """A function or lambda of the file with the variables around it. Keras logs it as ``name``."""

    node: cst.FunctionDef | cst.Lambda
    env: Env
    name: str
    first: Value | None = None


@dataclass(frozen=True)
class Partial:
    function: Value
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    name: str = ""


Value = Union[Term, Constant, Free, Ref, Function, Partial]
UNKNOWN = Term("unknown")
LABELS = Term("labels")
SCORES = Term("scores")
# Stands for keyword arguments whose names are not known.
REST = "**"


@dataclass(eq=False)
class Env:
    """The local variables of one call, and the variables around it."""

    variables: dict[str, Value] = field(default_factory=dict)
    outer: Env | None = None

    def lookup(self, name: str) -> Value | None:
        env: Env | None = self
        while env is not None:
            if name in env.variables:
                return env.variables[name]
            env = env.outer
        return None

    def fork(self) -> Env:
        return Env(dict(self.variables), self.outer)

    def merge(self, branches: Sequence[Env]) -> None:
        """Take over the variables of the branches, any of which may have run."""
        for name in dict.fromkeys(name for branch in branches for name in branch.variables):
            values = [value for value in (branch.lookup(name) for branch in branches) if value is not None]
            distinct = [value for place, value in enumerate(values) if value not in values[:place]]
            self.variables[name] = distinct[0] if len(distinct) == 1 else Term("choice", tuple(distinct))


def named(value: Value, name: str) -> Value:
    """Return ``value`` with another ``__name__``."""
    return replace(value, name=name) if isinstance(value, (Function, Partial)) and name else value


def log_name(value: Value) -> str:
    """Return the ``__name__`` of a callable. Keras logs a metric under it."""
    if isinstance(value, (Function, Partial)):
        return value.name
    return value.name.rsplit(".", 1)[-1] if isinstance(value, Ref) else ""


def is_term(value: Value | None, op: str) -> TypeGuard[Term]:
    return isinstance(value, Term) and value.op == op


def item(value: Value, index: int | str) -> Value:
    """Return ``value[index]``: the element itself if it is known, else a term."""
    if is_term(value, "sequence") and isinstance(index, int) and -len(value.args) <= index < len(value.args):
        return value.args[index]
    known = value.keyword(str(index)) if is_term(value, "mapping") else None
    return known if known is not None else Term("item", (value, Constant(index, repr(index))))


def method_of(own: Free, name: str) -> Function | None:
    """Return ``self.name`` if the class defines it as a method without decorators."""
    body = own.owner.body.body if isinstance(own.owner, cst.ClassDef) and own.text == "self" else ()
    found = [node for node in body if isinstance(node, cst.FunctionDef) and node.name.value == name]
    return Function(found[0], Env(), name, first=own) if found and not found[0].decorators else None


def parts_of(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Yield the expressions that a node of any kind is made of."""
    for child in node.children:
        if isinstance(child, cst.BaseExpression):
            yield child
        else:
            yield from parts_of(child)
