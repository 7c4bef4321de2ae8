"""Replace the old answer's ``class roc_callback(Callback)`` by ``compat_auc.RocCallback`` if nothing is lost by it.

CA201: an epoch-end AUC callback

```diff
-from keras.callbacks import Callback
-from sklearn.metrics import roc_auc_score
+from compat_auc import RocCallback

-class roc_callback(Callback):
-    def __init__(self, training_data, validation_data):
-        self.x, self.y = training_data
-        self.x_val, self.y_val = validation_data
-
-    def on_epoch_end(self, epoch, logs={}):
-        roc = roc_auc_score(self.y, self.model.predict(self.x))
-        roc_val = roc_auc_score(self.y_val, self.model.predict(self.x_val))
-        print('roc-auc: %s - roc-auc_val: %s' % (round(roc, 4), round(roc_val, 4)))
-
-model.fit(x, y, callbacks=[roc_callback(training_data=(x, y), validation_data=(xv, yv))])
+model.fit(x, y, callbacks=[RocCallback(training_data=(x, y), validation_data=(xv, yv))])
```

**Why.** `RocCallback` computes the same exact AUCs on the same data, and prints them. It writes `roc_auc` and
`val_roc_auc` into the logs, where other callbacks see them.

`migrate` replaces the class if its scores are those of a bare `predict`, flattened at most, and the only condition
around them is `epoch % interval == 0`. If the class used a log key that nothing in the file reads, a finding names the
new key.

**Not rewritten.** Classes that do more: see CA202.

CA202: an epoch-end AUC callback that stays

```diff
 from keras.callbacks import Callback, EarlyStopping
 from sklearn.metrics import roc_auc_score

 class RocAuc(Callback):
     def __init__(self, x, y):
         self.x, self.y = x, y

     def on_epoch_end(self, epoch, logs={}):
         logs["roc_auc_val"] = roc_auc_score(self.y, self.model.predict(self.x))

 model.fit(x, y, callbacks=[RocAuc(xv, yv), EarlyStopping("roc_auc_val", mode="max")])
```

**Why.** `RocCallback` would not do the same. One of these is the reason:

- The class keeps values, saves models, or computes or prints other things.
- It takes a column of the predictions, or rounds them.
- It depends on another condition than `epoch % interval == 0`.
- It derives from a class other than `Callback`, or from one that the file does not show.
- It is a `LambdaCallback`.
- It writes log keys that the script uses, also in the file name of a checkpoint. Here the key is `roc_auc_val`.
- The script uses it outside a list of callbacks, or another file uses it.

**Not rewritten.** The class. It runs as it is after CA204 and CA408 have changed what is inside it.

CA203: training and validation data mixed up

```diff
 from keras.callbacks import Callback
 from sklearn.metrics import roc_auc_score

 class roc_callback(Callback):
     def __init__(self, training_data, validation_data):
         self.x, self.y = training_data
         self.x_val, self.y_val = validation_data

     def on_epoch_end(self, epoch, logs={}):
         print("val AUC:", roc_auc_score(self.y, self.model.predict(self.x_val)))

 model.fit(x, y, callbacks=[roc_callback((x, y), (xv, yv))])
```

**Why.** The callback compares the labels of one set with predictions on the other. Or an argument gets data that its
name is not for: `training_data=(x_val, y_val)`. What it prints under "val" is then the training AUC, or nothing
meaningful.

**Not rewritten.** Reported only: you know which data you meant. Correct the names or the data.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, has_star, keyword
from compat_auc.migrate.understand.callbacks import CallbackClass, Data, find_callbacks, lambda_callbacks
from compat_auc.migrate.understand.replacement import import_line, local_name

_LOG_KEYS = {"training_data": "roc_auc", "validation_data": "val_roc_auc"}
_TRAINING = re.compile(r"(^|_)(train\w*|tra?|trn)(_|\d|$)", re.IGNORECASE)
_VALIDATION = re.compile(r"(^|_)(val|valid\w*|dev|test\w*|te)(_|\d|x|y|$)", re.IGNORECASE)


@rule("CA106", "CA201", "CA202", "CA203", stage=Stage.DEFINITIONS)
def roc_callbacks(source: Source) -> Iterator[Finding]:
    for callback in find_callbacks(source):
        calls = _instances(source, callback)
        yield from _mixed(source, callback, calls)
        reason = _reason(source, callback, calls)
        name = callback.node.name.value
        if callback.hard:
            message = f"The callback `{name}` takes the AUC of hard classes, which is one point of the curve."
            yield source.finding("CA106", message, callback.node)
        if reason:
            message = f"the callback `{name}` cannot become a RocCallback, because {reason}."
            yield source.report("CA202", f"{message} Use compat_auc.RocCallback by hand.", callback.node)
            continue
        local = local_name(source, "RocCallback", [callback.node])
        edits = [source.remove_statement(callback.node)]
        replaced = [(call, _new_call(source, callback, call, local)) for call in calls]
        edits.extend(source.replace(call, new) for call, new in replaced if new is not None)
        yield source.finding(
            "CA201",
            f"The callback `{name}` is now compat_auc.RocCallback.",
            callback.node,
            tuple(edits),
            (import_line("compat_auc", "RocCallback", local),),
        )
        for key, data in callback.log_keys.items():
            new = _LOG_KEYS[_role(callback, data, calls[0])]
            if key != new:
                message = f"The log key {key!r} of the callback `{name}` is now {new!r}."
                yield source.finding("CA201", message, callback.node)

    for call in lambda_callbacks(source):
        message = "a LambdaCallback cannot become a RocCallback. Use compat_auc.RocCallback by hand."
        yield source.report("CA202", message, call)


def _instances(source: Source, callback: CallbackClass) -> list[cst.Call]:
    return [
        source.parents[name]
        for name in source.uses(callback.node.name)
        if isinstance(source.parents[name], cst.Call) and source.parents[name].func is name
    ]


def _reason(source: Source, callback: CallbackClass, calls: list[cst.Call]) -> str:
    """Say why the class has to stay; empty if it need not."""
    if callback.reason:
        return callback.reason
    if any(data.mixed for data in callback.data):
        return "it mixes training and validation data"
    for key in sorted(callback.log_keys):
        new = {_LOG_KEYS[_role(callback, callback.log_keys[key], call)] for call in calls}
        if new != {key} and _is_used(source, callback, key):
            return f"the script reads its log key {key!r}"
    if _other_uses(source, callback, calls):
        return "it is used outside of a list of callbacks"
    if callback.node.name.value in source.exported:
        return "another file may use it"
    if not calls:
        return "nothing in this file uses it, so its arguments are unknown"
    if any(_new_call(source, callback, call, "") is None for call in calls):
        return "compat-auc cannot follow its arguments"
    return ""


def _is_used(source: Source, callback: CallbackClass, key: str) -> bool:
    """Whether the file reads a log key: as a whole string, or in the format of a file name."""
    field = re.compile(rf"\{{{re.escape(key)}[:!}}]")
    texts = chain(source.strings, ((node, node.value) for node in source.all(cst.FormattedStringText)))
    return any(
        (value == key or field.search(value)) and callback.node not in source.ancestors(node) for node, value in texts
    )


def _other_uses(source: Source, callback: CallbackClass, calls: list[cst.Call]) -> bool:
    """Whether the class is subclassed or passed around, or an instance's attributes are read."""
    for name in source.named(callback.node.name.value):
        if name is not callback.node.name:
            inside = callback.node in source.ancestors(name)
            if not inside and not any(call.func is name for call in calls):
                return True
    for call in calls:
        parent = source.parents[call]
        if isinstance(parent, cst.Attribute):
            return True
        if isinstance(parent, cst.Assign) and isinstance(parent.targets[0].target, cst.Name):
            target = parent.targets[0].target
            if any(isinstance(source.parents[name], cst.Attribute) for name in source.uses(target)):
                return True
    return False


