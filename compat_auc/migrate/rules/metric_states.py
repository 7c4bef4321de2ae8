"""Rename ``reset_states()`` of metrics: ``reset_state()`` since TensorFlow 2.5. Models of Keras 3 have neither.

CA416: `reset_states`

```diff
 import keras

 class Hits(keras.metrics.AUC):
-    def reset_states(self):
-        super().reset_states()
+    def reset_state(self):
+        super().reset_state()

 loss = keras.metrics.Mean()
-loss.reset_states()
+loss.reset_state()
 model = keras.Sequential([keras.layers.LSTM(3, stateful=True)])
-model.reset_states()
+[one.reset_state() for one in model.layers if getattr(one, "stateful", False)]
```

**Why.** Keras 3 raises `'Mean' object has no attribute 'reset_states'`. If your metric has a method of this name, Keras
3 never calls it and does not warn: it sets all variables to zero instead. In `tf_keras`, `super().reset_states()` in
such a method calls the method again, until a `RecursionError`. Models of Keras 3 no longer have this method; their
stateful layers have it.

**Not rewritten.** Objects whose class the file does not show. They are reported for Keras 3.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Assignment, Source

_OLD, _NEW = "reset_states", "reset_state"


@rule("CA416", stage=Stage.CALLS)
def metric_states(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    for holder in source.all(cst.ClassDef):
        methods = list(source.of_class(holder, cst.FunctionDef))
        if any(method.name.value == _NEW for method in methods) or not _is_own_metric(source, holder):
            continue
        for method in methods:
            if method.name.value == _OLD:
                message = "reset_states() of this metric is now reset_state(). Keras 3 never calls reset_states()."
                yield source.finding("CA416", message, method, (source.replace(method.name, _NEW),))
    for node in source.all(cst.Attribute):
        if node.attr.value != _OLD:
            continue
        call = source.parents[node]
        if _is_metric(source, node.value):
            edit = source.replace(node.attr, _NEW)
            yield source.finding("CA416", "reset_states() of a metric is now reset_state().", node, (edit,))
        elif source.target == "keras3" and isinstance(call, cst.Call) and call.func is node and not call.args:
            yield from _of_others(source, node, call)


def _of_others(source: Source, node: cst.Attribute, call: cst.Call) -> Iterator[Finding]:
    """Reset a model's stateful layers instead. Report the call if the file does not show what the object is."""
    kind = models.kind(source, node.value)
    if kind == models.MODEL and isinstance(source.parents[call], cst.Expr):
        receiver = source.code(node.value)
        new = f'[one.{_NEW}() for one in {receiver}.layers if getattr(one, "stateful", False)]'
        message = "reset_states() of a model is now a reset of each stateful layer. Keras 3 has no reset_states()."
        yield source.finding("CA416", message, node, (source.replace(call, new),))
    elif _kind_of_self(source, node.value) == "layers":
        return  # A recurrent layer resets itself.
    elif kind == models.UNSURE and _OLD not in source.functions and ".layers" not in source.code(node.value):
        message = (
            "this file does not show whether the object is a metric. Write reset_state() for a metric. A model of "
            "Keras 3 has neither reset_state() nor reset_states()."
        )
        yield source.report("CA416", message, node, subject=_OLD)


def _is_own_metric(source: Source, holder: cst.CSTNode | None) -> bool:
    return models.own_kind(source, holder) == "metrics"


def _kind_of_self(source: Source, node: cst.CSTNode) -> str | None:
    """Return the module of Keras that the class around comes from, if an expression is ``self``."""
    return models.own_kind(source, source.enclosing(node, cst.ClassDef)) if source.code(node) == "self" else None


def _is_metric(source: Source, node: cst.CSTNode) -> bool:
    """Whether an expression is a metric of Keras, or of a class of the file that is one."""
    if isinstance(node, cst.Call):
        if source.code(node.func) == "super":
            return _is_own_metric(source, source.enclosing(node, cst.ClassDef))
        return _makes_metric(source.name(node.func)) or _is_own_metric(source, source.bound_node(node.func))
    if _kind_of_self(source, node) is not None:
        return _kind_of_self(source, node) == "metrics"
    if isinstance(node, cst.Name):
        values = [_value(source, bound) for bound in source.bindings(node)]
        return bool(values) and all(value is not None and _is_metric(source, value) for value in values)
    if _are_metrics_of_model(source, node):
        return True
    if isinstance(node, cst.Attribute):
        values = source.attribute_values.get(source.code(node), [])
        return bool(values) and all(isinstance(value, cst.Call) and _is_metric(source, value) for value in values)
    return False


def _makes_metric(name: str | None) -> bool:
    """Whether a call of this name gives a metric: the classes of ``keras.metrics`` begin with a capital."""
    return bool(name) and name.startswith("keras.metrics.") and name.rpartition(".")[2][0].isupper()


def _value(source: Source, bound: Assignment) -> cst.BaseExpression | None:
    """Return the value of a name: of an assignment, or one metric of a loop over metrics."""
    loop = source.parents.get(bound.node)
    if not (isinstance(loop, (cst.For, cst.CompFor)) and loop.target is bound.node):
        return source.assigned_value(bound)
    return loop.iter if _are_metrics_of_model(source, loop.iter) else _first_metric(source, loop.iter)


def _are_metrics_of_model(source: Source, node: cst.CSTNode) -> bool:
    """Whether this is ``model.metrics``, or ``self.metrics`` in a model of the file."""
    if not isinstance(node, cst.Attribute) or node.attr.value != "metrics":
        return False
    return _kind_of_self(source, node.value) == "models" or models.kind(source, node.value) == models.MODEL


def _first_metric(source: Source, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return one of the metrics in a list, if all its elements are metrics."""
    value = source.resolved(node)
    elements = [element.value for element in value.elements] if isinstance(value, (cst.List, cst.Tuple)) else []
    return elements[0] if elements and all(_is_metric(source, element) for element in elements) else None
