"""Remove arguments that Keras 3 lacks: switches of Keras 2, and those that layers ignored. Write out lost defaults.

CA420: arguments that Keras 3 refuses

```diff
 from tensorflow.keras import layers

-x = layers.DepthwiseConv2D(3, kernel_initializer="zeros")(x)
-x = layers.BatchNormalization(fused=True)(x)
-x = layers.AveragePooling2D()(x)
-x = layers.Attention(causal=True)([x, x])
+x = layers.DepthwiseConv2D(3)(x)
+x = layers.BatchNormalization()(x)
+x = layers.AveragePooling2D(pool_size=(2, 2))(x)
+x = layers.Attention()([x, x], use_causal_mask=True)
-model.save("model.h5", save_format="h5")
+model.save("model.h5")
```

**Why.** Keras 3 raises `Unrecognized keyword arguments` for what Keras 2 took and did not need:

- a switch of the implementation (`fused=`, `jit_compile=`, `experimental_run_tf_function=`);
- the format of a file whose name says it;
- `kernel_...=` of `DepthwiseConv2D` and `SeparableConv2D`, which ignored it.

`AveragePooling2D()` of Keras 3 has no default for `pool_size`, so the old one is written out.

**Not rewritten.** A `save_format=` whose value is not written in the call, and `signatures=` and `options=` other than
`None`. They are reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source, argument, has_star, keyword
from compat_auc.migrate.tables.keywords import DROPPED_KERAS3, IDLE, METHODS_KERAS3, OFF_KERAS3, REQUIRED_KERAS3

_MASKED = ("keras.layers.Attention", "keras.layers.AdditiveAttention")


@rule("CA420", stage=Stage.CALLS, targets=("keras3",))
def keras2_arguments(source: Source) -> Iterator[Finding]:
    uses_keras = is_keras_file(source)
    for call in source.all(cst.Call):
        name = source.name(call.func) or ""
        if name.startswith("keras."):
            yield from _of_callable(source, call, name)
        elif uses_keras and isinstance(call.func, cst.Attribute):
            yield from _of_method(source, call, call.func)


def _of_callable(source: Source, call: cst.Call, name: str) -> Iterator[Finding]:
    for arg in call.args:
        key = keyword(arg)
        if key in DROPPED_KERAS3.get(name, ()):
            yield _left_out(source, call, arg, f"{name} has no {key}= in Keras 3")
        elif key in IDLE.get(name, ()):
            yield _left_out(source, call, arg, f"{name} never used {key}=")
        elif key in OFF_KERAS3.get(name, {}) and source.constant(arg.value) is OFF_KERAS3[name][key]:
            yield _left_out(source, call, arg, f"{name} has no {key}= in Keras 3")
    if name == "keras.models.save_model":
        yield from _refused(source, call, "save")
    if name in _MASKED:
        yield from _causal(source, call, name)
    key, value = REQUIRED_KERAS3.get(name, ("", ""))
    if key and not has_star(call) and argument(call, key, 0) is None and argument(call, "pool_length") is None:
        message = f"The default {key}={value} is now written out. {name} has no default for {key}= in Keras 3."
        edit = source.add_argument(call, f"{key}={value}")
        yield source.finding("CA420", message, call, (edit,))


def _of_method(source: Source, call: cst.Call, func: cst.Attribute) -> Iterator[Finding]:
    findings = list(_refused(source, call, func.attr.value))
    if findings and not source.is_foreign(func.value) and models.kind(source, func.value) != models.OTHER:
        yield from findings


def _refused(source: Source, call: cst.Call, method: str) -> Iterator[Finding]:
    for arg in call.args:
        key = keyword(arg)
        if key in METHODS_KERAS3.get(method, ()):
            why = f"{method}() of Keras 3 has no {key}="
            is_constant = source.constant(arg.value) is not ...
            yield (
                _left_out(source, call, arg, why)
                if is_constant
                else source.report("CA420", f"{why}. Remove the argument.", arg)
            )


def _left_out(source: Source, call: cst.Call, arg: cst.Arg, why: str) -> Finding:
    message = f"{source.code(arg).rstrip(', ')} is removed. {why}."
    return source.finding("CA420", message, arg, (source.remove_argument(call, arg),))


def _causal(source: Source, call: cst.Call, name: str) -> Iterator[Finding]:
    """Move the mask of ``Attention(causal=True)([query, value])`` to the call of the layer."""
    causal, outer = argument(call, "causal"), source.parents[call]
    is_called = isinstance(outer, cst.Call) and outer.func is call
    if causal is not None and is_called and source.constant(causal.value) is True and not has_star(outer):
        edits = (source.remove_argument(call, causal), source.add_argument(outer, "use_causal_mask=True"))
        yield source.finding("CA420", f"causal= of {name} is now use_causal_mask= of the call.", causal, edits)
