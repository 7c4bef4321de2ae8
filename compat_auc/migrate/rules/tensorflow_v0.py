"""Move names that TensorFlow 1.0 removed (``tf.pack``, ``tf.mul``), and ``tf.concat`` with the axis first.

CA307: names that TensorFlow 1.0 removed

```diff
 import tensorflow as tf

-x = tf.concat(1, [tf.mul(a, b), tf.pack([c, d])])
+x = tf.concat([tf.multiply(a, b), tf.stack([c, d])], 1)
```

**Why.** TensorFlow 1.0 gave these functions new names, and moved the axis of `tf.concat` and `tf.split` to the end.

**Not rewritten.** Calls with `*` or `**`, whose order of arguments cannot be seen.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, has_star, keyword, root
from compat_auc.migrate.tables.tensorflow_v0 import ONLY_LIKE_V1, RENAMED, REORDERED


@rule("CA307", stage=Stage.CALLS)
def tensorflow_v0(source: Source) -> Iterator[Finding]:
    for node, full in source.full_names(cst.Attribute):
        base = root(node)
        package = source.raw_name(base)
        name = full.removeprefix(f"{package}.")
        new = RENAMED.get(name) if package in ("tensorflow", "tensorflow.compat.v1") else None
        if new is not None and _fits(source, node):
            path = f"compat.v1.{new}" if package == "tensorflow" and new in ONLY_LIKE_V1 else new
            edit = source.replace(node, f"{source.code(base)}.{path}")
            yield source.finding("CA307", f"tf.{name} is now tf.{path}.", node, (edit,))
    for call in source.all(cst.Call):
        old, new = REORDERED.get((source.name(call.func) or "").removeprefix("tensorflow."), ((), ()))
        if old and _is_in_old_order(source, call, len(old)):
            values = dict(zip(old, call.args))
            edits = tuple(source.replace(call.args[at], source.code(values[key].value)) for at, key in enumerate(new))
            edits = tuple(edit for edit, arg in zip(edits, call.args) if edit.text != source.code(arg))
            message = f"The axis is now the last argument of {source.code(call.func)}."
            yield source.finding("CA307", message, call, edits)


def _fits(source: Source, node: cst.Attribute) -> bool:
    """Whether a use can be renamed. A call must go by position, because some parameters were renamed as well."""
    parent = source.parents[node]
    if not isinstance(parent, cst.Call) or parent.func is not node:
        return not isinstance(parent, (cst.Attribute, cst.AssignTarget))
    return all(keyword(arg) in ("", "name", "axis") for arg in parent.args)


def _is_in_old_order(source: Source, call: cst.Call, size: int) -> bool:
    """Whether the axis is first: the first argument is an integer, and the last is not."""
    if has_star(call) or len(call.args) < size or any(map(keyword, call.args[:size])):
        return False
    first, last = (source.constant(call.args[at].value) for at in (0, size - 1))
    return isinstance(first, int) and not isinstance(last, int)
