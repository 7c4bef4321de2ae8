"""Find the class of Keras or TensorFlow that an expression is an instance of, as far as the file shows it."""

from __future__ import annotations

from functools import cached_property
from typing import Iterable, Iterator

import libcst as cst

from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Assignment, Source, argument, root
from compat_auc.migrate.target_api.advice import is_lost
from compat_auc.migrate.target_api.api import PACKAGES, Api, Missing

_DEPTH = 8
_PACKAGES = ("keras", "tf_keras")
# Functions that make a model.
_LOADERS = ("models.load_model", "models.model_from_json", "models.clone_model", "saving.load_model")
# The classes of tf.data, and their methods that give no dataset.
_DATASET = "tensorflow.python.data.ops.dataset_ops.DatasetV2"
_OLD_DATASET = "tensorflow.python.data.ops.dataset_ops.DatasetV1"
_NO_DATASET = {"as_numpy_iterator", "cardinality", "element_spec", "get_single_element", "options", "reduce", "save"}
# Other libraries whose objects have layers, optimizers and shapes, too.
_OTHERS = {"chainer", "flax", "jax", "lasagne", "mxnet", "paddle", "theano", "torch"}
_COPIES = {"builtins.list", "builtins.reversed", "builtins.sorted", "builtins.tuple", "builtins.iter"}


