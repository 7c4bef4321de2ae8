"""Report calls that mean something else on the target: arguments by position, and defaults.

CA432: arguments that changed places

```diff
 import tensorflow as tf
-from keras.layers.core import Dense
+from keras.layers import Dense

 layer = Dense(8)
 best = tf.nn.in_top_k(scores, labels, 5)
```

**Why.** The parameter that stood at this position stands at another one now, so the argument goes to a parameter that
it was not meant for. Often no error says so: `tf.nn.dropout(x, 0.9)` kept 90 % of the values, and drops them today.

**Not rewritten.** The call stays: write the argument by its name. Only files that are older than Keras 2.4 and
TensorFlow 2.2 have findings: `migrate` has moved something else in them.

CA433: defaults that changed

```diff
-from keras.layers.core import Dense
+from keras.layers import Dense
 from keras.regularizers import l1_l2

 layer = Dense(8, kernel_regularizer=l1_l2())
```

**Why.** The call leaves out an argument whose default has changed: `l1_l2()` had 0.01 for each part and has 0 today,
and `tf.random_normal_initializer()` had a standard deviation of 1.0 and has 0.05. No error says so.

**Not rewritten.** The call stays: write the old default out. There is a finding only in a file in which `migrate` has
moved something else.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.guards import is_guarded
from compat_auc.migrate.source.source import Source, argument, has_star
from compat_auc.migrate.target_api.api import PACKAGES
from compat_auc.migrate.target_api.old_api import changed_defaults, moved_parameters


@rule("CA432", "CA433", stage=Stage.API)
def changed_calls(source: Source) -> Iterator[Finding]:
    is_moved = source.text != source.first.text
    if not is_moved or not any(name.split(".")[0] in PACKAGES for name in source.imported_names()):
        return
    if age(source) is Age.NEW:
        return
    moved, defaults = moved_parameters(source.target), changed_defaults(source.target)
    for call in source.all(cst.Call):
        name = source.name(call.func) or ""
        if name not in moved and name not in defaults:
            continue
        if not _is_of_tensorflow_1(source, call) and not is_guarded(source, call):
            yield from _moved(source, call, moved.get(name, {}))
            yield from _defaults(source, call, defaults.get(name, {}))


def _is_of_tensorflow_1(source: Source, call: cst.Call) -> bool:
    """Whether the call goes to what keeps the old order: ``tensorflow.compat.v1``, or ``tf_slim``."""
    return (source.raw_name(call.func) or "").startswith(("tensorflow.compat.v1.", "tf_slim."))


def _moved(source: Source, call: cst.Call, parameters: dict[str, list[str]]) -> Iterator[Finding]:
    """Report the first argument by position that goes to another parameter."""
    function = source.code(call.func)
    for index, arg in enumerate(call.args):
        if arg.star or arg.keyword is not None:
            return
        old, new = parameters.get(str(index), ("", ""))
        if old:
            advice = "rate=1 - keep_prob" if old == "keep_prob" else f"{old} by name"
            message = f"this argument of {function} was {old}, and is now {new}. Pass {advice}."
            yield source.report("CA432", message, arg)
            return


def _defaults(source: Source, call: cst.Call, defaults: dict[str, list[str]]) -> Iterator[Finding]:
    """Report the parameters that the call leaves to a default that has changed."""
    by_position = [arg for arg in call.args if arg.keyword is None and not arg.star]
    left_out = [parameter for parameter in defaults if argument(call, parameter) is None]
    if left_out and not by_position and not has_star(call):
        old = ", ".join(f"{parameter}={defaults[parameter][0]}" for parameter in left_out)
        new = ", ".join(f"{parameter}={defaults[parameter][1]}" for parameter in left_out)
        message = f"{source.code(call.func)} had the default {old}, and now has {new}. Write the old default out."
        yield source.report("CA433", message, call)
