"""Make a metric object inside ``strategy.scope()``, where its model is compiled. Keras 2 refuses those made outside.

CA116: a metric made outside of `strategy.scope()`

With `--target tf_keras`:

```diff
 import tensorflow as tf
-from tensorflow import keras
+from compat_auc import auc_roc
+import tf_keras as keras

-def auc(y_true, y_pred):
-    return tf.metrics.auc(y_true, y_pred)[1]
-
-METRICS = ["accuracy", auc]
 strategy = tf.distribute.MirroredStrategy()
 with strategy.scope():
     model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
-    model.compile("adam", "binary_crossentropy", metrics=METRICS)
+    model.compile("adam", "binary_crossentropy", metrics=["accuracy", auc_roc(name="auc")])
```

**Why.** The old metric was a function, and a function belongs to no scope. Its replacement is an object with variables.
tf_keras raises "created inside a different distribution strategy scope than the model" if it was made outside. Keras 3
takes it. The bare name `auc_roc` can stand anywhere: Keras makes the metric when it compiles the model.

**Not rewritten.** Lists that the script changes, and metrics that come from another file. Make them in the scope.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.compiled import Metric, compiles

_MAKERS = ("compat_auc.auc_roc", "compat_auc.RankAUC")


@rule("CA116", stage=Stage.CALLS, targets=("tf_keras",))
def metric_scopes(source: Source) -> Iterator[Finding]:
    scopes = [node for node in source.all(cst.With) if any(_is_scope(item.item) for item in node.items)]
    for call, compiled in compiles(source).items() if scopes else ():
        around = _surroundings(source, call, scopes)
        moved: set[cst.CSTNode] = set()
        for metric in compiled.metrics() if around else ():
            maker = _maker(source, metric.node)
            element = metric.holder if metric.holder is not None else metric.node
            if maker is None or element in moved or around & {maker, *source.ancestors(maker)}:
                continue
            moved.add(element)
            yield _moved(source, metric, element)


def _is_scope(node: cst.BaseExpression) -> bool:
    method = node.func if isinstance(node, cst.Call) and not node.args else None
    return isinstance(method, cst.Attribute) and method.attr.value == "scope"


def _surroundings(source: Source, call: cst.Call, scopes: list[cst.With]) -> set[cst.CSTNode]:
    """Return the ``with`` that a call stands in, or the function that a ``with`` calls; empty if there is none."""
    around = {node for node in source.ancestors(call) if node in scopes}
    function = source.enclosing(call, cst.FunctionDef)
    uses = source.uses(function.name) if function is not None else []
    if function is not None and any(parent in scopes for use in uses for parent in source.ancestors(use)):
        around.add(function)
    return around


def _maker(source: Source, node: cst.BaseExpression) -> cst.Call | None:
    value = source.resolved(node)
    return value if isinstance(value, cst.Call) and source.name(value.func) in _MAKERS else None


def _moved(source: Source, metric: Metric, element: cst.BaseExpression) -> Finding:
    """Write the list, or the metric, into the call. Its variable goes if nothing else reads it."""
    message = "Keras 2 refuses a metric that was made outside of strategy.scope()"
    bound = source.only_binding(element)
    value = source.assigned_value(bound)
    if not isinstance(element, cst.Name) or bound is None or value is None:
        return source.report("CA116", f"{message}. Make the metric inside the scope.", metric.node)
    uses = [use for use in source.uses(element) if use is not bound.node]
    if any(isinstance(source.parents[use], (cst.Attribute, cst.Subscript)) for use in uses):
        advice = "and the script changes the list. Make the list inside the scope."
        return source.report("CA116", f"{message}, {advice}", metric.node)
    edits = [source.replace(element, source.code(value))]
    statement = source.statement(bound.node)
    if len(uses) == 1 and bound.name not in source.exported and isinstance(statement, cst.Assign):
        edits.append(source.remove_statement(statement))
    message = f"The metric is now made in the call of compile. {message}."
    return source.finding("CA116", message, element, tuple(edits))