class Objects:
    """Knows the classes of the expressions of one file."""

    def __init__(self, source: Source, api: Api) -> None:
        self.source = source
        self.api = api
        self._classes: dict[cst.CSTNode, frozenset[str]] = {}
        self._ancestries: dict[cst.ClassDef, tuple[list[cst.ClassDef], list[str]] | None] = {}
        package = source.package
        self.models: frozenset[str] = frozenset(
            self._result(api.find(f"{package}.{name}")) for name in ("Model", "Sequential")
        )
        # A model is a layer as well, but hardly ever one of another model's layers.
        self.layers: frozenset[str] = self._kinds(f"{package}.layers.Layer") - self._kinds(f"{package}.Model")
        # Those of tf_keras have two base classes, and the old one takes any attribute.
        self.optimizers: frozenset[str] = (
            self._kinds("keras.optimizers.Optimizer") if package == "keras" else frozenset()
        )
        self.only_keras: bool = models.uses_keras(source) and not any(
            name.split(".")[0] in _OTHERS for name in source.imported_names()
        )
        self.own_models: bool = any("models" in models.keras_bases(source, node) for node in source.all(cst.ClassDef))

    def classes(self, node: cst.CSTNode, depth: int = 0) -> frozenset[str]:
        """Return the keys of the classes that ``node`` may be an instance of; empty if they are not known."""
        if depth > _DEPTH:
            return frozenset()
        if node not in self._classes:
            self._classes[node] = frozenset()  # What is bound to itself shows no class.
            self._classes[node] = self._classes_of(node, depth)
        return self._classes[node]

    def _classes_of(self, node: cst.CSTNode, depth: int) -> frozenset[str]:
        if isinstance(node, cst.Call):
            return self._made_by(node, depth)
        if isinstance(node, cst.Name):
            return self._union(self._bound(bound, depth) for bound in self.source.bindings(node))
        if isinstance(node, cst.Subscript):
            return frozenset() if _is_slice(node) else self.elements(node.value, depth + 1)
        return self._attribute(node, depth) if isinstance(node, cst.Attribute) else frozenset()

    def elements(self, node: cst.CSTNode, depth: int = 0) -> frozenset[str]:
        """Return the keys of the classes that the elements of a list may be instances of. Only layers are known."""
        if depth > _DEPTH:
            return frozenset()
        if isinstance(node, cst.Name):
            values = [self.source.assigned_value(bound) for bound in self.source.bindings(node)]
            return self._union(self.elements(value, depth + 1) if value else frozenset() for value in values)
        if isinstance(node, cst.Subscript) and _is_slice(node):
            return self.elements(node.value, depth + 1)
        if isinstance(node, cst.Call) and node.args and self._is_builtin(node.func, _COPIES):
            return self.elements(node.args[0].value, depth + 1)
        if isinstance(node, cst.Attribute) and node.attr.value == "layers" and self.is_model(node.value, depth + 1):
            return self.layers
        return frozenset()

    def is_model(self, node: cst.CSTNode, depth: int = 0) -> bool:
        """Whether this is a model of Keras, or an object of a kind that the file does not show, in a file of Keras."""
        classes = self.classes(node, depth + 1)
        if classes:
            return classes <= self.models
        is_self = isinstance(node, cst.Name) and node.value == "self"
        is_imported = self.source.raw_name(node) is not None
        return self.only_keras and not is_self and not is_imported and models.kind(self.source, node) != models.OTHER

    def is_of_others(self, node: cst.CSTNode) -> bool:
        """Whether the file shows the class of an object, or that it comes from another import or the file itself."""
        if self.classes(node) or self.source.raw_name(root(node)) is not None:
            return True
        if isinstance(node, cst.Name):
            values = [self.source.assigned_value(bound) for bound in self.source.bindings(node)]
            return any(isinstance(value, cst.Call) and self._is_from_elsewhere(value) for value in values)
        return isinstance(node, cst.Call) and self._is_from_elsewhere(node)

    def _is_from_elsewhere(self, call: cst.Call) -> bool:
        raw = self.source.raw_name(root(call.func))
        is_own = isinstance(self.source.bound_node(call.func), cst.ClassDef)
        return is_own or (raw is not None and raw.split(".")[0] not in PACKAGES)

    def is_dataset(self, node: cst.CSTNode) -> bool:
        """Whether this is a dataset of TensorFlow 2."""
        lineages = [set(self.api.lineage(key)) for key in self.classes(node)]
        return bool(lineages) and all(_DATASET in lineage and _OLD_DATASET not in lineage for lineage in lineages)

    def described(self, classes: frozenset[str]) -> str:
        """Return what a message calls an instance of any of these classes."""
        for whole, name in ((self.layers, "a layer"), (self.optimizers, "an optimizer")):
            if classes == whole:
                return name
        return " or ".join(sorted({key.rpartition(".")[2] for key in classes}))

    def _attribute(self, node: cst.Attribute, depth: int) -> frozenset[str]:
        if self.is_any_model(node):
            return self.models if not self.own_models else frozenset()
        if node.attr.value == "optimizer" and self.is_model(node.value, depth + 1):
            return self.optimizers
        is_model = not self.own_models and models.kind(self.source, node) == models.MODEL
        return self.models if is_model else frozenset()

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

    def _kinds(self, name: str) -> frozenset[str]:
        """Return the keys of a class and of those that derive from it and have no more attributes than are listed."""
        keys = self.api.derived(str(self.api.find(name))[2:])
        closed = (key for key in keys if self.api.attribute(key, "no_such_attribute") is None)
        return frozenset(key for key in closed if not key.endswith(".TorchModuleWrapper"))

    def _union(self, kinds: Iterable[frozenset[str]]) -> frozenset[str]:
        """Return all classes together; nothing if any of them are not known. The rest is not looked at then."""
        together: frozenset[str] = frozenset()
        for classes in kinds:
            if not classes:
                return classes
            together |= classes
        return together

    def _bound(self, bound: Assignment, depth: int) -> frozenset[str]:
        """Return the classes of a variable by one of its bindings: an assignment, a loop or a parameter."""
        value = self.source.assigned_value(bound)
        if value is not None:
            return self.classes(value, depth + 1)
        if isinstance(bound.node, cst.Param):
            return self._arguments(bound.node, depth)
        loop = self._looped(bound.node)
        return self.elements(loop, depth + 1) if loop is not None else frozenset()

    def _looped(self, name: cst.CSTNode) -> cst.BaseExpression | None:
        """Return the list that a loop takes the variable ``name`` from: ``for name in ...``, also by ``enumerate``."""
        parent = self.source.parents[name]
        if isinstance(parent, (cst.For, cst.CompFor)):
            return parent.iter if parent.target is name else None
        loop = self.source.parents[self.source.parents[parent]] if isinstance(parent, cst.Element) else None
        if not isinstance(loop, (cst.For, cst.CompFor)) or not isinstance(loop.target, cst.Tuple):
            return None
        is_second = [element.value for element in loop.target.elements][1:] == [name]
        counted = loop.iter if isinstance(loop.iter, cst.Call) and loop.iter.args else None
        is_counted = counted is not None and self._is_builtin(counted.func, {"builtins.enumerate"})
        return counted.args[0].value if is_second and is_counted and counted is not None else None

    def _is_builtin(self, node: cst.CSTNode, names: set[str]) -> bool:
        return isinstance(node, cst.Name) and f"builtins.{node.value}" in names and not self.source.bindings(node)

    def _arguments(self, param: cst.Param, depth: int) -> frozenset[str]:
        """Return the classes of a parameter, if every use of its function is a call that shows the argument."""
        function = self.source.parents[self.source.parents[param]]
        if not isinstance(function, cst.FunctionDef) or function.decorators or param not in function.params.params:
            return frozenset()
        position, name = function.params.params.index(param), param.name.value
        calls = [self.source.parents[use] for use in self.source.uses(function.name) if use is not function.name]
        uses = set(self.source.uses(function.name))
        arguments = (
            argument(call, name, position) if isinstance(call, cst.Call) and call.func in uses else None
            for call in calls
        )
        return self._union(self.classes(arg.value, depth + 1) if arg is not None else frozenset() for arg in arguments)

    def _made_by(self, call: cst.Call, depth: int) -> frozenset[str]:
        raw = self.source.raw_name(call.func)
        if raw is not None:
            return self._made_by_name(raw)
        if isinstance(call.func, cst.Attribute):
            return self._made_by_method(call.func, depth)
        bound = self.source.only_binding(call.func)
        node = bound.node if bound is not None else None
        if not isinstance(node, cst.FunctionDef) or node.decorators or node.asynchronous is not None:
            return frozenset()
        values = self.source.returned(node)
        return self._union(self.classes(value, depth + 1) if value else frozenset() for value in values)

    def _made_by_name(self, raw: str) -> frozenset[str]:
        if raw.endswith(_LOADERS) or ".applications." in raw:
            return self.models if self.api.has(raw) else frozenset()
        entry = self.api.find(raw)
        if isinstance(entry, str) and entry[:2] == "c:":
            return frozenset({self._result(entry)})
        owner, _, method = raw.rpartition(".")
        entry = self.api.find(owner) if "." in owner else None
        key = entry[2:] if isinstance(entry, str) and entry[:2] == "c:" else ""
        return frozenset({key}) if self._gives_dataset(key, method) else frozenset()

    def _made_by_method(self, method: cst.Attribute, depth: int) -> frozenset[str]:
        """Return the classes of the result of a method: a layer of a model, or one more dataset."""
        name = method.attr.value
        if name == "get_layer" and self.is_model(method.value, depth + 1):
            return self.layers
        holders = self.classes(method.value, depth + 1)
        return holders if holders and all(self._gives_dataset(key, name) for key in holders) else frozenset()

    def _gives_dataset(self, key: str, method: str) -> bool:
        own = self.api.classes[_DATASET]["own"]
        is_dataset = _DATASET in self.api.lineage(key)
        return is_dataset and method not in _NO_DATASET and str(own.get(method)).startswith("(")

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
            bound = self.source.only_binding(base.value)
            local = bound.node if bound is not None else None
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