def _new_call(source: Source, callback: CallbackClass, call: cst.Call, local: str) -> str | None:
    arguments = _by_parameter(source, callback, call)
    if arguments is None:
        return None
    parts: list[str] = []
    for data in sorted(callback.data, key=lambda origin: _role(callback, origin, call)):
        if data.inputs not in arguments or data.labels not in arguments:
            return None
        pair = f"({arguments[data.inputs]}, {arguments[data.labels]})"
        text = arguments[data.inputs] if data.inputs == data.labels else pair
        parts.append(f"{_role(callback, data, call)}={text}")
    if len({part.split("=")[0] for part in parts}) != len(parts):
        return None
    interval = arguments.get(callback.interval, callback.parameters.get(callback.interval, callback.interval))
    if interval is None:
        return None
    if interval not in ("", "1"):
        parts.append(f"interval={interval}")
    return f"{local}({', '.join(parts)})"


def _by_parameter(source: Source, callback: CallbackClass, call: cst.Call) -> dict[str, str] | None:
    if has_star(call):
        return None
    return {_parameter(callback, index, arg): source.code(arg.value) for index, arg in enumerate(call.args)}


def _parameter(callback: CallbackClass, index: int, arg: cst.Arg) -> str:
    """Return the constructor's parameter for an argument; empty if there are more arguments than parameters."""
    return keyword(arg) or "".join([*callback.parameters][index : index + 1])


def _role(callback: CallbackClass, data: Data, call: cst.Call) -> str:
    """Say which of RocCallback's data this is, by the parameters' names, else by the names in the call."""
    arguments = [
        arg for index, arg in enumerate(call.args) if _parameter(callback, index, arg) in (data.inputs, data.labels)
    ]
    for names in ([data.inputs, data.labels], [name.value for arg in arguments for name in _names(arg.value)]):
        if any(_VALIDATION.search(name) for name in names):
            return "validation_data"
        if any(_TRAINING.search(name) for name in names):
            return "training_data"
    return "validation_data"


def _mixed(source: Source, callback: CallbackClass, calls: list[cst.Call]) -> Iterator[Finding]:
    """Report training and validation data that look mixed up, by data flow in the class or by name in the call."""
    name = callback.node.name.value
    if any(data.mixed for data in callback.data):
        message = f"The callback `{name}` compares the labels of one data set with predictions on another data set."
        yield source.finding("CA203", message, callback.node)
    for call in calls:
        for index, arg in enumerate(call.args):
            key = _parameter(callback, index, arg)
            names = [name.value for name in _names(arg.value)]
            training = [name for name in names if _TRAINING.search(name)]
            validation = [name for name in names if _VALIDATION.search(name)]
            wrong = (_TRAINING.search(key) and validation) or (_VALIDATION.search(key) and training)
            if wrong or (training and validation):
                message = f"{key}={source.code(arg.value)} looks like a mix of training and validation data."
                yield source.finding("CA203", message, arg)


def _names(node: cst.BaseExpression) -> Iterator[cst.Name]:
    if isinstance(node, cst.Name):
        yield node
    elif isinstance(node, (cst.Tuple, cst.List)):
        for element in node.elements:
            yield from _names(element.value)
    elif isinstance(node, cst.Subscript):
        yield from _names(node.value)
