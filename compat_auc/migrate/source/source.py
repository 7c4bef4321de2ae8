"""A parsed file and the meaning of its names: full names through imports, aliases and stars; bindings; literals."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from heapq import merge
from typing import Any, Iterator, NamedTuple, Sequence

import libcst as cst

from compat_auc.migrate.edits import Edit
from compat_auc.migrate.source.scopes import Assignment, ImportAssignment, Scope, inside
from compat_auc.migrate.source.tree import Tree, literal
from compat_auc.migrate.tables.names import canonical, star_owner

_DEPTH = 12
# The meaning of names that the file does not bind: a star import of the user's own module must bring them.
_CONVENTIONS = {"tf": "tensorflow", "K": "keras.backend", "keras": "keras"}


class Bound(NamedTuple):
    """The bindings of a name in one scope, in the order of the text.

    ``starts`` has the start of each binding, if there are several. ``imports`` has the full names that it imports.
    """

    every: list[Assignment]
    starts: list[int]
    imports: tuple[str, ...]
    only_imports: bool


_FREE = Bound([], [], (), False)


class Source(Tree):
    """The input of every rule: a file, the ``target`` to move it to, and the names that other files take from it."""

    def __init__(
        self,
        text: str,
        target: str = "keras3",
        exported: frozenset[str] = frozenset(),
        before: Source | None = None,
    ) -> None:
        super().__init__(text, before)
        self.target = target
        self.exported = exported
        self._raw_names: dict[cst.CSTNode, str | None] = {}
        self._bindings: dict[tuple[Scope | None, str], Bound] = {}

    def calls(self, *names: str) -> Iterator[cst.Call]:
        """The calls of any of these canonical names."""
        found = [self._calls.get(name, []) for name in names]
        yield from (call for _, call in (found[0] if len(found) == 1 else merge(*found)))

    @cached_property
    def _calls(self) -> dict[str | None, list[tuple[int, cst.Call]]]:
        """The calls by canonical name, each with its place among all calls."""
        calls: dict[str | None, list[tuple[int, cst.Call]]] = {}
        for place, call in enumerate(self.all(cst.Call)):
            calls.setdefault(self.name(call.func), []).append((place, call))
        return calls

    def from_imports(self) -> Iterator[cst.ImportFrom]:
        """Yield the ``from module import ...`` statements that are not relative."""
        return (node for node in self.all(cst.ImportFrom) if node.module is not None and not node.relative)

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
        """Whether the file uses the name that an import binds, or gives it to other files."""
        local, statement = _local_name(alias), self.parents[alias]
        return local in self._public or any(
            any(one.node is statement for one in self.bindings(name))
            for name in self.named(local)
            if not isinstance(self.parents[name], (cst.ImportAlias, cst.AsName))
        )

    @cached_property
    def _public(self) -> set[str]:
        """The names in ``__all__``, and those that other files of the project take from this one."""
        statements = (self.statement(name) for name in self.named("__all__"))
        small = [one for one in statements if isinstance(one, cst.BaseSmallStatement)]
        listing = [one for one in small if self.code(one).startswith("__all__")]
        texts = (node for one in listing for node in inside(one) if isinstance(node, cst.SimpleString))
        return {*self.exported, *(str(literal(node.value)) for node in texts)}

    def named(self, text: str) -> list[cst.Name]:
        """Return every name with this spelling, also of attributes and keywords."""
        return self._named.get(text, [])

    @cached_property
    def _named(self) -> dict[str, list[cst.Name]]:
        found: dict[str, list[cst.Name]] = {}
        for name in self.all(cst.Name):
            found.setdefault(name.value, []).append(name)
        return found

    def uses(self, name: cst.Name) -> list[cst.Name]:
        """Return every use of the same variable, this one included."""
        return self._uses.get((self._holder(name), name.value), [])

    @cached_property
    def _uses(self) -> dict[tuple[Scope | None, str], list[cst.Name]]:
        found: dict[tuple[Scope | None, str], list[cst.Name]] = {}
        for name in self.scopes:
            found.setdefault((self._holder(name), name.value), []).append(name)
        return found

    def bindings(self, name: cst.Name) -> list[Assignment]:
        """Everything in the file that binds ``name`` where it is used, in the order of the text."""
        return self.bound(name).every

    def bound(self, name: cst.Name) -> Bound:
        return self.bound_in(self._holder(name), name.value) if name in self.scopes else _FREE

    def binding(self, name: cst.Name) -> Assignment | None:
        """Return the binding that ``name`` sees: the last one above it in its own scope, else the last of all."""
        if name not in self.scopes:
            return None
        holder = self._holder(name)
        bound = self.bound_in(holder, name.value)
        own = holder is self.scopes[name] and len(bound.every) > 1
        above = bisect_left(bound.starts, self.start(name)) if own else 0
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
        if (scope, name) not in self._bindings:
            found = (self._globals if scope is None else scope.bound).get(name, [])
            found = sorted(found, key=lambda one: self.start(one.node)) if len(found) > 1 else found
            imports = [self.imported(one, name) for one in found if isinstance(one, ImportAssignment)]
            starts = [self.start(one.node) for one in found[1:] and found]
            only = bool(found) and len(imports) == len(found)
            self._bindings[scope, name] = Bound(found, starts, tuple(dict.fromkeys(imports)), only)
        return self._bindings[scope, name]

    @cached_property
    def _globals(self) -> dict[str, list[Assignment]]:
        """What the module itself binds, by name."""
        bound: dict[str, list[Assignment]] = {}
        for piece in self.pieces:
            for name, found in piece.outline.bound.items():
                bound.setdefault(name, []).extend(found)
        return bound

    def raw_name(self, node: cst.CSTNode) -> str | None:
        """Return the dotted name as imported, also through ``x = some.module`` and stars; None for local things."""
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
            return self.imported(bound, node.value)
        if bound is not None:
            value = self.assigned_value(bound)
            return self._raw_name(value, depth + 1) if isinstance(value, (cst.Name, cst.Attribute)) else None
        if node.value in ("None", "True", "False"):
            return None
        if not self.stars:
            return None
        module = star_owner(node.value, tuple(self.star_modules))
        if module is None:
            return _CONVENTIONS.get(node.value)
        return f"{module}.{node.value}" if module else None

    def name(self, node: cst.CSTNode) -> str | None:
        """The canonical dotted name of an expression (``names.canonical``)."""
        raw = self.raw_name(node)
        return canonical(raw) if raw else None

    @staticmethod
    def imported(bound: ImportAssignment, name: str) -> str:
        statement: Any = bound.node
        aliases: Sequence[cst.ImportAlias] = statement.names
        alias = next(one for one in aliases if _local_name(one) == name)
        if isinstance(statement, cst.ImportFrom):
            return f"{'.' * len(statement.relative)}{dotted(statement.module)}.{dotted(alias.name)}"
        return dotted(alias.name) if alias.asname else name

    def split_import(self, node: cst.ImportFrom, taken: Sequence[cst.ImportAlias], home: str) -> Edit:
        """Import the ``taken`` names of an import from ``home``, and the others from where they came."""
        kept = [] if isinstance(node.names, cst.ImportStar) else [one for one in node.names if one not in taken]
        if not kept:
            return self.replace_module(node, home)
        lines = [
            f"from {module} import " + ", ".join(self.code(one).rstrip(", \n") for one in names)
            for module, names in ((dotted(node.module), kept), (home, taken))
        ]
        return self.replace(node, self.lines_for(node, lines))

    def assigned_value(self, bound: Any) -> cst.BaseExpression | None:
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

    def constant(self, node: cst.CSTNode | None, depth: int = 0) -> Any:
        """Return the value of a literal, or of a name bound once to a literal; ``...`` if it is not known."""
        if depth > _DEPTH or node is None:
            return ...
        if isinstance(node, cst.Name) and node.value in ("None", "True", "False"):
            return {"None": None, "True": True, "False": False}[node.value]
        if isinstance(node, (cst.SimpleString, cst.Integer, cst.Float)):
            return literal(node.value)
        if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
            value = self.constant(node.expression, depth + 1)
            return ... if value is ... else -value
        if isinstance(node, cst.Name) and len(self.bindings(node)) == 1:
            return self.constant(self.assigned_value(self.binding(node)), depth + 1)
        return ...


def dotted(node: cst.CSTNode | None) -> str:
    """The text of a dotted name node."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{node.attr.value}"
    return node.value if isinstance(node, cst.Name) else ""


def _local_name(alias: cst.ImportAlias) -> str:
    """The name that a part of an import binds."""
    return dotted(alias.asname.name) if alias.asname else dotted(alias.name).split(".")[0]


def root(node: cst.CSTNode) -> cst.CSTNode:
    """The first part of a dotted name."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


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
