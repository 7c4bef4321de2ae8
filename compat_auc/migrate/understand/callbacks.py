"""What an epoch-end AUC callback of a script computes: on which data, under which log keys, and what else it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator

import libcst as cst

from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.interpreter import Interpreter
from compat_auc.migrate.understand.terms import Constant, Env, Free, Term, Value, item

_SCORES = ("sklearn.metrics.roc_auc_score", "sklearn.metrics.ranking.roc_auc_score")
_PREDICT = ("method:predict", "method:predict_proba", "method:predict_on_batch")
_QUIET = ("builtins.print", "logging.info", "logging.debug", "sys.stdout.write", "sys.stdout.flush")


@dataclass(frozen=True)
class Data:
    """The constructor's parameters that inputs and labels of one AUC come from; one name if it is a pair."""

    inputs: str
    labels: str
    mixed: bool = False

    @property
    def is_training(self) -> bool:
        return "tr" in self.labels.lower() and "val" not in self.labels.lower()


@dataclass
class CallbackClass:
    """An AUC callback as found; ``reason`` says why it is more than RocCallback, empty if it is not."""

    node: cst.ClassDef
    data: list[Data] = field(default_factory=list)
    log_keys: list[str] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)
    interval: str = ""
    reason: str = ""


def find_callbacks(source: Source) -> Iterator[CallbackClass]:
    """The callback classes of a file that compute a ROC AUC at the end of an epoch."""
    for node in source.all(cst.ClassDef):
        if not models.is_callback(source, node):
            continue
        methods = {one.name.value: one for one in node.body.body if isinstance(one, cst.FunctionDef)}
        end = methods.get("on_epoch_end")
        calls = [call for call in source.calls(*_SCORES) if end is not None and end in source.ancestors(call)]
        if calls:
            yield _read(source, node, methods, end, calls)


def _read(source: Source, node: cst.ClassDef, methods: dict, end: cst.FunctionDef, calls: list) -> CallbackClass:
    found = CallbackClass(node)
    interpreter = Interpreter(source)
    attributes = _attributes(interpreter, methods.get("__init__"), found)
    env = Env({"self": Term("self")})
    for param in end.params.params[1:]:
        env.variables[param.name.value] = Free(param.name.value, end)
    list(interpreter.run(end.body, env))
    for call in calls:
        args, kwargs = interpreter.arguments(call, env)
        labels, scores = [*args, *(dict(kwargs).get(key) for key in ("y_true", "y_score")[len(args) :])][:2]
        data = _data(attributes, labels, scores)
        if data is None:
            found.reason = "the data of its AUC is not what its constructor was given"
        elif data not in found.data:
            found.data.append(data)
        if {key for key, _ in kwargs} - {"y_true", "y_score"}:
            found.reason = "it gives roc_auc_score options of its own"
    for name, method in methods.items():
        if name not in ("__init__", "on_epoch_end") and not _is_empty(method):
            found.reason = found.reason or f"its method {name} does more"
    found.reason = found.reason or _other_work(source, end, found)
    return found


def _attributes(interpreter: Interpreter, init, found: CallbackClass) -> dict[str, Value]:
    """What ``__init__`` stores: attribute name to a term over its parameters."""
    if init is None:
        return {}
    env = Env({"self": Term("self")})
    for param in init.params.params[1:]:
        found.parameters.append(param.name.value)
        env.variables[param.name.value] = Free(param.name.value, init)
    stored: dict[str, Value] = {}
    for line in init.body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.Assign):
                value = interpreter.value(statement.value, env)
                for target in statement.targets:
                    _store(target.target, value, stored, env)
    return stored


def _store(target, value: Value, stored: dict[str, Value], env: Env) -> None:
    if isinstance(target, (cst.Tuple, cst.List)):
        for index, element in enumerate(target.elements):
            _store(element.value, item(value, index), stored, env)
    elif isinstance(target, cst.Attribute):
        stored[target.attr.value] = value
    elif isinstance(target, cst.Name):
        env.variables[target.value] = value


def _data(attributes: dict[str, Value], labels: Value | None, scores: Value | None) -> Data | None:
    prediction = next((one for one in _walk(scores) if isinstance(one, Term) and one.op in _PREDICT), None)
    if prediction is None or len(prediction.args) < 2:
        return None
    inputs, truth = (_parameter(attributes, value) for value in (prediction.args[1], labels))
    if inputs is None or truth is None:
        return None
    (input_name, input_index), (label_name, label_index) = inputs, truth
    paired = input_index == 0 and label_index == 1
    if paired:
        return Data(input_name, label_name, mixed=input_name != label_name)
    return Data(input_name, label_name) if input_index is None and label_index is None else None


def _walk(value: Value | None) -> Iterator[Value]:
    if isinstance(value, Term):
        yield from value.walk()


def _parameter(attributes: dict[str, Value], value: Value | None) -> tuple[str, int | None] | None:
    """The constructor's parameter behind a value, with the index taken from it."""
    if isinstance(value, Term) and value.op.startswith("attribute:") and value.args == (Term("self"),):
        stored = attributes.get(value.op.removeprefix("attribute:"))
        return _parameter({}, stored) if stored is not None else None
    if isinstance(value, Free):
        return value.text, None
    if isinstance(value, Term) and value.op == "item" and isinstance(value.args[1], Constant):
        below = _parameter(attributes, value.args[0])
        return (below[0], value.args[1].value) if below and below[1] is None else None
    return None


def _is_empty(method: cst.FunctionDef) -> bool:
    """``return``, ``pass`` or a docstring."""
    for line in method.body.body:
        if not isinstance(line, (cst.SimpleStatementLine, cst.BaseSmallStatement)):
            return False
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else (line,):
            plain = isinstance(statement, cst.Pass) or (isinstance(statement, cst.Return) and statement.value is None)
            if not plain and not (isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString)):
                return False
    return True


def _other_work(source: Source, end: cst.FunctionDef, found: CallbackClass) -> str:
    """What ``on_epoch_end`` does beside predicting, scoring, printing and logging; empty if nothing."""
    for node in source.all(cst.Assign, cst.AugAssign, cst.Expr, cst.If, cst.For, cst.While, cst.Try, cst.With):
        if end not in source.ancestors(node):
            continue
        if isinstance(node, cst.Assign):
            target = node.targets[0].target
            key = _log_key(source, target)
            if key:
                found.log_keys.append(key)
            elif not isinstance(target, (cst.Name, cst.Tuple)):
                return f"it keeps something in {source.code(target)}"
        elif isinstance(node, cst.Expr):
            if isinstance(node.value, cst.SimpleString):
                continue
            if not isinstance(node.value, cst.Call) or source.name(node.value.func) not in (*_QUIET, None):
                return f"it also does {source.code(node.value)}"
            if source.name(node.value.func) is None and source.code(node.value.func) not in (
                "print",
                "sys.stdout.write",
            ):
                return f"it also calls {source.code(node.value.func)}"
        elif isinstance(node, cst.If):
            test = source.code(node.test).replace(" ", "")
            interval = test.removeprefix("epoch%self.").removesuffix("==0")
            if not interval.isidentifier() or node.orelse is not None:
                return f"it depends on {source.code(node.test)}"
            found.interval = interval
        else:
            return "it has a loop or a block of its own"
    return ""


def _log_key(source: Source, target: cst.CSTNode) -> str:
    if isinstance(target, cst.Subscript) and source.code(target.value) == "logs":
        only = target.slice[0].slice
        value = source.constant(only.value) if isinstance(only, cst.Index) else None
        return value if isinstance(value, str) else ""
    return ""
