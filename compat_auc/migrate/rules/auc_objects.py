"""Find problems of AUC objects: Keras numbers their names, two have one name, or the labels are class numbers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, argument, has_star, inside, keyword
from compat_auc.migrate.understand.compiled import (
    METRIC_ARGUMENTS,
    SPARSE,
    Compiled,
    Selector,
    compiles,
    loss_kind,
    metric_elements,
)
from compat_auc.migrate.understand.interpreter import KERAS_AUC

_KEY = re.compile(r"^(?:val_)?auc(?:_(\d+))?$|\{(?:val_)?auc(?:_(\d+))?[:}]")
_BARE = "compat_auc.auc_roc"
_MAKERS = (KERAS_AUC, "compat_auc.RankAUC", _BARE)
_REPEATS = (cst.For, cst.While, cst.FunctionDef, cst.ListComp)


@dataclass(frozen=True)
class Entry:
    """A metric of one ``compile``: the expression in the list, the outputs that it is for, and the call that makes it.

    ``maker`` is None if that is no AUC, or if the file does not show it.
    """

    node: cst.BaseExpression
    selector: Selector
    maker: cst.Call | None


@rule("CA107", "CA109", stage=Stage.CALLS)
def auc_objects(source: Source) -> Iterator[Finding]:
    models = [_metrics(source, compiled, name) for compiled in compiles(source).values() for name in METRIC_ARGUMENTS]
    yield from _numbered(source, models)
    for model in models:
        yield from _of_one_name(source, model)
    for call, compiled in compiles(source).items():
        if loss_kind(source, compiled.arguments.get("loss")) == SPARSE:
            for element in metric_elements(source, call):
                if _is_auc(source, element):
                    message = (
                        "the labels are class numbers, and an AUC takes one label of 0 or 1 for each score. Use "
                        "one-hot labels, keras.utils.to_categorical(y), and loss='categorical_crossentropy'."
                    )
                    yield source.report("CA107", message, element)


def _metrics(source: Source, compiled: Compiled, argument_name: str) -> list[Entry]:
    metrics = compiled.metrics(argument_name)
    return [Entry(metric.node, metric.selector, _maker(source, metric.node)) for metric in metrics]


def _maker(source: Source, node: cst.BaseExpression | None) -> cst.Call | None:
    """Return the call of an AUC's class that makes a metric, also through a variable, attribute or function."""
    if isinstance(node, cst.Name):
        node = source.assigned_value(source.binding(node))
    elif isinstance(node, cst.Attribute):
        assigned = source.attribute_values.get(source.code(node), [])
        node = assigned[0] if len(assigned) == 1 else None
    own = source.bound_node(node.func) if isinstance(node, cst.Call) else None
    if isinstance(own, cst.FunctionDef):
        returned = source.returned(own)
        node = returned[0] if len(returned) == 1 else None
    return node if isinstance(node, cst.Call) and source.name(node.func) in _MAKERS else None


# Numbers -------------------------------------------------------------------------------------------------------------
def _numbered(source: Source, models: list[list[Entry]]) -> Iterator[Finding]:
    """Name each ``AUC()`` that is made several times as Keras names the first: ``auc``, and ``auc_1`` beside it."""
    groups = [*_groups(source, models)]
    size = max(map(len, groups), default=0)
    keys = [match for _, value in source.strings for match in [_KEY.search(value)] if match]
    numbers = [int(match[1] or match[2] or 0) for match in keys]
    if not numbers or max(numbers) >= size:
        return  # It reads no such key, or the keys of a second model, which Keras numbers today as it did.
    named: set[cst.Call] = set()
    for group in groups:
        for index, call in enumerate(group):
            if call in named or source.enclosing(call, *_REPEATS) is None:
                continue
            named.add(call)
            name = f"auc_{index}" if index else "auc"
            if sum(call is metric.maker for model in models for metric in model) > 1 or _comprehended(source, call):
                message = (
                    "one model gets several AUC(). Keras calls the first auc, the second auc_1 and so on, and goes on "
                    "counting at the next model. Name each AUC(name=...)."
                )
                yield source.report("CA109", message, call)
            else:
                message = (
                    f"AUC() is now called {name!r}. Keras calls the one of a second model auc_{len(group) + index}."
                )
                edit = source.add_argument(call, f'name="{name}"')
                yield source.finding("CA109", message, call, (edit,))


