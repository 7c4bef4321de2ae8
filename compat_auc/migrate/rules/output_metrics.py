"""Give each output of a model its own list of metrics. Keras 2 gave a flat list to every output.

CA118: one list of metrics for several outputs

```diff
 from keras.layers import Dense, Input
 from keras.models import Model

 x = Input(shape=(3,))
 click = Dense(1, activation="sigmoid", name="click")(x)
 buy = Dense(1, activation="sigmoid", name="buy")(x)
 model = Model(inputs=x, outputs=[click, buy])
-model.compile("sgd", loss="binary_crossentropy", metrics=["mae", "mse"])
+model.compile("sgd", loss="binary_crossentropy", metrics=[["mae", "mse"], ["mae", "mse"]])
```

**Why.** Keras 2 logged each metric of a flat list for every output. Keras 3 gives the first metric to the first output
and the second to the second, without a word. If there are more or fewer metrics than outputs, Keras 3 raises an error.
A list for each output keeps the log keys: `click_mae`, `click_mse`, `buy_mae`, `buy_mse`.

**Not rewritten.** A list in a variable, and metric objects from a variable: two outputs cannot share one object. A new
script with as many metrics as outputs may be for Keras 3. It is reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.compiled import METRIC_ARGUMENTS, Metric, compiles_of_keras


@rule("CA118", stage=Stage.LEFTOVERS, targets=("keras3",))
def output_metrics(source: Source) -> Iterator[Finding]:
    for compiled in compiles_of_keras(source):
        count = compiled.count() or 1
        for name in METRIC_ARGUMENTS if count > 1 else ():
            metrics = list(compiled.metrics(name))
            if metrics and all(metric.selector is None for metric in metrics):
                yield _of_list(source, name, compiled.arguments[name], metrics, count)


def _of_list(source: Source, name: str, node: cst.BaseExpression, metrics: list[Metric], count: int) -> Finding:
    message = f"Keras 2 gave all {name} of a flat list to each of {count} outputs, and Keras 3 gives each output one"
    example = ", ".join(["[...]"] * count)
    if len(metrics) == count and age(source) is Age.NEW:
        return source.report("CA118", f"{message}. Write [{example}] to give all to each.", node)
    if not isinstance(node, cst.List) or not all(_can_repeat(source, metric) for metric in metrics):
        return source.report("CA118", f"{message}. Write [{example}], with new metric objects in each list.", node)
    lists = ", ".join([source.code(node)] * count)
    message = f"Each output now has the whole list. {message}."
    return source.finding("CA118", message, node, (source.replace(node, f"[{lists}]"),))


def _can_repeat(source: Source, metric: Metric) -> bool:
    """Whether a metric can be written twice: a string, a function, or a call that makes a new object each time."""
    if metric.holder is not None:
        return False
    if isinstance(metric.node, (cst.Name, cst.Attribute)):
        return isinstance(source.bound_node(metric.node), cst.FunctionDef) or source.name(metric.node) is not None
    return isinstance(metric.node, (cst.SimpleString, cst.Call))
