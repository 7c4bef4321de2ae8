"""Read what a file says about the outputs of a model: how many there are, and the columns and name of each."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Iterator, Sequence

import libcst as cst

from compat_auc.migrate.source.models import keras_bases
from compat_auc.migrate.source.source import Source, argument, has_star, inside, root

_MAX_DEPTH = 16
# The argument that is the last dimension of what a layer returns, with its place.
_WIDTHS = {
    "Dense": ("units", "output_dim"),
    "LSTM": ("units", "output_dim"),
    "GRU": ("units", "output_dim"),
    "SimpleRNN": ("units", "output_dim"),
    **{f"Conv{size}D{kind}": ("filters", "nb_filter") for size in (1, 2, 3) for kind in ("", "Transpose")},
}
# Layers that keep the last dimension.
_KEEP = {
    "Activation", "ActivityRegularization", "BatchNormalization", "Dropout", "ELU", "GaussianDropout", "GaussianNoise",
    "LayerNormalization", "LeakyReLU", "Masking", "PReLU", "ReLU", "Softmax", "SpatialDropout1D", "SpatialDropout2D",
    "ThresholdedReLU", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D",
}  # fmt: skip
_WRAPPERS = {"keras.utils.multi_gpu_model", "keras.models.clone_model", "keras.utils.multi_gpu_utils.multi_gpu_model"}
_CONDITIONS = (cst.If, cst.Else, cst.Try, cst.ExceptHandler, cst.For, cst.While, cst.FunctionDef)


@dataclass(frozen=True)
class Output:
    """One output of a model: its number of columns, its name and its activation; None for what is not known."""

    width: int | None
    name: str | None = None
    activation: str | None = None


UNKNOWN_OUTPUT = Output(None)


def values(source: Source, node: cst.CSTNode, depth: int = 0) -> list[cst.BaseExpression | None]:
    """Return the expressions that a name may stand for where it is used; None stands for what is not known.

    A binding under a condition leaves those above it possible. A parameter stands for what the file's calls give.
    """
    if not isinstance(node, cst.Name) or depth > _MAX_DEPTH:
        return [None]
    bindings = source.bindings(node)
    own = [binding for binding in bindings if binding.scope is source.scopes.get(node)]
    if own:
        first = next(part for part in inside(source.statement(node)) if part in source.scopes)
        bindings = [binding for binding in own if source.order(binding.node) < source.order(first)]
    possible: list[cst.BaseExpression | None] = []
    for binding in reversed(bindings):
        if isinstance(binding.node, cst.Param):
            possible.extend(_arguments(source, binding.node))
        else:
            possible.append(source.assigned_value(binding))
        if own and not _under_condition(source, binding.node, node):
            break
    return possible or [None]


def only_value(source: Source, node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """Return what an expression is, through a variable with one value; None for a variable with several."""
    if not isinstance(node, cst.Name):
        return node
    possible = values(source, node)
    return possible[0] if len(possible) == 1 else None


def _under_condition(source: Source, node: cst.CSTNode, use: cst.CSTNode) -> bool:
    """Whether ``node`` may not have run when ``use`` runs."""
    around = set(source.ancestors(use))
    return any(isinstance(parent, _CONDITIONS) and parent not in around for parent in source.ancestors(node))


def _arguments(source: Source, param: cst.Param) -> list[cst.BaseExpression | None]:
    """Return what the calls in this file give for a parameter."""
    function = source.enclosing(param, cst.FunctionDef, cst.Lambda)
    if not isinstance(function, cst.FunctionDef) or param not in function.params.params:
        return [None]
    position = function.params.params.index(param)
    calls = [
        call
        for name in source.uses(function.name)
        for call in [source.parents[name]]
        if isinstance(call, cst.Call) and call.func is name and source.bound_node(name) is function
    ]
    if not calls or any(map(has_star, calls)):
        return [None]
    passed = [argument(call, param.name.value, position) for call in calls]
    return [arg.value if arg is not None else param.default for arg in passed]


def outputs(source: Source, model: cst.BaseExpression | None, depth: int = 0) -> list[Output] | None:
    """Return the outputs of the model that an expression is, or None if they are not known."""
    if model is None or depth > _MAX_DEPTH:
        return None
    if isinstance(model, (cst.Name, cst.Attribute)):
        return _agreed([_of_value(source, value, model, depth) for value in _possible(source, model, depth)])
    return _of_value(source, model, None, depth)


def _possible(source: Source, node: cst.BaseExpression, depth: int = 0) -> list[cst.BaseExpression | None]:
    """Return the expressions that a variable or an attribute of ``self`` may stand for."""
    return assigned(source, node) if isinstance(node, cst.Attribute) else values(source, node, depth)


def _agreed(several: list[list[Output] | None]) -> list[Output] | None:
    """Return what all possible values have in common; a width that differs is not known."""
    alternatives = [group for group in several if group is not None]
    if not alternatives or len(alternatives) < len(several) or len({len(group) for group in alternatives}) > 1:
        return None
    return [common(column) for column in zip(*alternatives)]


def common(several: Sequence[Output]) -> Output:
    """Return what several outputs have in common."""
    return Output(*(column[0] if len(set(column)) == 1 else None for column in zip(*map(astuple, several))))


def assigned(source: Source, node: cst.Attribute) -> list[cst.BaseExpression | None]:
    """Return what the class assigns to ``self.name``."""
    return [*source.self_values(node)] or [None]


def _of_value(
    source: Source, value: cst.BaseExpression | None, variable: cst.Name | cst.Attribute | None, depth: int
) -> list[Output] | None:
    if not isinstance(value, cst.Call):
        return outputs(source, value, depth + 1) if isinstance(value, (cst.Name, cst.Attribute)) else None
    name = source.name(value.func)
    if name == "keras.models.Sequential":
        layers = [*_listed(source, value), *(_added(source, variable) if variable is not None else ())]
        output = _last(source, layers, variable if variable is not None else value, depth)
        return [output]
    if name == "keras.models.Model":
        arg = argument(value, "outputs", 1) or argument(value, "output")
        return _tensors(source, arg.value, depth + 1) if arg is not None else None
    if name in _WRAPPERS and value.args:
        return outputs(source, value.args[0].value, depth + 1)
    own = source.bound_node(value.func)
    if isinstance(own, cst.FunctionDef):
        return _agreed([outputs(source, value, depth + 1) for value in source.returned(own)])
    if isinstance(own, cst.ClassDef) and "models" in keras_bases(source, own):
        calls = [method for method in source.of_class(own, cst.FunctionDef) if method.name.value == "call"]
        return _agreed([_tensors(source, value, depth + 1) for call in calls for value in source.returned(call)])
    return None


def _listed(source: Source, call: cst.Call) -> Iterator[cst.BaseExpression]:
    arg = argument(call, "layers", 0)
    layers = only_value(source, arg.value) if arg is not None else None
    if isinstance(layers, (cst.List, cst.Tuple)):
        yield from (element.value for element in layers.elements)


def _added(source: Source, model: cst.Name | cst.Attribute) -> Iterator[cst.BaseExpression]:
    """Yield the layers that ``model.add(...)`` adds above this use of the model, in the same function."""
    text, function, position = source.code(model), source.enclosing(model, cst.FunctionDef), source.order(root(model))
    for call in source.spelled(f"{text}.add"):
        is_above = call.args and source.order(root(call.func)) < position
        if is_above and source.enclosing(call, cst.FunctionDef) is function:
            yield call.args[0].value


def _last(source: Source, layers: list[cst.BaseExpression], use: cst.CSTNode, depth: int) -> Output:
    """Return the output of a stack of layers."""
    possible: list[Output] = []
    name = activation = None
    for layer in reversed(layers):
        for call in _calls_of(source, layer):
            name, activation = name or _name(source, call), activation or _activation(source, call)
            if call is None or not _keeps(source, call):
                possible.append(Output(_width(source, call, depth), name, activation))
        if possible and not _under_condition(source, layer, use):
            break
    return common(possible) if possible else UNKNOWN_OUTPUT


def _calls_of(source: Source, layer: cst.BaseExpression) -> list[cst.Call | None]:
    """Return the calls that make a layer: itself, or what its variable stands for."""
    if isinstance(layer, cst.Call):
        return [layer]
    return [value if isinstance(value, cst.Call) else None for value in _possible(source, layer)]


def _kind(source: Source, layer: cst.Call) -> str:
    name = source.name(layer.func) or ""
    return name.removeprefix("keras.layers.") if name.startswith("keras.layers.") else ""


def _keeps(source: Source, layer: cst.Call) -> bool:
    return _kind(source, layer) in _KEEP


def _name(source: Source, layer: cst.Call | None) -> str | None:
    arg = argument(layer, "name") if layer is not None else None
    value = source.constant(arg.value) if arg is not None else None
    return value if isinstance(value, str) else None


def _activation(source: Source, layer: cst.Call | None) -> str | None:
    if layer is None:
        return None
    if _kind(source, layer) == "Softmax":
        return "softmax"
    arg = argument(layer, "activation", 0 if _kind(source, layer) == "Activation" else 1)
    value = source.constant(arg.value) if arg is not None else None
    if isinstance(value, str):
        return value
    name = (source.name(arg.value) or "") if arg is not None else ""
    return name.rpartition(".")[2] if name.startswith(("keras.activations.", "tensorflow.nn.")) else None


def _width(source: Source, layer: cst.Call | None, depth: int) -> int | None:
    if layer is None or depth > _MAX_DEPTH:
        return None
    kind = _kind(source, layer)
    if kind == "TimeDistributed" and layer.args:
        widths = {_width(source, call, depth + 1) for call in _calls_of(source, layer.args[0].value)}
        return widths.pop() if len(widths) == 1 else None
    if kind in _WIDTHS:
        names = _WIDTHS[kind]
        arg = argument(layer, names[0], 0) or argument(layer, names[1])
        return number(source, arg.value) if arg is not None else None
    inner = outputs(source, layer, depth + 1)  # A model may stand among the layers.
    return inner[0].width if inner is not None and len(inner) == 1 else None


def number(source: Source, node: cst.BaseExpression, depth: int = 0) -> int | None:
    """Return the value of an integer, of a name for it, or of ``len`` of a list that stands in the file."""
    value = source.constant(node)
    if isinstance(value, int):
        return value
    if depth > _MAX_DEPTH:
        return None
    if isinstance(node, cst.Call) and source.code(node.func) == "len" and len(node.args) == 1:
        counted = only_value(source, node.args[0].value)
        if not isinstance(counted, (cst.List, cst.Tuple)):
            return None
        starred = any(isinstance(element, cst.StarredElement) for element in counted.elements)
        text = source.code(node.args[0].value)
        grows = any(source.spelled(f"{text}.append", f"{text}.extend"))
        return None if starred or grows else len(counted.elements)
    possible = values(source, node, depth)
    numbers = {number(source, choice, depth + 1) if choice is not None else None for choice in possible}
    return numbers.pop() if len(numbers) == 1 else None


def _tensors(source: Source, node: cst.BaseExpression | None, depth: int) -> list[Output] | None:
    """Return the outputs that a tensor, or a list, tuple or dict of tensors stands for."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(node, (cst.List, cst.Tuple)):
        if any(isinstance(element, cst.StarredElement) for element in node.elements):
            return None
        several = [_tensors(source, element.value, depth + 1) or [UNKNOWN_OUTPUT] for element in node.elements]
        return [output for group in several for output in group]
    if isinstance(node, cst.Name):
        possible = values(source, node, depth)
        return _agreed([_tensors(source, value, depth + 1) for value in possible])
    if isinstance(node, cst.Attribute) and node.attr.value == "output":
        return outputs(source, node.value, depth + 1)
    return _called(source, node, depth) if isinstance(node, cst.Call) else None


def _called(source: Source, node: cst.Call, depth: int) -> list[Output] | None:
    """Return the outputs of ``Dense(5)(x)``, ``head(x)`` or ``model(x)``."""
    own = source.bound_node(node.func)
    if isinstance(own, cst.FunctionDef):
        return _agreed([_tensors(source, value, depth + 1) for value in source.returned(own)])
    several: list[list[Output] | None] = []
    for layer in _calls_of(source, node.func):
        if layer is not None and _keeps(source, layer) and node.args:
            below = _tensors(source, node.args[0].value, depth + 1)
            name, activation = _name(source, layer), _activation(source, layer)
            outer = [Output(output.width, name, activation or output.activation) for output in below or ()]
            several.append(outer if below is not None else None)
        elif layer is not None and _kind(source, layer):
            width = _width(source, layer, depth)
            several.append([Output(width, _name(source, layer), _activation(source, layer))])
        else:
            several.append(outputs(source, layer, depth + 1))
    return _agreed(several)
