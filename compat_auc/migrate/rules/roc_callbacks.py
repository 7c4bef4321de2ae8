"""``class roc_callback(Callback)`` of the old answer becomes ``compat_auc.RocCallback`` where nothing is lost by it."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.callbacks import CallbackClass, Data, find_callbacks
from compat_auc.migrate.understand.replacement import import_line, local_name

_OWN_KEYS = {"roc_auc", "val_roc_auc"}
_TRAINING = re.compile(r"(^|_)(tra?i?n|tra|trn)", re.IGNORECASE)
_VALIDATION = re.compile(r"(^|_)(val|valid|dev|test|te)(?![a-z]*r)", re.IGNORECASE)


@rule("CA201", "CA202", "CA203", phase=Phase.DEFINITIONS)
def roc_callbacks(source: Source) -> Iterator[Finding]:
    for found in find_callbacks(source):
        calls = _instances(source, found)
        yield from _mixed(source, found, calls)
        reason = _reason(source, found, calls)
        name = found.node.name.value
        if reason:
            yield Finding(
                "CA202",
                f"callback `{name}` stays, {reason}; compat_auc.RocCallback logs roc_auc and val_roc_auc",
                source.start(found.node),
            )
            continue
        local = local_name(source, "RocCallback", [found.node])
        edits = [source.remove_statement(found.node)]
        edits.extend(source.replace(call, _new_call(source, found, call, local)) for call in calls)
        yield Finding(
            "CA201",
            f"callback `{name}` is compat_auc.RocCallback",
            source.start(found.node),
            tuple(edits),
            (import_line("compat_auc", "RocCallback", local),),
        )


def _instances(source: Source, found: CallbackClass) -> list[cst.Call]:
    return [
        call
        for call in source.all(cst.Call)
        if isinstance(call.func, cst.Name) and any(one.node is found.node for one in source.bindings(call.func))
    ]


def _reason(source: Source, found: CallbackClass, calls: list[cst.Call]) -> str:
    """Why the class has to stay; empty if it need not."""
    if found.reason:
        return found.reason
    if any(data.mixed for data in found.data):
        return "it mixes training and validation data"
    used = {value for node, value in source.strings() if found.node not in source.ancestors(node)}
    foreign = sorted(key for key in found.log_keys if key in used and key not in _OWN_KEYS)
    if foreign:
        return f"its log key {foreign[0]!r} is used"
    if not calls or _other_uses(source, found, calls):
        return "it is used in another way than in a list of callbacks"
    if any(_new_call(source, found, call, "") is None for call in calls):
        return "its arguments cannot be followed"
    return ""


def _other_uses(source: Source, found: CallbackClass, calls: list[cst.Call]) -> bool:
    """Whether the class is subclassed or passed around, or an instance's attributes are read."""
    for name in source.all(cst.Name):
        if name.value == found.node.name.value and name is not found.node.name:
            inside = found.node in source.ancestors(name)
            if not inside and not any(call.func is name for call in calls):
                return True
    for call in calls:
        parent = source.parents[call]
        if isinstance(parent, cst.Attribute):
            return True
        if isinstance(parent, cst.Assign) and isinstance(parent.targets[0].target, cst.Name):
            target = parent.targets[0].target
            for name in source.all(cst.Name):
                is_read = name.value == target.value and isinstance(source.parents[name], cst.Attribute)
                if is_read and any(one.node is target for one in source.bindings(name)):
                    return True
    return False


def _new_call(source: Source, found: CallbackClass, call: cst.Call, local: str) -> str | None:
    given = {}
    for index, arg in enumerate(call.args):
        if arg.star:
            return None
        given[_parameter(found, index, arg)] = source.code(arg.value)
    parts = []
    for data in sorted(found.data, key=lambda one: not one.is_training):
        if data.inputs not in given or data.labels not in given:
            return None
        pair = f"({given[data.inputs]}, {given[data.labels]})"
        text = given[data.inputs] if data.inputs == data.labels else pair
        parts.append(f"{_role(data)}={text}")
    if len({part.split("=")[0] for part in parts}) != len(parts):
        return None
    if found.interval in given and given[found.interval] != "1":
        parts.append(f"interval={given[found.interval]}")
    return f"{local}({', '.join(parts)})"


def _parameter(found: CallbackClass, index: int, arg: cst.Arg) -> str:
    """The constructor's parameter that an argument is for; empty where there are more arguments than parameters."""
    if arg.keyword is not None:
        return arg.keyword.value
    return found.parameters[index] if index < len(found.parameters) else ""


def _role(data: Data) -> str:
    return "training_data" if data.is_training else "validation_data"


def _mixed(source: Source, found: CallbackClass, calls: list[cst.Call]) -> Iterator[Finding]:
    """Training and validation data in each other's place, by data flow in the class or by name in the call."""
    name = found.node.name.value
    if any(data.mixed for data in found.data):
        message = f"callback `{name}` compares the labels of one data set with predictions on another"
        yield Finding("CA203", message, source.start(found.node))
    for call in calls:
        for index, arg in enumerate(call.args):
            key = _parameter(found, index, arg)
            names = [one.value for one in _names(arg.value)]
            training = [one for one in names if _TRAINING.search(one)]
            validation = [one for one in names if _VALIDATION.search(one)]
            wrong = (_TRAINING.search(key) and validation) or (_VALIDATION.search(key) and training)
            if wrong or (training and validation):
                message = f"{key}={source.code(arg.value)}: training and validation data look mixed up"
                yield Finding("CA203", message, source.start(arg))


def _names(node: cst.BaseExpression) -> Iterator[cst.Name]:
    if isinstance(node, cst.Name):
        yield node
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _names(element.value)
    elif isinstance(node, cst.Subscript):
        yield from _names(node.value)
