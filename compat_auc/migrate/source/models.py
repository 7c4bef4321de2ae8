"""Read what a file says about its models: which expressions are Keras models, and the last layer's output."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.source.source import Source, argument, fact

_MAX_DEPTH = 8
MODEL = "model"
OTHER = "other"
UNSURE = "unsure"
MODEL_MAKERS = {
    "keras.models.Sequential",
    "keras.models.Model",
    "keras.models.load_model",
    "keras.models.model_from_json",
    "keras.models.model_from_yaml",
    "keras.models.clone_model",
    "keras.utils.multi_gpu_model",
}


def kind(source: Source, node: cst.CSTNode | None, depth: int = 0) -> str:
    """Decide whether an expression is a Keras model, something else, or not known."""
    if depth > _MAX_DEPTH:
        return UNSURE
    if isinstance(node, cst.Call):
        return _made_by(source, node, depth)
    if isinstance(node, cst.Name):
        return kind(source, source.assigned_value(source.binding(node)), depth + 1)
    if isinstance(node, cst.Attribute):
        return _attribute(source, node, depth)
    return UNSURE


def _made_by(source: Source, call: cst.Call, depth: int) -> str:
    name = source.name(call.func)
    if name in MODEL_MAKERS or (name or "").startswith("keras.applications."):
        return MODEL
    if name:
        return OTHER
    own = source.bound_node(call.func)
    if isinstance(own, cst.ClassDef):
        return MODEL if "models" in keras_bases(source, own) else OTHER
    if isinstance(own, cst.FunctionDef):
        kinds = {kind(source, value, depth + 1) for value in source.returned(own) if value is not None}
        return kinds.pop() if len(kinds) == 1 else UNSURE
    return UNSURE


def _attribute(source: Source, node: cst.Attribute, depth: int) -> str:
    """Decide about ``self.name``. ``self.model`` of a callback is a model; else look at what the class assigns."""
    if source.code(node) == "self.model" and "callbacks" in keras_bases(source, source.enclosing(node, cst.ClassDef)):
        return MODEL
    kinds = (kind(source, value, depth + 1) for value in source.self_values(node))
    return next((model_kind for model_kind in kinds if model_kind != UNSURE), UNSURE)


def keras_bases(source: Source, node: cst.CSTNode | None, depth: int = 0) -> Iterator[str]:
    """Yield the modules of Keras that the bases of a class come from, also through other classes of the file."""
    for base in node.bases if isinstance(node, cst.ClassDef) and depth < _MAX_DEPTH else ():
        parts = (source.name(base.value) or "").split(".")
        if parts[0] == "keras" and len(parts) > 2:
            yield parts[1]
        else:
            yield from keras_bases(source, source.bound_node(base.value), depth + 1)


def own_kind(source: Source, node: cst.CSTNode | None) -> str | None:
    """Return the module of Keras that a class's first base of Keras comes from."""
    return next(keras_bases(source, node), None)


def is_callback(source: Source, node: cst.ClassDef) -> bool:
    return "callbacks" in keras_bases(source, node)


def _dense_calls(source: Source) -> list[cst.Call]:
    return list(source.calls("keras.layers.Dense"))


@fact
def head_units(source: Source) -> int | None:
    """Return the units of the last ``Dense`` of the file, or None if they are not a known number."""
    dense = _dense_calls(source)
    if not dense:
        return None
    arg = argument(dense[-1], "units", 0) or argument(dense[-1], "output_dim")
    units = source.constant(arg.value) if arg is not None else ...
    return units if isinstance(units, int) else None


@fact
def head_activation(source: Source) -> str | None:
    """Return the activation of the last ``Dense``: its own, or that of an ``Activation`` layer after it."""
    dense = _dense_calls(source)
    if not dense:
        return None
    own = argument(dense[-1], "activation", 1)
    if own is None:
        after = [
            call for call in source.calls("keras.layers.Activation") if source.start(call) > source.start(dense[-1])
        ]
        own = argument(after[0], "activation", 0) if after else None
    value = source.constant(own.value) if own is not None else None
    return value if isinstance(value, str) else None


@fact
def uses_keras(source: Source) -> bool:
    """Whether the file imports or uses Keras, as its own package or inside TensorFlow."""
    return any(name.split(".")[0] == "keras" for name in source.canonical_names)
