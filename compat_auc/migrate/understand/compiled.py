"""Read a call of ``compile``: the loss of each output, and each metric with the outputs that it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterator, Sequence, Union

import libcst as cst

from compat_auc.migrate.source import models
from compat_auc.migrate.source.outputs import UNKNOWN_OUTPUT, Output, assigned, common, only_value, outputs, values
from compat_auc.migrate.source.source import Source, fact, grouped, has_star, keyword, keywords

BINARY = "binary"
SPARSE = "sparse"
CATEGORICAL = "categorical"
OTHER = "other"
UNSURE = "unsure"

METRIC_ARGUMENTS = ("metrics", "weighted_metrics")
_LISTS = (cst.List, cst.Tuple, cst.Set, cst.Dict, cst.BinaryOperation)
# The order of Keras 1 and 2. Keras 3 has the weights of the losses in the third place.
_ORDER = ("optimizer", "loss", "metrics")
_KINDS = {
    "binary_crossentropy": BINARY,
    "BinaryCrossentropy": BINARY,
    "bce": BINARY,
    "BCE": BINARY,
    "sparse_categorical_crossentropy": SPARSE,
    "SparseCategoricalCrossentropy": SPARSE,
    "categorical_crossentropy": CATEGORICAL,
    "CategoricalCrossentropy": CATEGORICAL,
}
_HOMES = re.compile(r"^keras\.(losses|metrics)\.")
_SETTING = re.compile(r"^[A-Z][A-Z0-9_]*$")
_MAX_DEPTH = 8

# An output: its number or its name; None stands for every output, and "..." for one that is not known.
Selector = Union[int, str, None]
ANY = "..."


@dataclass(frozen=True)
class Metric:
    """One metric of a ``compile``. ``holder`` is the variable that its list stands in, if it does."""

    node: cst.BaseExpression
    selector: Selector
    holder: cst.Name | None


class Compiled:
    """A call of ``compile`` with what the file says about the model's outputs."""

    def __init__(self, source: Source, call: cst.Call) -> None:
        self.source = source
        self.call = call
        self.arguments: dict[str, cst.BaseExpression] = dict(_arguments(source, call))
        assert isinstance(call.func, cst.Attribute)
        self.model: cst.BaseExpression = call.func.value
        self.outputs: list[Output] | None = outputs(source, self.model)

    def is_of_keras(self) -> bool:
        """Whether the object is a model, or an unknown object that gets a loss, or arguments that may have one."""
        kind = models.kind(self.source, self.model)
        return kind == models.MODEL or (kind == models.UNSURE and ("loss" in self.arguments or has_star(self.call)))

    def metrics(self, *names: str) -> Iterator[Metric]:
        """Yield the metrics of the arguments with these names; by default of both that take metrics."""
        for name in names or METRIC_ARGUMENTS:
            if name in self.arguments:
                yield from _metrics(self.source, self.arguments[name])

    def pairs(self, selector: Selector) -> list[tuple[str, int | None]]:
        """Return the kind of the loss and the number of columns of each output that a metric may be for."""
        losses = self._losses()
        if isinstance(losses, dict):
            by_name = [(kind, self._width(name)) for name, kind in losses.items()]
            if isinstance(selector, int):
                names = [output.name for output in self.outputs or ()]
                selector = names[selector] if selector < len(names) and names[selector] else ANY
            if selector is None or selector not in losses:
                return by_name
            return [(losses[selector], self._width(selector))]
        widths = [output.width for output in self.outputs or ()]
        every: list[tuple[str, int | None]]
        if len(losses) == 1:
            every = [(losses[0], width) for width in widths] or [(losses[0], None)]
        elif len(losses) == len(widths):
            every = list(zip(losses, widths))
        else:
            every = [(kind, None) for kind in losses]
        index = self._index(selector) if isinstance(selector, str) else selector
        return [every[index]] if index is not None and index < len(every) else every

    def losses(self) -> list[tuple[cst.BaseExpression, Output]]:
        """Return each loss with the output that it is for; a loss for all outputs stands beside each."""
        literal = only_value(self.source, self.arguments.get("loss"))
        outputs_of = self.outputs or [UNKNOWN_OUTPUT]
        if isinstance(literal, cst.Dict):
            only = outputs_of[0] if len(outputs_of) == 1 else UNKNOWN_OUTPUT
            entries = [(value, self._index(key)) for key, value in self.source.entries(literal)]
            return [(value, outputs_of[index] if index is not None else only) for value, index in entries]
        if isinstance(literal, (cst.List, cst.Tuple)):
            if len(literal.elements) != len(outputs_of):
                return [(element.value, UNKNOWN_OUTPUT) for element in literal.elements]
            return [(element.value, output) for element, output in zip(literal.elements, outputs_of)]
        return [(literal, output) for output in outputs_of] if literal is not None else []

    def count(self) -> int | None:
        """Return how many outputs the model has, if the file says so."""
        losses = self._losses()
        if self.outputs is not None:
            return len(self.outputs)
        return len(losses) if len(losses) > 1 else None

    def outputs_of(self, selector: Selector) -> list[Output]:
        """Return the outputs that a metric may be for; the last ``Dense`` of the file for a model out of reach."""
        if self.outputs is None:
            return [last_dense(self.source)]
        index = self._index(selector) if isinstance(selector, str) else selector
        return [self.outputs[index]] if index is not None and index < len(self.outputs) else self.outputs

    def _index(self, name: str | None) -> int | None:
        names = [output.name for output in self.outputs or ()]
        return names.index(name) if name is not None and name in names else None

    def _width(self, name: str) -> int | None:
        index = self._index(name)
        if index is not None and self.outputs is not None:
            return self.outputs[index].width
        widths = {output.width for output in self.outputs or ()}
        return widths.pop() if len(widths) == 1 else None

    def _losses(self) -> list[str] | dict[str, str]:
        loss = self.arguments.get("loss")
        literal = only_value(self.source, loss)
        if isinstance(literal, cst.Dict):
            entries = self.source.entries(literal)
            return {key or ANY: loss_kind(self.source, value) for key, value in entries} or {ANY: OTHER}
        if isinstance(literal, (cst.List, cst.Tuple)):
            return [loss_kind(self.source, element.value) for element in literal.elements] or [OTHER]
        return [loss_kind(self.source, loss)] if loss is not None else [OTHER]