def is_dimension(source: Source, node: cst.CSTNode) -> bool:
    """Whether this is a dimension of a shape: ``x.shape[0]``, ``x.get_shape()[0]``, or a variable of a loop over it."""
    if isinstance(node, cst.Subscript):
        return not _is_slice(node) and _has_dimensions(source, node.value)
    bound = source.only_binding(node)
    if bound is None:
        return False
    value = source.assigned_value(bound)
    if value is not None:
        return isinstance(value, cst.Subscript) and is_dimension(source, value)
    loop = source.parents[bound.node]
    return isinstance(loop, (cst.For, cst.CompFor)) and _has_dimensions(source, loop.iter)


def _has_dimensions(source: Source, node: cst.CSTNode) -> bool:
    """Whether this is the shape of something: ``x.shape``, ``x.get_shape()``, or a part of it."""
    if isinstance(node, cst.Name):
        value = source.assigned_value(source.only_binding(node))
        return value is not None and not isinstance(value, cst.Name) and _has_dimensions(source, value)
    if isinstance(node, cst.Subscript):
        return _is_slice(node) and _has_dimensions(source, node.value)
    if isinstance(node, cst.Call):
        is_method = isinstance(node.func, cst.Attribute) and not node.args
        return is_method and isinstance(node.func, cst.Attribute) and node.func.attr.value == "get_shape"
    return isinstance(node, cst.Attribute) and node.attr.value == "shape"


def _is_slice(node: cst.Subscript) -> bool:
    return any(isinstance(element.slice, cst.Slice) for element in node.slice)


def _names(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, cst.Attribute):
        yield target.attr.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)
