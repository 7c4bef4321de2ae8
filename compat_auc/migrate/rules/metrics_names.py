"""Replace ``model.metrics_names``. In Keras 3 it lists the containers of metrics, not the log keys.

CA414: `metrics_names`

```diff
 from keras.models import load_model

 model = load_model("model.h5")
-print(dict(zip(model.metrics_names, model.evaluate(x, y))))
-names = model.metrics_names
+print(dict(model.evaluate(x, y, return_dict=True).items()))
+names = list(model.get_metrics_result())
```

**Why.** In Keras 3 `metrics_names` is `["loss", "compile_metrics"]`. The keys of the result are the names, in the order
of `evaluate`.

**Not rewritten.** Uses before the model has seen data.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source

_BUILDS = ("fit", "evaluate", "train_on_batch", "test_on_batch", "fit_generator", "evaluate_generator")


@rule("CA414", stage=Stage.CALLS, targets=("keras3",))
def metrics_names(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    if any(text.endswith(".metrics_names") for text in source.attribute_values):
        return  # The file sets it itself, so it is not the one of Keras.
    first = next(map(source.start, source.method_calls(*_BUILDS)), len(source.text))
    for node in source.all(cst.Attribute):
        if (
            node.attr.value != "metrics_names"
            or source.is_foreign(node.value)
            or models.kind(source, node.value) == models.OTHER
        ):
            continue
        zipped = _zipped_with_evaluate(source, node)
        if zipped is not None:
            pair, evaluate = zipped
            extra = source.add_argument(evaluate, "return_dict=True")
            head, tail = source.span(evaluate)
            text = source.text[head : extra.start] + extra.text + source.text[extra.start : tail] + ".items()"
            message = "metrics_names of evaluate() is now return_dict=True. In Keras 3, metrics_names lists containers."
            yield source.finding("CA414", message, node, (source.replace(pair, text),))
        elif first < source.start(node):
            new = f"list({source.code(node.value)}.get_metrics_result())"
            edit = source.replace(node, new)
            message = "metrics_names is now get_metrics_result(). In Keras 3, metrics_names lists containers."
            yield source.finding("CA414", message, node, (edit,))
        else:
            message = (
                "metrics_names lists containers in Keras 3, and no log key before fit(). Read the keys after fit()."
            )
            yield source.report("CA414", message, node)


def _zipped_with_evaluate(source: Source, node: cst.Attribute) -> tuple[cst.Call, cst.Call] | None:
    """Find ``zip(model.metrics_names, model.evaluate(...))``, which reads the names before Keras 3 has them."""
    arg = source.parents[node]
    pair = source.parents[arg]
    if not isinstance(arg, cst.Arg) or not isinstance(pair, cst.Call) or source.code(pair.func) != "zip":
        return None
    values = pair.args[-1].value
    if len(pair.args) != 2 or pair.args[0] is not arg or not isinstance(values, cst.Call):
        return None
    method = values.func
    if not isinstance(method, cst.Attribute) or method.attr.value != "evaluate":
        return None
    return (pair, values) if source.code(method.value) == source.code(node.value) else None