@fact
def compiles(source: Source) -> dict[Any, Compiled]:
    """Return every call of ``compile`` with what it says."""
    return {call: Compiled(source, call) for call in source.method_calls("compile")}


def compiles_of_keras(source: Source) -> list[Compiled]:
    """Return the calls of ``compile`` that are of Keras, as far as the file shows it."""
    return [compiled for compiled in compiles(source).values() if compiled.is_of_keras()]


def last_dense(source: Source) -> Output:
    """Return the output that the last ``Dense`` of the file would give."""
    return Output(models.head_units(source), None, models.head_activation(source))


@fact
def _metric_outputs(source: Source) -> dict[cst.CSTNode, list[Output]]:
    """Return the outputs that each metric of a ``compile`` is for."""
    metrics = ((compiled, metric) for compiled in compiles(source).values() for metric in compiled.metrics())
    return grouped(
        (metric.node, output) for compiled, metric in metrics for output in compiled.outputs_of(metric.selector)
    )


def outputs_of_metric(source: Source, node: cst.CSTNode) -> list[Output]:
    """Return the outputs that a metric is for, wherever in the metric's expression ``node`` stands."""
    by_metric = _metric_outputs(source)
    metric = next((part for part in (node, *source.ancestors(node)) if part in by_metric), None)
    return by_metric[metric] if metric is not None else []


def head(source: Source, nodes: Sequence[cst.CSTNode]) -> Output:
    """Return what the outputs of a metric have in common, of all the places ``nodes`` where it is used."""
    every = [output for node in nodes for output in outputs_of_metric(source, node)]
    return common(every) if every else last_dense(source)


