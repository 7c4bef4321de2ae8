"""Find the class of Keras or TensorFlow that an expression is an instance of, as far as the file shows it."""

from __future__ import annotations

from functools import cached_property
from typing import Iterator

import libcst as cst

from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Assignment, Source
from compat_auc.migrate.target_api.advice import is_lost
from compat_auc.migrate.target_api.api import Api, Missing

_DEPTH = 8
_PACKAGES = ("keras", "tf_keras")
# Functions that make a model.
_LOADERS = ("models.load_model", "models.model_from_json", "models.clone_model", "saving.load_model")


class Objects:
    """Knows the classes of the expressions of one file."""

    def __init__(self, source: Source, api: Api) -> None:
        self.source = source
        self.api = api
        self._ancestries: dict[cst.ClassDef, tuple[list[cst.ClassDef], list[str]] | None] = {}
        package = "tf_keras" if source.target == "tf_keras" else "keras"
        self.models: frozenset[str] = frozenset(
            self._result(api.find(f"{package}.{name}")) for name in ("Model", "Sequential")
        )
        self.own_models: bool = any(
            models.MODEL_MAKERS & {source.name(base.value) for base in node.bases} for node in source.all(cst.ClassDef)
        )

    def classes(self, node: cst.CSTNode, depth: int = 0) -> frozenset[str]:
        """Return the keys of the classes that ``node`` may be an instance of; empty if they are not known."""
        if depth > _DEPTH:
            return frozenset()
        if isinstance(node, cst.Call):
            return self._made_by(node, depth)
        if isinstance(node, cst.Name):
            return self._all(self._values(node), depth)
        return self.models if self.is_any_model(node) and not self.own_models else frozenset()

    def is_any_model(self, node: cst.CSTNode) -> bool:
        """Whether ``node`` is the ``self.model`` of a callback. Another file may define that model's class."""
        if not isinstance(node, cst.Attribute) or self.source.code(node) != "self.model":
            return False
        holder = self.source.enclosing(node, cst.ClassDef)
        return holder is not None and models.is_callback(self.source, holder)

    def of_models(self, name: str) -> bool:
        """Whether models of any Keras have an attribute of this name."""
        kinds = [self.api.find(f"{package}.{kind}") for package in _PACKAGES for kind in ("Model", "Sequential")]
        return is_lost(name) or any(self.api.attribute(self._result(kind), name) for kind in kinds)

    def _result(self, entry: str | Missing) -> str:
        """Return the class of the result of calling a class. ``Model(inputs, outputs)`` gives another class."""
        key = str(entry)[2:]
        return self.api.classes.get(key, {}).get("made", key)

    def _all(self, values: list[cst.BaseExpression | None], depth: int) -> frozenset[str]:
        nothing: frozenset[str] = frozenset()
        kinds = [self.classes(value, depth + 1) if value is not None else nothing for value in values]
        return nothing.union(*kinds) if kinds and all(kinds) else nothing

    def _values(self, name: cst.Name) -> list[cst.BaseExpression | None]:
        return [self.source.assigned_value(bound) for bound in self.source.bindings(name)]

    def _made_by(self, call: cst.Call, depth: int) -> frozenset[str]:
        raw = self.source.raw_name(call.func)
        if raw is not None:
            if raw.endswith(_LOADERS) or ".applications." in raw:
                return self.models if self.api.has(raw) else frozenset()
            entry = self.api.find(raw)
            return frozenset({self._result(entry)}) if isinstance(entry, str) and entry[:2] == "c:" else frozenset()
        bounds = self.source.bindings(call.func) if isinstance(call.func, cst.Name) else []
        node = bounds[0].node if len(bounds) == 1 and isinstance(bounds[0], Assignment) else None
        if not isinstance(node, cst.FunctionDef) or node.decorators or node.asynchronous is not None:
            return frozenset()
        return self._all([statement.value for statement in self.source.returns(node)], depth)

    def ancestry(self, node: cst.ClassDef) -> tuple[list[cst.ClassDef], list[str]] | None:
        """Return the class's ancestors in the file, itself first, and in the packages. None if it has any others."""
        if node not in self._ancestries:
            self._ancestries[node] = None  # so that a class that is its own base does not recurse for ever
            self._ancestries[node] = self._ancestry(node)
        return self._ancestries[node]

    def _ancestry(self, node: cst.ClassDef) -> tuple[list[cst.ClassDef], list[str]] | None:
        own = [node]
        keys: list[str] = []
        for base in node.bases:
            raw = self.source.raw_name(base.value)
            entry = self.api.find(raw) if raw is not None else None
            bounds = self.source.bindings(base.value) if isinstance(base.value, cst.Name) else []
            local = bounds[0].node if len(bounds) == 1 and isinstance(bounds[0], Assignment) else None
            if isinstance(entry, str) and entry.startswith("c:"):
                keys.append(entry[2:])
            elif isinstance(local, cst.ClassDef) and local is not node:
                more = self.ancestry(local)
                if more is None:
                    return None
                own, keys = own + more[0], keys + more[1]
            elif self.source.code(base.value) != "object":
                return None
        return (own, keys) if keys and not node.decorators else None

    def defined(self, classes: list[cst.ClassDef]) -> frozenset[str]:
        """Return the names that these classes define, or assign to ``self``."""
        return frozenset(name for holder in classes for name in self._members.get(holder, ()))

    @cached_property
    def _members(self) -> dict[cst.CSTNode, set[str]]:
        members: dict[cst.CSTNode, set[str]] = {}
        for node in self.source.all(
            cst.FunctionDef, cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.AsName
        ):
            holder = self.source.enclosing(node, cst.ClassDef)
            if holder is not None:
                target = getattr(node, "target", None) or node.name
                members.setdefault(holder, set()).update(_names(target))
        return members


def _names(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Attribute):
        yield target.attr.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)


def own_kind(source: Source, node: cst.CSTNode | None, depth: int = 0) -> str | None:
    """Return the module of Keras that a class's base comes from, also through other classes of the file."""
    for base in node.bases if isinstance(node, cst.ClassDef) and depth < _DEPTH else ():
        parts = (source.name(base.value) or "").split(".")
        if parts[0] == "keras" and len(parts) > 2:
            return parts[1]
        kind = own_kind(source, source.bound_node(base.value), depth + 1)
        if kind is not None:
            return kind
    return None
