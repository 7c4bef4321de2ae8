"""Move ``fit_generator`` and similar methods, and rename the arguments that ``fit`` had in Keras 1.

CA406: generators

```diff
 from keras.models import load_model

 model = load_model("model.h5")
-model.fit_generator(train, samples_per_epoch=100, nb_epoch=5, validation_data=val, nb_val_samples=10)
+model.fit(train, steps_per_epoch=100, epochs=5, validation_data=val, validation_steps=10)
```

**Why.** `fit`, `evaluate` and `predict` take generators themselves. `samples_per_epoch` becomes a number of steps, as
in Keras 2. Keras 3 has no `workers`, `use_multiprocessing` and `max_queue_size` here, so `migrate` removes them.

`migrate` knows the methods and the keywords of Keras 1 by their names, unless the file shows that the model is another
library's: DeepChem's `fit` has `nb_epoch=` to this day.

**Not rewritten.** Your own methods with these names, and calls with `*` or `**`. These calls are reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source, argument, has_star, keyword, keywords

_METHODS = {"fit_generator": "fit", "evaluate_generator": "evaluate", "predict_generator": "predict"}
_RENAMED = {
    "fit": {
        "generator": "x",
        "nb_epoch": "epochs",
        "samples_per_epoch": "steps_per_epoch",
        "nb_val_samples": "validation_steps",
        "nb_worker": "workers",
        "max_q_size": "max_queue_size",
        "pickle_safe": "use_multiprocessing",
    },
    "evaluate": {
        "generator": "x",
        "val_samples": "steps",
        "nb_worker": "workers",
        "max_q_size": "max_queue_size",
        "pickle_safe": "use_multiprocessing",
    },
}
_RENAMED["predict"] = _RENAMED["evaluate"]
# The parameters of the old methods in order, for calls that give more than the generator by position.
_OLD_ORDER = {
    "fit_generator": (
        "x steps_per_epoch epochs verbose callbacks validation_data validation_steps class_weight max_queue_size "
        "workers use_multiprocessing shuffle initial_epoch"
    ).split(),
    "evaluate_generator": "x steps max_queue_size workers use_multiprocessing verbose".split(),
    "predict_generator": "x steps max_queue_size workers use_multiprocessing verbose".split(),
}
# In Keras 3 these belong to the dataset object. They change the speed, not the result.
_SPEED = ("workers", "use_multiprocessing", "max_queue_size")


@rule("CA406", stage=Stage.CALLS)
def generators(source: Source) -> Iterator[Finding]:
    for call in source.method_calls(*_METHODS, *_RENAMED):
        old: str = call.func.attr.value
        method: str = _METHODS.get(old, old)
        if _is_own(source, call, old):
            continue
        kind = models.kind(source, call.func.value)
        if has_star(call):
            if old != method:
                message = f"compat-auc cannot follow * and **. Write {method}() for {old}(), and rename the arguments."
                yield source.report("CA406", message, call)
            continue
        if old == method and not _has_old_keyword(call) and (kind != models.MODEL or not is_keras_file(source)):
            continue
        edits = list(_arguments(source, call, old, method))
        if old != method:
            edits.insert(0, source.rename_attribute(call.func, method))
        if edits:
            counted = any(argument(call, name) for name in ("samples_per_epoch", "nb_val_samples"))
            note = " The count means steps, as in Keras 2. Keras 1 counted samples." if counted else ""
            what = f"{old}() is now {method}()." if old != method else _new_keywords(source, call, method)
            yield source.finding("CA406", what + note, call, tuple(edits))


def _is_own(source: Source, call: cst.Call, method: str) -> bool:
    """Whether this may call a method that the file itself defines. A call on a Keras model never is one."""
    if (
        method not in source.functions
        or not isinstance(call.func, cst.Attribute)
        or models.kind(source, call.func.value) == models.MODEL
    ):
        return False
    receiver = source.code(call.func.value)
    return not (receiver.startswith("self.") and receiver.endswith("model"))


def _has_old_keyword(call: cst.Call) -> bool:
    return bool(keywords(call).keys() & (_RENAMED["fit"].keys() - {"generator"}))


def _new_keywords(source: Source, call: cst.Call, method: str) -> str:
    """What becomes of each keyword of Keras 1."""
    sentences: list[str] = []
    for key in keywords(call):
        new = _RENAMED[method].get(key, key)
        if new in _SPEED and source.target == "keras3":
            sentences.append(f"{key}= of {method}() is removed.")
        elif new != key:
            sentences.append(f"{key}= of {method}() is now {new}=.")
    return " ".join(sentences)


def _arguments(source: Source, call: cst.Call, old: str, method: str) -> Iterator[Edit]:
    order = _OLD_ORDER.get(old, ())
    dropped: list[cst.Arg] = []
    for index, arg in enumerate(call.args):
        by_position = order[index] if arg.keyword is None and index < len(order) else ""
        key = keyword(arg) or by_position
        new = _RENAMED[method].get(key, key)
        if new in _SPEED and source.target == "keras3":
            dropped.append(arg)
        elif by_position and index > 0:
            yield Edit(source.start(arg), source.start(arg), f"{by_position}=")
        elif arg.keyword is not None and new != key:
            yield source.replace(arg.keyword, new)
    if dropped:
        yield from source.remove_arguments(call, dropped, order)
