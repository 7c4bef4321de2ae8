"""Replace ``predict_proba`` and ``predict_classes`` of a Keras model by ``predict``, the only one left.

CA408: `predict_proba` and `predict_classes`

```diff
 from keras.layers import Dense
 from keras.models import Sequential

 model = Sequential([Dense(1, activation="sigmoid", input_dim=8)])
-labels = model.predict_classes(x)
-scores = model.predict_proba(x)
+labels = (model.predict(x) > 0.5).astype("int32")
+scores = model.predict(x)
```

**Why.** Models no longer have these two methods. If the last layer has several units, `migrate` writes
`argmax(axis=-1)`.

**Not rewritten.** Estimators of scikit-learn, and objects that might be one.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source

# Parts of scikit-learn without a classifier that has predict_proba.
_HARMLESS = (
    "metrics",
    "model_selection",
    "preprocessing",
    "datasets",
    "utils",
    "cross_validation",
    "feature_extraction",
)


@rule("CA408", stage=Stage.CALLS)
def predictions(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    for call in source.method_calls("predict_proba", "predict_classes"):
        method = call.func.attr.value
        kind = models.kind(source, call.func.value)
        if kind == models.OTHER:
            continue
        if kind == models.UNSURE and method == "predict_proba" and _has_classifiers(source):
            message = f"`{source.code(call.func)}` may be of scikit-learn or of Keras. Write predict for a Keras model."
            yield source.report("CA408", message, call)
        elif method == "predict_proba":
            edit = source.rename_attribute(call.func, "predict")
            yield source.finding("CA408", "predict_proba() of a model is now predict().", call, (edit,))
        else:
            yield _classes(source, call)


def _has_classifiers(source: Source) -> bool:
    """Whether the file imports anything that could be an estimator with its own ``predict_proba``."""
    for name in source.imported_names():
        parts = name.split(".")
        if parts[0] in ("xgboost", "lightgbm", "catboost"):
            return True
        if parts[0] == "sklearn" and len(parts) > 1 and parts[1] not in _HARMLESS:
            return True
        if name.startswith("keras.wrappers.scikit_learn"):
            return True
    return False


def _classes(source: Source, call: cst.Call) -> Finding:
    """Write ``predict_classes`` as Keras defined it: argmax over several columns, a threshold of 0.5 for one."""
    start, end = source.span(call)
    rename = source.rename_attribute(call.func, "predict")
    units = models.head_units(source)
    message = "predict_classes() is now "
    if units == 1:
        edits = (rename, Edit(start, start, "("), Edit(end, end, ' > 0.5).astype("int32")'))
        return source.finding("CA408", message + "predict() > 0.5.", call, edits)
    if units is not None:
        return source.finding(
            "CA408", message + "the argmax of predict().", call, (rename, Edit(end, end, ".argmax(axis=-1)"))
        )
    return source.report(
        "CA408",
        "predict_classes() is gone, and this file does not show the number of outputs. Write "
        "(model.predict(x) > 0.5) for one output, and model.predict(x).argmax(axis=-1) for several.",
        call,
    )
