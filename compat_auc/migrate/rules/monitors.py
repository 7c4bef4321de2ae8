"""Give callbacks that monitor an AUC ``mode="max"``. Keras 2 takes an unknown name for a loss and minimises it.

CA109: an AUC monitored without `mode`

```diff
 from keras.callbacks import EarlyStopping

-early_stopping = EarlyStopping(monitor="val_auc_roc", patience=3)
+early_stopping = EarlyStopping(monitor="val_auc_roc", patience=3, mode="max")
```

**Why.** Keras 2 knows the direction of names with `acc` in them, and since 2.6 of names that end in `auc`. It takes
every other name for a loss: it stops when the AUC improves, and keeps the worst checkpoint. Keras 3.0 to 3.10 do the
same in `ModelCheckpoint` and `ReduceLROnPlateau`; only `EarlyStopping` asks the metric there. A key belongs to an AUC
if its text says so, or if an AUC of the file has that name.

An unnamed `keras.metrics.AUC()` made in a loop or a function gets `name="auc"` if the script reads `auc` or `val_auc`.
Otherwise Keras would call that of the second model `auc_1`. Two of one model are `auc` and `auc_1`, as Keras numbers
those of the first model. A script that reads `auc_2` counts along with Keras, and stays.

**Not rewritten.** `mode="min"` on an AUC. It is reported, because it looks for the worst AUC. The objective of
keras-tuner is reported, too: the tuner knows the direction of Keras's own metrics only.

CA115: the AUC of the training data is monitored

```diff
 from keras.callbacks import EarlyStopping
 from compat_auc import auc_roc

 model.compile("adam", "binary_crossentropy", metrics=[auc_roc])
 early_stopping = EarlyStopping(monitor="auc_roc", patience=3, mode="max")
 model.fit(x, y, validation_split=0.2, callbacks=[early_stopping])
```

**Why.** `auc_roc` is the AUC of the training data, `val_auc_roc` that of the validation data. The AUC of the training
data goes on rising when a model overfits, so training does not stop, and the "best" checkpoint is the last one.

**Not rewritten.** The monitor. If the AUC of the validation data is meant, write `val_auc_roc`. Scripts without
validation data are not reported.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, argument, fact, has_star, keyword, keywords
from compat_auc.migrate.understand.compiled import metric_elements
from compat_auc.migrate.understand.interpreter import KERAS_AUC

if TYPE_CHECKING:
    from typing_extensions import TypeGuard

# By name, the positions of monitor= and mode=.
_CALLBACKS = {
    "keras.callbacks.EarlyStopping": (0, 4),
    "keras.callbacks.ModelCheckpoint": (1, 5),
    "keras.callbacks.ReduceLROnPlateau": (0, 4),
}
_AUC = re.compile(r"(^|_)(auc|roc|auroc|auprc|gini)|auc$|auc\d*$", re.IGNORECASE)
_MAKERS = ("compat_auc.auc_roc", "compat_auc.RankAUC", KERAS_AUC)
_TUNERS = ("keras_tuner", "kerastuner")


@rule("CA109", "CA115", stage=Stage.CALLS)
def monitors(source: Source) -> Iterator[Finding]:
    keys = _keys(source)
    of_training = _training_keys(source)
    has_validation = any(map(_validates, source.method_calls("fit", "fit_generator")))
    for call in source.calls(*_CALLBACKS):
        name = source.name(call.func) or ""
        monitor_position, mode_position = _CALLBACKS[name]
        monitor = argument(call, "monitor", monitor_position)
        value = source.constant(monitor.value) if monitor is not None else None
        if not _is_auc(value, keys):
            continue
        if has_validation and value in of_training and not _is_set(source, value):
            message = f"{value!r} is the AUC of the training data. Monitor 'val_{value}' for the validation data."
            yield source.report("CA115", message, call)
        mode = argument(call, "mode", mode_position)
        direction = source.constant(mode.value) if mode is not None else "auto"
        old = "Keras before 2.6" if value.endswith("auc") else "Keras 2"
        if not name.endswith("EarlyStopping"):
            old += " and Keras 3.0 to 3.10"
        if direction == "min":
            message = f"{value!r} is an AUC, and mode='min' looks for the worst AUC. Write mode='max'."
            yield source.report("CA109", message, call)
        elif direction == "auto" and not (mode is None and has_star(call)):
            edit = source.replace(mode.value, '"max"') if mode is not None else source.add_argument(call, 'mode="max"')
            message = f'The mode of {value!r} is now "max". Without a mode, {old} looked for the smallest AUC.'
            yield source.finding("CA109", message, call, (edit,))
    yield from _objectives(source, keys)


def _validates(call: cst.Call) -> bool:
    """Whether a call of ``fit`` is given validation data by name."""
    data = keywords(call).get("validation_data") or keywords(call).get("validation_split")
    return data is not None and not (isinstance(data, cst.Name) and data.value == "None")


@fact
def _training_keys(source: Source) -> set[str]:
    """Return the log keys that the AUC metrics of the file have for the training data."""
    keys: set[str] = set()
    for call in source.calls(*_MAKERS):
        arg = argument(call, "name")
        unnamed = {KERAS_AUC: "auc", "compat_auc.auc_roc": "auc_roc", "compat_auc.RankAUC": "rank_auc"}
        name = source.constant(arg.value) if arg is not None else unnamed[source.name(call.func) or ""]
        keys.add(name if isinstance(name, str) else "")
    for element in metric_elements(source):
        if isinstance(element, cst.Name):
            keys.add(element.value)
    return {key for key in keys if not key.startswith("val_") and key}


def _is_set(source: Source, key: str) -> bool:
    """Whether the file sets a log key itself: ``logs["auc"] = ...`` may be of any data."""
    targets = (node.target for node in source.all(cst.AssignTarget))
    items = (target for target in targets if isinstance(target, cst.Subscript))
    indexes = (part.slice.value for item in items for part in item.slice if isinstance(part.slice, cst.Index))
    return any(source.constant(index) == key for index in indexes)


def _keys(source: Source) -> re.Pattern[str]:
    """Match the log keys of the AUC metrics that the file names, those of outputs and of validation included."""
    arguments = (argument(call, "name") for call in source.calls(*_MAKERS))
    names = {source.constant(arg.value) for arg in arguments if arg is not None}
    options = "|".join(re.escape(name) for name in names if isinstance(name, str) and name)
    return re.compile(rf"^(val_)?(\w+_)?({options})$" if options else r"(?!)")


def _is_auc(value: object, keys: re.Pattern[str]) -> TypeGuard[str]:
    return isinstance(value, str) and "loss" not in value and bool(_AUC.search(value) or keys.search(value))


def _objectives(source: Source, keys: re.Pattern[str]) -> Iterator[Finding]:
    """Report what keras-tuner gets as its objective: it knows no direction of a metric that Keras does not have."""
    for arg in source.all(cst.Arg):
        call = source.parents[arg]
        if keyword(arg) != "objective" or not isinstance(call, cst.Call):
            continue
        value = source.constant(arg.value)
        is_tuner = (source.name(call.func) or "").split(".")[0] in _TUNERS
        if is_tuner and _is_auc(value, keys) and value not in ("auc", "val_auc"):
            new = f'keras_tuner.Objective("{value}", "max")'
            message = f"keras-tuner does not know the direction of {value!r}. Pass {new}."
            yield source.report("CA109", message, arg)