def _groups(source: Source, models: list[list[Entry]]) -> Iterator[list[cst.Call]]:
    """Yield the unnamed ``AUC()`` of each model, in the order in which they are made."""
    unnamed = {call for call in source.calls(KERAS_AUC) if not has_star(call) and argument(call, "name", 3) is None}
    for model in models:
        makers = {metric.maker for metric in model if metric.maker in unnamed}
        parts = {call for metric in model for call in inside(metric.node) if call in unnamed and metric.maker is None}
        if makers or parts:
            yield sorted({maker for maker in (*makers, *parts) if isinstance(maker, cst.Call)}, key=source.start)
            unnamed -= makers | parts
    listed: dict[cst.CSTNode, list[cst.Call]] = {}
    for call in sorted(unnamed, key=source.start):
        parent = source.parents[call]
        if isinstance(parent, cst.Element):
            listed.setdefault(source.parents[parent], []).append(call)
        elif isinstance(parent, cst.Arg) and source.code(source.parents[parent].func).endswith(".append"):
            listed.setdefault(source.enclosing(call, cst.FunctionDef) or source.module, []).append(call)
    yield from listed.values()


def _comprehended(source: Source, call: cst.Call) -> bool:
    """Whether a comprehension in a list of metrics makes it: several for one model."""
    comprehension = source.enclosing(call, cst.ListComp, cst.BaseStatement)
    arg = source.enclosing(comprehension, cst.Arg, cst.BaseStatement) if comprehension is not None else None
    is_listed = isinstance(comprehension, cst.ListComp)
    return is_listed and isinstance(arg, cst.Arg) and keyword(arg) in METRIC_ARGUMENTS


# Two of one name ------------------------------------------------------------------------------------------------------
def _of_one_name(source: Source, model: list[Entry]) -> Iterator[Finding]:
    """Name the second metric of a name as Keras 2 logged it. Today's Keras refuses two of one name."""
    taken = {(metric.selector, _name(source, metric)) for metric in model}
    seen: set[tuple[Selector, str]] = set()
    for metric in model:
        name = _name(source, metric)
        if not name or (metric.selector, name) not in seen:
            seen.add((metric.selector, name))
            continue
        number = next(count for count in range(1, len(model) + 1) if (metric.selector, f"{name}_{count}") not in taken)
        new = f"{name}_{number}"
        edits = tuple(_renamed(source, metric, new))
        if edits:
            taken.add((metric.selector, new))
            message = f"The second metric {name!r} of this model is now {new!r}, the key that Keras 2 logged."
            yield source.finding("CA109", message, metric.node, edits)
        elif metric.maker is not None:
            message = f"Keras refuses two metrics that are both called {name!r}. Give each metric its own name."
            yield source.report("CA109", message, metric.node)


def _renamed(source: Source, metric: Entry, name: str) -> Iterator[Edit]:
    """Yield the edits that give a metric another name, if it is made here, in a variable or by a function."""
    text = json.dumps(name)
    if metric.maker is None:
        if source.name(metric.node) == _BARE:
            yield source.replace(metric.node, f"{source.code(metric.node)}(name={text})")
        return
    arg = argument(metric.maker, "name")
    function = source.bound_node(metric.node.func) if isinstance(metric.node, cst.Call) else None
    if not isinstance(function, cst.FunctionDef) and not isinstance(metric.node, cst.Attribute):
        yield source.replace(arg.value, text) if arg is not None else source.add_argument(metric.maker, f"name={text}")
    elif isinstance(function, cst.FunctionDef) and isinstance(metric.node, cst.Call) and arg is not None:
        params = function.params
        if params.params and not (params.kwonly_params or params.star_kwarg) and _can_have_name(source, function, arg):
            last = params.params[-1]
            end = source.span(last.default if last.default is not None else last)[1]
            yield Edit(end, end, f", name={source.code(arg.value)}")
            yield source.replace(arg.value, "name")
            yield source.add_argument(metric.node, f"name={text}")


def _can_have_name(source: Source, function: cst.FunctionDef, arg: cst.Arg) -> bool:
    """Whether a function may get the parameter ``name``: it takes no ``*args``, and uses no such variable."""
    uses = [name for name in source.named("name") if function in source.ancestors(name)]
    is_plain = isinstance(arg.value, cst.SimpleString) and not isinstance(function.params.star_arg, cst.Param)
    return is_plain and all(name is arg.keyword for name in uses)


def _name(source: Source, metric: Entry) -> str:
    """Return the log key of a metric, or an empty text if it is not known."""
    text = source.constant(metric.node)
    if isinstance(text, str):
        return text
    if metric.maker is None:
        return "auc_roc" if source.name(metric.node) == _BARE else ""
    kind = source.name(metric.maker.func)
    arg = argument(metric.maker, "name", 3 if kind == KERAS_AUC else None)
    if arg is None and kind == _BARE and not has_star(metric.maker):
        return "auc_roc"
    value = source.constant(arg.value) if arg is not None else ...
    return value if isinstance(value, str) else ""


def _is_auc(source: Source, element: cst.BaseExpression) -> bool:
    maker = source.resolved(element)
    named = maker.func if isinstance(maker, cst.Call) else element
    return (source.name(named) or source.constant(element)) in (KERAS_AUC, "AUC")
