"""Report arguments by position that mean something else on the target.

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

**Not rewritten.** Reported only: write the argument by its name. Only files that are older than Keras 2.4 and
TensorFlow 2.2 have findings: `migrate` has moved something else in them.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.guards import is_guarded
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.target_api.api import PACKAGES
from compat_auc.migrate.target_api.old_api import moved_parameters


@rule("CA432", phase=Phase.API)
def positions(source: Source) -> Iterator[Finding]:
    is_moved = source.text != source.first.text
    if not is_moved or not any(name.split(".")[0] in PACKAGES for name in source.imported_names()):
        return
    if age(source) is Age.NEW:
        return
    moved = moved_parameters(source.target)
    for call in source.all(cst.Call):
        places = moved.get(source.name(call.func) or "")
        if places is None or _is_of_tensorflow_1(source, call) or is_guarded(source, call):
            continue
        for index, arg in enumerate(call.args):
            if arg.star or arg.keyword is not None:
                break
            old, new = places.get(str(index), ("", ""))
            if old:
                yield _finding(source, call, arg, old, new)
                break


def _is_of_tensorflow_1(source: Source, call: cst.Call) -> bool:
    """Whether the call goes to what keeps the old order: ``tensorflow.compat.v1``, or ``tf_slim``."""
    return (source.raw_name(call.func) or "").startswith(("tensorflow.compat.v1.", "tf_slim."))


def _finding(source: Source, call: cst.Call, arg: cst.Arg, old: str, new: str) -> Finding:
    function = source.code(call.func)
    advice = "write rate=1 - ..." if old == "keep_prob" else f"write {old}="
    message = f"this argument of {function} was {old}, and goes to {new} on this target: {advice}"
    return source.finding("CA432", message, arg)
