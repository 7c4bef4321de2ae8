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
`Cannot convert 'hits' to a shape`. Keras 1 took the shape first, too, but Keras 2 and tf_keras take the name first. So
each positional argument gets its name.

**Not rewritten.** Calls of `add_weight` where the file does not show whether the first argument is the name or the
shape. Weights that `self.init(shape, name=...)` made in Keras 1 are reported: an initializer gives a tensor now, and
takes no `name=`.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.models import own_kind
from compat_auc.migrate.source.source import Source, argument, has_star

# The arguments that Keras 2 took by position. The third one of a metric is not the dtype.
_ORDER = {
    "layers": ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint"),
    "models": ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint"),
    "metrics": ("name", "shape"),
}
# Keras 1 and Keras 3 take the shape first. Weights of Keras 1 were those of layers.
_DTYPE = re.compile(r"(?i)\b(b?float|u?int|bool)(\d+|x\(\))?\b|dtype")
_OF_KERAS_1 = ("shape", "initializer", "name", "trainable", "regularizer", "constraint")
_OF_KERAS_3 = ("shape", "initializer", "dtype", "trainable")


@rule("CA424", stage=Stage.CALLS)
def own_weights(source: Source) -> Iterator[Finding]:
    yield from _made_by_initializers(source)
    yield from _by_position(source)


def _made_by_initializers(source: Source) -> Iterator[Finding]:
    """Report ``self.init(shape, name=...)``, where ``self.init`` is what ``initializations.get`` returned."""
    for call in source.all(cst.Call):
        func = call.func
        if not isinstance(func, cst.Attribute) or argument(call, "name") is None:
            continue
        makers = {
            source.name(value.func) if isinstance(value, cst.Call) else None for value in source.self_values(func)
        }
        if makers == {"keras.initializers.get"}:
            what = source.code(func)
            new = f"self.add_weight(initializer={what}, ...)"
            yield source.report("CA424", f"an initializer makes no weight and takes no name=. Write {new}.", call)


def _by_position(source: Source) -> Iterator[Finding]:
    """Name the arguments that the target takes in another order, or report them if it is unclear what they are."""
    first = "shape" if source.target == "keras3" else "name"
    for call in source.spelled("self.add_weight"):
        by_position = [arg for arg in call.args if arg.keyword is None]
        order = _order(source, call, by_position) if by_position and not has_star(call) else ()
        if order is None:
            message = f"add_weight() of {source.release} takes the {first} first. Name each argument."
            yield source.report("CA424", message, call)
        elif 0 < len(by_position) <= len(order):
            edits = tuple(
                Edit(source.start(arg), source.start(arg), f"{name}=") for arg, name in zip(by_position, order)
            )
            message = f"The arguments of add_weight() now have names. {source.release} takes the {first} first."
            yield source.finding("CA424", message, call, edits)


def _order(source: Source, call: cst.Call, by_position: list[cst.Arg]) -> tuple[str, ...] | None:
    """Return the names of the positional arguments; none if the target takes them in this order, None if unclear.

    The first one is the name, as in Keras 2, or the shape, as in Keras 1 and 3.
    """
    first = by_position[0].value
    is_named, is_shaped = argument(call, "name") is not None, argument(call, "shape") is not None
    kind = own_kind(source, source.enclosing(call, cst.ClassDef)) or ""
    if not is_named and (is_shaped or _is_text(source, first)):
        return _ORDER.get(kind, ()) if source.target == "keras3" else ()
    if kind not in _ORDER or is_shaped or not (is_named or _is_shape(first)):
        return ()
    order = _of_shape_first(source, by_position, is_named)
    return () if order == _OF_KERAS_3 and source.target == "keras3" else order


def _of_shape_first(source: Source, by_position: list[cst.Arg], is_named: bool) -> tuple[str, ...] | None:
    """Return the order of Keras 1 or of Keras 3. They differ from the third argument on: the name or the dtype."""
    if len(by_position) < 3 or is_named or _DTYPE.search(source.code(by_position[2].value)):
        return _OF_KERAS_3
    return _OF_KERAS_1 if _is_text(source, by_position[2].value) else None


def _is_shape(node: cst.BaseExpression) -> bool:
    """Whether an expression is a tuple or list, or a sum of these. A name is none."""
    if isinstance(node, cst.BinaryOperation):
        return _is_shape(node.left) or _is_shape(node.right)
    return isinstance(node, (cst.Tuple, cst.List))


def _is_text(source: Source, node: cst.BaseExpression) -> bool:
    """Whether an expression looks like a string."""
    if isinstance(node, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
        return True
    if isinstance(node, cst.BinaryOperation):
        return _is_text(source, node.left) or _is_text(source, node.right)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.attr.value in ("format", "join") and _is_text(source, node.func.value)
    return isinstance(source.constant(node), str)
