"""Read what a script's epoch-end AUC callback does: its data, its log keys, and any other work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterator, Sequence

import libcst as cst

from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Source, argument, dotted, inside
from compat_auc.migrate.tables.libraries import FOREIGN
from compat_auc.migrate.understand.interpreter import Constant, Env, Free, Interpreter, Term, Value, is_term
from compat_auc.migrate.understand.recognise import SKLEARN_SCORES, Road, follow

_PREDICT = ("method:predict", "method:predict_proba", "method:predict_on_batch")
# What a callback may call besides predict and the score: functions that make text, or reshape the same numbers.
_QUIET = re.compile(
    r"(^|\.)(print|round|str|float|len|format|join|write|flush|info|debug|get|array|asarray"
    r"|ravel|flatten|squeeze|reshape|astype|on_epoch_end)$"
)
_AREA = "sklearn.metrics.auc"
_AUC_IN_NAME = re.compile(r"(^|[_.])(roc_?)?auc(_score)?$", re.IGNORECASE)
_AREAS = (*SKLEARN_SCORES, _AREA)
_PARTS_OF_INIT = (cst.Assign, cst.AnnAssign, cst.Pass, cst.Expr)


@dataclass(frozen=True)
class Data:
    """The constructor's parameters for the inputs and labels of one AUC. Both are the same name if it is a pair."""

    inputs: str
    labels: str
    mixed: bool = False


@dataclass
class CallbackClass:
    """An AUC callback of the file. ``reason`` says what it does beyond RocCallback; empty if nothing.

    ``interval`` is the number that the epoch is divided by, or the constructor's parameter for it. ``log_keys`` has the
    data whose AUC each key logs. ``hard`` says that an AUC is of classes, not of scores.
    """

    node: cst.ClassDef
    data: list[Data] = field(default_factory=list)
    log_keys: dict[str, Data] = field(default_factory=dict)
    parameters: dict[str, str | None] = field(default_factory=dict)
    interval: str = ""
    reason: str = ""
    hard: bool = False

    def keep(self, reason: str) -> None:
        self.reason = self.reason or reason


@dataclass(frozen=True)
class _Run:
    """One run of ``on_epoch_end``: the variables before and after, the calls of ``roc_auc_score``, the data by AUC."""

    interpreter: Interpreter
    before: Env
    env: Env
    end: cst.FunctionDef
    calls: list[cst.Call]
    areas: dict[Term, Data]


def find_callbacks(source: Source) -> Iterator[CallbackClass]:
    """Yield the callback classes of a file that compute a ROC AUC at the end of an epoch."""
    for node in source.all(cst.ClassDef):
        body: cst.BaseSuite = node.body
        methods = {statement.name.value: statement for statement in body.body if isinstance(statement, cst.FunctionDef)}
        end = methods.get("on_epoch_end")
        if not models.is_callback(source, node) and not (end is not None and _may_be_callback(source, node, end)):
            continue
        every = _calls(end) if end is not None else []
        calls = [call for call in every if source.name(call.func) in SKLEARN_SCORES]
        if calls:
            yield _read(source, node, methods, calls)
        elif any(source.name(call.func) == _AREA for call in every):
            yield CallbackClass(node, reason="it computes its AUC from a curve")
        elif any(_takes_area(source, methods, call) for call in every):
            yield CallbackClass(node, reason="another function computes its AUC")
        elif any(_predicts(call) for call in every) and any(_is_called_auc(source, call) for call in every):
            yield CallbackClass(node, reason="a function of another file computes its AUC")


def _may_be_callback(source: Source, node: cst.ClassDef, end: cst.FunctionDef) -> bool:
    """Whether the file does not show a base of a class whose ``on_epoch_end`` has the parameters of Keras."""
    names = [param.name.value for param in end.params.params]
    return len(names) == 3 and "log" in names[2] and _has_unknown_base(source, node)


