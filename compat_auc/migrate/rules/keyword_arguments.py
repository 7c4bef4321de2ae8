"""Rename keyword arguments of layers, models and callbacks: ``init=``, ``output_dim=``, ``input=``.

CA407: keyword arguments that Keras 2 renamed

```diff
 from keras.layers import Convolution2D, Dense, Flatten, Input
 from keras.models import Model
 from keras.regularizers import l2

 a = Input((28, 28, 1))
-b = Flatten()(Convolution2D(32, (3, 3), border_mode="same")(a))
-b = Dense(output_dim=64, init="uniform", W_regularizer=l2(0.1))(b)
-model = Model(input=a, output=b)
+b = Flatten()(Convolution2D(32, (3, 3), padding="same")(a))
+b = Dense(units=64, kernel_initializer="random_uniform", kernel_regularizer=l2(0.1))(b)
+model = Model(inputs=a, outputs=b)
```

**Why.** Keras 2 translated the names of Keras 1, and Keras 3 does not. `epsilon=None` meant the default, and is now an
error in training. `schedule_decay=` of `Nadam` is left out, because it is fixed at its old default, 0.004.
`ModelCheckpoint(period=5)` loses its `period`, and a finding says so.

**Not rewritten.** Arguments that changed their meaning.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, argument, keyword, keywords
from compat_auc.migrate.syntax import TARGETS
from compat_auc.migrate.tables.keywords import (
    CALLABLES,
    DROPPED,
    LAYERS,
    LAYERS_KERAS3,
    NONE_IS_DEFAULT,
    SEQUENCE_LAYERS,
    VALUES,
)

# The targets that lack the arguments of ``DROPPED``; both, if a name is not listed here.
_TARGETS_WITHOUT = {"keras.callbacks.ModelCheckpoint": ("keras3",), "keras.callbacks.TensorBoard": ("keras3",)}


@rule("CA407", stage=Stage.CALLS)
def keyword_arguments(source: Source) -> Iterator[Finding]:
    for call in source.all(cst.Call):
        name = source.name(call.func)
        if name is None or not name.startswith("keras."):
            continue
        if name in SEQUENCE_LAYERS:
            yield from _input_shape(source, call, name)
        renames = _renames(name, source.target)
        for arg in call.args:
            if arg.keyword is None:
                continue
            key = arg.keyword.value
            new = renames.get(key)
            if key in DROPPED.get(name, ()) and source.target in _TARGETS_WITHOUT.get(name, TARGETS):
                yield _dropped(source, call, arg, name)
                if key == "period" and source.constant(arg.value) != 1:
                    message = f"Without period={source.code(arg.value)}, ModelCheckpoint now looks at every epoch."
                    yield source.finding("CA407", message, arg)
            elif key in NONE_IS_DEFAULT.get(name, ()) and source.code(arg.value) == "None":
                edit = source.remove_argument(call, arg)
                yield source.finding(
                    "CA407", f"{key}=None of {name} is removed. The default is no longer None.", arg, (edit,)
                )
            elif new is not None and new not in keywords(call):
                edits = (source.replace(arg.keyword, new), *_value(source, arg, key))
                yield source.finding("CA407", f"{key}= of {name} is now {new}=.", arg, edits)


def _renames(name: str, target: str) -> dict[str, str]:
    layer = name[len("keras.layers.") :] if name.startswith("keras.layers.") else ""
    extra = LAYERS_KERAS3.get(layer, {}) if target == "keras3" else {}
    return {**LAYERS.get(layer, {}), **CALLABLES.get(name, {}), **extra}


def _input_shape(source: Source, call: cst.Call, name: str) -> Iterator[Finding]:
    """Write ``input_length=n, input_dim=d`` as ``input_shape=(n, d)``."""
    size, length = argument(call, "input_dim"), argument(call, "input_length")
    if size is None or (source.target == "tf_keras" and name != "keras.layers.Conv1D"):
        return
    steps = source.code(length.value) if length is not None else "None"
    edits = [source.replace(size, f"input_shape=({steps}, {source.code(size.value)})")]
    edits.extend(source.remove_arguments(call, [length]) if length is not None else ())
    yield source.finding("CA407", f"input_dim= of {name} is now part of input_shape=.", size, tuple(edits))


def _value(source: Source, arg: cst.Arg, key: str) -> Iterator[Edit]:
    """Write the argument's value in its new spelling, if it is a literal that has one."""
    if isinstance(arg.value, cst.SimpleString):
        new = VALUES.get(key, {}).get(str(arg.value.evaluated_value))
        if new:
            yield source.replace_string(arg.value, new)


def _dropped(source: Source, call: cst.Call, arg: cst.Arg, name: str) -> Finding:
    key = keyword(arg)
    return source.finding(
        "CA407",
        f"{key}={source.code(arg.value)} is removed. {name} no longer has {key}=.",
        arg,
        (source.remove_argument(call, arg),),
    )
