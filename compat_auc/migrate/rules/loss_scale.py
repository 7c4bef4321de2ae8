"""Move the ``loss_scale`` of the policy and optimizer of ``tf.keras.mixed_precision.experimental``.

CA421: loss scales of mixed precision

```diff
-from tensorflow.keras.mixed_precision import experimental as mixed_precision
+from tensorflow.keras import mixed_precision

-optimizer = mixed_precision.LossScaleOptimizer("sgd", loss_scale="dynamic")
+optimizer = mixed_precision.LossScaleOptimizer("sgd")
```

**Why.** A loss scale of `"dynamic"` is the default, and `loss_scale=` is gone. A loss scale that is a number stays
fixed on `tf_keras` only; Keras 3 starts with it.

**Not rewritten.** A loss scale whose value is not written in the call. `LossScaleOptimizer(dynamic=False)`, which
Keras 3 refuses: give the inner optimizer a `loss_scale_factor`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, argument

_OPTIMIZER, _POLICY = "keras.mixed_precision.LossScaleOptimizer", "keras.mixed_precision.Policy"


@rule("CA421", stage=Stage.CALLS)
def loss_scale(source: Source) -> Iterator[Finding]:
    for call in source.calls(_OPTIMIZER, _POLICY):
        is_optimizer = source.name(call.func) == _OPTIMIZER
        if is_optimizer and source.target == "keras3":
            yield from _dynamic(source, call)
        old = argument(call, "loss_scale", 1)
        if old is None or "experimental" not in (source.raw_name(call.func) or "").split("."):
            continue
        value = source.constant(old.value)
        if value == "dynamic":
            edit = source.remove_argument(call, old)
            message = 'loss_scale="dynamic" is removed. The loss scale is dynamic by default.'
            yield source.finding("CA421", message, old, (edit,))
        elif is_optimizer and isinstance(value, (int, float)):
            yield _fixed(source, old)
        elif is_optimizer:  # The last pass reports it for a policy, but not here: Keras 3 takes any keyword.
            message = (
                "LossScaleOptimizer takes no loss_scale=. Write a number as initial_scale=, or nothing if dynamic."
            )
            yield source.report("CA421", message, old)


def _dynamic(source: Source, call: cst.Call) -> Iterator[Finding]:
    """Remove ``dynamic=True``, which Keras 3 takes for granted. It refuses any other value."""
    dynamic = argument(call, "dynamic")
    if dynamic is not None and source.constant(dynamic.value) is True:
        edit = source.remove_argument(call, dynamic)
        yield source.finding(
            "CA421", "dynamic=True is removed. The loss scale is dynamic by default.", dynamic, (edit,)
        )
    elif dynamic is not None:
        message = (
            f"LossScaleOptimizer of Keras 3 takes no {source.code(dynamic)}. "
            "Write a fixed scale as loss_scale_factor= of the inner optimizer."
        )
        yield source.report("CA421", message, dynamic)


def _fixed(source: Source, old: cst.Arg) -> Finding:
    """Move a scale that is a number. tf_keras can keep it fixed; Keras 3 only starts with it."""
    value = source.code(old.value)
    if source.target == "tf_keras":
        new, message = (
            f"dynamic=False, initial_scale={value}",
            "A fixed loss scale is now initial_scale= with dynamic=False.",
        )
    else:
        new, message = (
            f"initial_scale={value}",
            f"The loss scale {value} is now the initial scale. Keras 3 adapts the scale.",
        )
    edit = source.replace(old, new)
    return source.finding("CA421", message, old, (edit,))