def _has_unknown_base(source: Source, node: cst.ClassDef) -> bool:
    for base in (base.value for base in node.bases):
        parent = source.bound_node(base)
        if isinstance(parent, cst.ClassDef):
            if parent is not node and _has_unknown_base(source, parent):
                return True
        else:
            package = (source.name(base) or source.code(base)).split(".")[0]
            if package not in ("object", "tensorflow", "keras") and not source.is_foreign(base):
                return True
    return False


def _predicts(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and f"method:{call.func.attr.value}" in _PREDICT


def _is_called_auc(source: Source, call: cst.Call) -> bool:
    """Whether a function of a module of the user's has a name such as ``mean_auc``."""
    package, _, name = (source.raw_name(call.func) or "").partition(".")
    return bool(_AUC_IN_NAME.search(name)) and package not in (*FOREIGN, "tensorflow", "keras", "tf_keras", "sklearn")


def lambda_callbacks(source: Source) -> Iterator[cst.Call]:
    """Yield each ``LambdaCallback(on_epoch_end=...)`` whose function computes a ROC AUC."""
    for call in source.calls("keras.callbacks.LambdaCallback"):
        end = argument(call, "on_epoch_end", 1)
        function = source.bound_node(end.value) or end.value if end is not None else None
        calls = _calls(function) if isinstance(function, (cst.FunctionDef, cst.Lambda)) else ()
        if any(_takes_area(source, {}, inner) for inner in calls):
            yield call


def _calls(function: cst.FunctionDef | cst.Lambda) -> list[cst.Call]:
    return [node for node in inside(function) if isinstance(node, cst.Call)]


def _takes_area(source: Source, methods: dict[str, cst.FunctionDef], call: cst.Call) -> bool:
    """Whether a call computes an AUC, or is one of a function or method of the file that does."""
    if source.name(call.func) in _AREAS:
        return True
    name = source.code(call.func)
    function = methods.get(name[len("self.") :]) if name.startswith("self.") else source.bound_node(call.func)
    calls = _calls(function) if isinstance(function, cst.FunctionDef) else ()
    return any(source.name(inner.func) in _AREAS for inner in calls)


def _read(
    source: Source, node: cst.ClassDef, methods: dict[str, cst.FunctionDef], calls: list[cst.Call]
) -> CallbackClass:
    callback = CallbackClass(node)
    end = methods["on_epoch_end"]
    if not models.is_callback(source, node):
        callback.keep("this file does not show its base class")
    elif [source.name(base.value) for base in node.bases] != ["keras.callbacks.Callback"]:
        callback.keep("its base class does more")
    if len(end.params.params) < 2:
        callback.keep("its on_epoch_end does not name the epoch")
        return callback
    interpreter = Interpreter(source)
    own = _constructed(source, interpreter, methods.get("__init__"), callback)
    env = Env({param.name.value: Free(param.name.value, end) for param in end.params.params})
    env.variables[end.params.params[0].name.value] = own
    before = env.fork()
    list(interpreter.run(end.body, env))
    if interpreter.is_cut:
        callback.keep("to follow it takes too many steps")
    areas: dict[Term, Data] = {}
    for call in calls:
        for term in interpreter.results.get(call) or [None]:
            data = _data(source, callback, term)
            if data is None or not isinstance(term, Term):
                callback.keep("its AUC is not of the data that its constructor takes")
            else:
                areas[term] = data
    callback.data = list(dict.fromkeys(areas.values()))
    for name, method in methods.items():
        if name not in ("__init__", "on_epoch_end") and not _is_empty(method):
            callback.keep(f"its method {name} does more")
    _other_work(source, _Run(interpreter, before, env, end, calls, areas), callback)
    return callback


def _constructed(
    source: Source, interpreter: Interpreter, init: cst.FunctionDef | None, callback: CallbackClass
) -> Value:
    """Run the constructor and return ``self``. Its attributes are terms over the constructor's parameters."""
    if init is None:
        return Term("object")
    if not init.params.params:
        callback.keep("its constructor does not name its arguments")
        return Term("object")
    own = init.params.params[0].name.value
    env = Env({own: Term("object")})
    for param in [*init.params.params[1:], *init.params.kwonly_params]:
        stated = param.default if param.default is not None and source.constant(param.default) is not ... else None
        callback.parameters[param.name.value] = source.code(stated) if stated is not None else None
        env.variables[param.name.value] = Free(param.name.value, init)
    for line in init.body.body:
        parts: Sequence[cst.CSTNode] = line.body if isinstance(line, cst.SimpleStatementLine) else [line]
        for part in parts:
            is_call = isinstance(part, cst.Expr) and isinstance(part.value, cst.Call)
            if not isinstance(part, _PARTS_OF_INIT) or (is_call and not source.code(part).endswith(".__init__()")):
                text = source.code(part).split("\n")[0]
                if not (is_call and "__init__" in text):
                    callback.keep(f"its constructor does more: {text}")
    list(interpreter.run(init.body, env))
    return env.variables[own]


def _data(source: Source, callback: CallbackClass, term: Value | None) -> Data | None:
    """Return the data of a ``roc_auc_score(...)``, or None if it is not known. ``callback`` gets what is more."""
    if not isinstance(term, Term):
        return None
    arguments = {**dict(zip(("y_true", "y_score"), term.args)), **dict(term.kwargs)}
    if arguments.get("average") == Constant("macro", ""):
        arguments.pop("average")
    if len(term.args) > 2 or arguments.keys() != {"y_true", "y_score"}:
        callback.keep("it calls roc_auc_score with options")
    labels, scores = follow(arguments.get("y_true")), follow(arguments.get("y_score"))
    prediction = scores.end
    if not isinstance(prediction, Term) or prediction.op not in _PREDICT or len(prediction.args) != 2:
        return None
    _check_scores(source, callback, scores)
    model = prediction.args[0]
    if not is_term(model, "attribute:model") or model.kwargs or not is_term(model.args[0], "object"):
        callback.keep("another model makes its predictions")
    if {key for key, _ in prediction.kwargs} - {"batch_size", "verbose"}:
        callback.keep("it calls predict with options")
    inputs, truth = _parameter(prediction.args[1]), _parameter(labels.end)
    if inputs is None or truth is None or labels != Road(labels.end):
        return None
    (input_name, input_index), (label_name, label_index) = inputs, truth
    if (input_index, label_index) == (0, 1):
        return Data(input_name, label_name, mixed=input_name != label_name)
    return Data(input_name, label_name) if input_index is None and label_index is None else None


def _check_scores(source: Source, callback: CallbackClass, scores: Road) -> None:
    """Keep the class if anything but a flatten stands between ``predict`` and the AUC: the numbers would differ."""
    if scores.hard:
        callback.hard = True
        callback.keep("it takes the AUC of classes, not of scores")
    if scores.column is not None and (scores.column not in (0, -1) or models.head_units(source) != 1):
        callback.keep(f"it takes column {scores.column} of the predictions")
    if scores.logits:
        callback.keep("it takes the AUC of a sigmoid of the predictions")
    if scores.softmax:
        callback.keep("it takes the AUC of a softmax of the predictions")


def _parameter(value: Value | None) -> tuple[str, int | None] | None:
    """Return the constructor's parameter behind a value, and the index into it, if any."""
    if isinstance(value, Free) and "." not in value.text:
        return value.text, None
    index = value.args[1] if is_term(value, "item") else None
    if is_term(value, "item") and isinstance(index, Constant) and isinstance(index.value, int):
        below = _parameter(value.args[0])
        return (below[0], index.value) if below and below[1] is None else None
    return None


def _is_empty(method: cst.FunctionDef) -> bool:
    """Whether a method holds only ``return``, ``pass`` or a docstring."""
    for line in method.body.body:
        if not isinstance(line, (cst.SimpleStatementLine, cst.BaseSmallStatement)):
            return False
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else (line,):
            plain = isinstance(statement, cst.Pass) or (isinstance(statement, cst.Return) and statement.value is None)
            if not plain and not (isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString)):
                return False
    return True


