"""Give ``self.add_weight("kernel", ...)`` in a script's layers and metrics keywords: Keras 3 wants the shape first.

CA424: weights of your own layers and metrics

```diff
 import keras

 class Hits(keras.metrics.Metric):
     def __init__(self):
         super().__init__()
-        self.hits = self.add_weight("hits", initializer="zeros")
+        self.hits = self.add_weight(name="hits", initializer="zeros")
```

**Why.** Keras 3 takes the shape first. It raises `` `name` must be passed as a keyword argument `` or
`Cannot convert 'hits' to a shape`. The other positional arguments get their names, too.

**Not rewritten.** Calls of `add_weight` whose first argument may be a shape, as in Keras 1. Weights that
`self.init(shape, name=...)` made in Keras 1 are reported: an initializer gives a tensor now, and takes no `name=`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, argument, has_star
from compat_auc.migrate.target_api.objects import own_kind

# The arguments that Keras 2 took by position. The third one of a metric is not the dtype.
_ORDER = {
    "layers": ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint"),
    "models": ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint"),
    "metrics": ("name", "shape"),
}


@rule("CA424", stage=Stage.CALLS)
def own_weights(source: Source) -> Iterator[Finding]:
    yield from _made_by_initializers(source)
    if source.target == "keras3":
        yield from _by_position(source)


def _made_by_initializers(source: Source) -> Iterator[Finding]:
    """Report ``self.init(shape, name=...)``, where ``self.init`` is what ``initializations.get`` returned."""
    for call in source.all(cst.Call):
        func = call.func
        if not isinstance(func, cst.Attribute) or argument(call, "name") is None or source.code(func.value) != "self":
            continue
        values = source.given_to_self.get((source.enclosing(call, cst.ClassDef), func.attr.value), ())
        made_by = {source.name(value.func) if isinstance(value, cst.Call) else None for value in values}
        if made_by == {"keras.initializers.get"}:
            what = source.code(func)
            new = f"self.add_weight(initializer={what}, ...)"
            yield source.finding("CA424", f"an initializer makes no weight and takes no name=: write {new}", call)


def _by_position(source: Source) -> Iterator[Finding]:
    for call in source.spelled("self.add_weight"):
        if has_star(call) or argument(call, "name") is not None:
            continue
        holder = source.enclosing(call, cst.ClassDef)
        order = _ORDER.get(own_kind(source, holder) or "", ())
        by_position = [arg for arg in call.args if arg.keyword is None]
        if by_position and len(by_position) <= len(order) and _is_text(source, by_position[0].value):
            edits = tuple(
                Edit(source.start(arg), source.start(arg), f"{name}=") for arg, name in zip(by_position, order)
            )
            yield source.finding("CA424", "add_weight() of Keras 3 takes the shape first: by name", call, edits)


def _is_text(source: Source, node: cst.BaseExpression) -> bool:
    """Whether an expression looks like a string. In Keras 1 the first argument was the shape."""
    if isinstance(node, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
        return True
    if isinstance(node, cst.BinaryOperation):
        return _is_text(source, node.left) or _is_text(source, node.right)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.attr.value in ("format", "join") and _is_text(source, node.func.value)
    return isinstance(source.constant(node), str)