def _arguments(source: Source, call: cst.Call) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the arguments by name, also those in ``**options`` where the file shows them."""
    for index, arg in enumerate(call.args):
        if arg.star == "**":
            yield from _options(source, arg.value)
        elif keyword(arg):
            yield keyword(arg), arg.value
        elif not arg.star and index < len(_ORDER):
            yield _ORDER[index], arg.value


def _options(source: Source, node: cst.BaseExpression) -> Iterator[tuple[str, cst.BaseExpression]]:
    only = only_value(source, node)
    if isinstance(only, cst.Dict):
        yield from ((key, value) for key, value in source.entries(only) if key is not None)
    elif isinstance(only, cst.Call) and source.code(only.func) == "dict":
        yield from keywords(only).items()


def metric_elements(source: Source, only: cst.Call | None = None) -> list[cst.BaseExpression]:
    """Return each metric given to any ``compile``, or to ``only``; of a variable, all that it may stand for."""
    chosen = compiles(source) if only is None else {only: compiles(source)[only]}
    nodes = (
        metric.node
        for compiled in chosen.values()
        for name in METRIC_ARGUMENTS
        if name in compiled.arguments
        for metric in _metrics(source, compiled.arguments[name], every=True)
    )
    return list(dict.fromkeys(nodes))


def _metrics(
    source: Source,
    node: cst.BaseExpression,
    selector: Selector = None,
    holder: cst.Name | None = None,
    depth: int = 0,
    every: bool = False,
) -> Iterator[Metric]:
    """Yield the metrics of lists, tuples, dicts, sums, and variables with one value, or with ``every`` of several."""
    parts: list[tuple[cst.BaseExpression, Selector]] = []
    if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
        nested = any(isinstance(element.value, (cst.List, cst.Tuple)) for element in node.elements)
        by_place = nested and selector is None
        parts = [(element.value, index if by_place else selector) for index, element in enumerate(node.elements)]
    elif isinstance(node, cst.Dict):
        parts = [(value, key or ANY) for key, value in source.entries(node)]
    elif isinstance(node, cst.BinaryOperation):
        parts = [(side, selector) for side in (node.left, node.right) if not isinstance(side, cst.SimpleString)]
    elif isinstance(node, cst.IfExp):
        parts = [(node.body, selector), (node.orelse, selector)]
    else:
        possible = values(source, node) if isinstance(node, cst.Name) and depth < _MAX_DEPTH else []
        # A string in a variable may have other uses.
        kinds = _LISTS if every else (*_LISTS, cst.SimpleString)
        lists = [value for value in possible if isinstance(value, kinds)] if every or len(possible) == 1 else []
        for value in lists:
            yield from _metrics(source, value, selector, node if isinstance(node, cst.Name) else None, depth + 1, every)
        if not lists:
            yield Metric(node, selector, holder)
    for part, chosen in parts:
        yield from _metrics(source, part, chosen, holder, depth, every)


def loss_kind(source: Source, node: cst.BaseExpression | None, depth: int = 0) -> str:
    """Say which crossentropy of Keras a loss is, that it is another function, or that this is not known."""
    if node is None or depth > _MAX_DEPTH:
        return UNSURE
    text = source.constant(node)
    if isinstance(text, str):
        return _KINDS.get(text, OTHER)
    if isinstance(node, cst.Lambda) or text is None:
        return OTHER
    if isinstance(node, cst.IfExp):
        return _common({loss_kind(source, side, depth + 1) for side in (node.body, node.orelse)})
    name = source.name(node.func if isinstance(node, cst.Call) else node)
    if name is not None:
        return _of_name(source, node, name, depth)
    if isinstance(node, cst.Call):
        return _of_result(source, node, depth)
    if isinstance(node, cst.Name):
        if isinstance(source.bound_node(node), (cst.FunctionDef, cst.ClassDef)):
            return OTHER
        return _common({loss_kind(source, value, depth + 1) for value in values(source, node)})
    if isinstance(node, cst.Attribute) and source.code(node).startswith("self."):
        return _of_attribute(source, node, depth)
    return UNSURE


def _of_name(source: Source, node: cst.BaseExpression, name: str, depth: int) -> str:
    if _HOMES.match(name):
        if name == "keras.losses.get" and isinstance(node, cst.Call) and node.args:
            return loss_kind(source, node.args[0].value, depth + 1)
        return _KINDS.get(name.rpartition(".")[2], OTHER)
    # A constant of another file may be any of Keras's strings; a function of another file is a function.
    head, _, last = name.rpartition(".")
    is_setting = bool(_SETTING.match(last)) or head.rpartition(".")[2].lower() in ("config", "settings", "cfg", "conf")
    return UNSURE if is_setting and not isinstance(node, cst.Call) else OTHER


def _of_result(source: Source, call: cst.Call, depth: int) -> str:
    own = source.bound_node(call.func)
    if isinstance(own, cst.FunctionDef):
        return _common({loss_kind(source, value, depth + 1) for value in source.returned(own)})
    return OTHER if isinstance(own, cst.ClassDef) else UNSURE


def _of_attribute(source: Source, node: cst.Attribute, depth: int) -> str:
    holder = source.enclosing(node, cst.ClassDef)
    methods = source.of_class(holder, cst.FunctionDef) if holder is not None else ()
    if any(method.name.value == node.attr.value for method in methods):
        return OTHER
    return _common({loss_kind(source, value, depth + 1) for value in assigned(source, node)})


def _common(kinds: set[str]) -> str:
    return kinds.pop() if len(kinds) == 1 else UNSURE