def _other_work(source: Source, run: _Run, callback: CallbackClass) -> None:
    """Keep the class if ``on_epoch_end`` does more than predict, score, print and log."""
    end = run.end
    line = end.body.body[-1]
    last = line.body[-1] if isinstance(line, cst.SimpleStatementLine) else line
    for node in inside(end.body):
        if isinstance(node, cst.Assign):
            target = node.targets[0].target
            key = _log_key(source, end, target)
            area = _bare((run.interpreter.results.get(node) or [None])[-1])
            data = run.areas.get(area) if isinstance(area, Term) else None
            if key and data is not None:
                callback.log_keys[key] = data
            elif len(node.targets) > 1 or not isinstance(target, (cst.Name, cst.Tuple)):
                callback.keep(f"it keeps something in {source.code(target)}")
        elif isinstance(node, cst.Call):
            name = source.name(node.func) or dotted(node.func) or source.code(node.func)
            predicts = f"method:{name.rsplit('.', 1)[-1]}" in _PREDICT
            if node not in run.calls and not predicts and not _QUIET.search(name):
                callback.keep(f"it also calls {source.code(node.func)}")
        elif isinstance(node, cst.If):
            _condition(source, run, callback, node)
        elif isinstance(node, (cst.BaseCompoundStatement, cst.BaseSmallStatement)):
            if not isinstance(node, (cst.Expr, cst.Pass)) and not (isinstance(node, cst.Return) and not node.value):
                callback.keep(f"it also does {source.code(node)}".split("\n")[0])
            elif isinstance(node, cst.Return) and node is not last:
                callback.keep("it returns early")
        elif isinstance(node, cst.IfExp):
            callback.keep(f"it depends on {source.code(node.test)}")


