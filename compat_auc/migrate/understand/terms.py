"""The values of the abstract interpreter: symbols, operations on them, and functions of the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Iterator, Union

import libcst as cst


@dataclass(frozen=True)
class Term:
    """An operation and what it is applied to; ``op`` is a canonical dotted name, or a word for syntax."""

    op: str
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()

    def keyword(self, name: str) -> Value | None:
        return dict(self.kwargs).get(name)

    def walk(self) -> Iterator[Value]:
        """This value and every value in it, each once."""
        stack: list[Value] = [self]
        seen: set[int] = set()
        while stack:
            value = stack.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            yield value
            if isinstance(value, Term):
                stack.extend([*value.args, *(one for _, one in value.kwargs)])


@dataclass(frozen=True)
class Constant:
    """A literal, with the text that stands for it."""

    value: Any
    text: str


@dataclass(frozen=True)
class Free:
    """An argument or variable whose value is not known, but whose name means the same all through ``owner``."""

    text: str
    owner: cst.CSTNode


@dataclass(frozen=True)
class Ref:
    """Something imported, by canonical name."""

    name: str


@dataclass(frozen=True, eq=False)
class Function:
    """A function or lambda of the file with the variables around it. ``name`` is what Keras will log."""

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


@dataclass(eq=False)
class Env:
    """Local variables of one call, and the variables around it."""

    variables: dict[str, Value] = field(default_factory=dict)
    outer: Env | None = None

    def lookup(self, name: str) -> Value | None:
        env: Env | None = self
        while env is not None:
            if name in env.variables:
                return env.variables[name]
            env = env.outer
        return None


def named(value: Value, name: str) -> Value:
    """``value`` under another ``__name__``."""
    return replace(value, name=name) if isinstance(value, (Function, Partial)) and name else value


def log_name(value: Value) -> str:
    """The ``__name__`` of a callable, which is what Keras logs it under."""
    if isinstance(value, (Function, Partial)):
        return value.name
    return value.name.rsplit(".", 1)[-1] if isinstance(value, Ref) else ""


def item(value: Value, index: int) -> Value:
    """``value[index]``: the element itself where it is known."""
    if isinstance(value, Term) and value.op == "sequence" and -len(value.args) <= index < len(value.args):
        return value.args[index]
    return Term("item", (value, Constant(index, str(index))))