def _bare(value: Value | None) -> Value | None:
    return value.args[0] if is_term(value, "builtins.float") and value.args else value


def _condition(source: Source, run: _Run, callback: CallbackClass, node: cst.If) -> None:
    """Accept ``if epoch % <interval> == 0:`` around all of the work. Keep the class for any other condition."""
    test, epoch = node.test, run.end.params.params[1].name.value
    interval = None
    if isinstance(test, cst.Comparison) and isinstance(test.left, cst.BinaryOperation) and len(test.comparisons) == 1:
        side, is_equal = test.comparisons[0].comparator, isinstance(test.comparisons[0].operator, cst.Equal)
        is_rest = isinstance(test.left.operator, cst.Modulo) and source.code(test.left.left) == epoch
        if is_equal and is_rest and source.constant(side) == 0:
            interval = test.left.right
    # What the method keeps in self hides the attributes that the constructor set.
    values = [run.interpreter.value(interval, env) for env in (run.before, run.env)] if interval is not None else []
    texts = [
        value.text
        for value in values
        if (isinstance(value, Free) and value.text in callback.parameters)
        or (isinstance(value, Constant) and type(value.value) is int)
    ]
    text = texts[0] if texts else ""
    covered = all(node in source.ancestors(call) for call in run.calls) and node.orelse is None
    if not text or not covered or callback.interval:
        callback.keep(f"it depends on {source.code(test)}")
    else:
        callback.interval = text


def _log_key(source: Source, end: cst.FunctionDef, target: cst.CSTNode) -> str:
    logs = end.params.params[2].name.value if len(end.params.params) > 2 else None
    if isinstance(target, cst.Subscript) and source.code(target.value) == logs:
        key = source.key(target)
        return key if isinstance(key, str) else ""
    return ""
