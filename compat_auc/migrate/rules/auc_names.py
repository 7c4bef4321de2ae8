"""Replace names of the AUC that people tried as strings, ``metrics=['roc_auc', 'auprc']``, by ``auc_roc``.

CA102: a name of the AUC that Keras does not know

```diff
-model.compile("adam", "binary_crossentropy", metrics=["roc_curve", "auc", "auprc"])
+from compat_auc import auc_roc
+model.compile("adam", "binary_crossentropy",
+              metrics=[auc_roc(name="auc"), auc_roc(curve="PR", name="auprc")])
```

**Why.** Old Keras raised "Unknown metric function" for these names, unless a package such as `extra_keras_metrics` had
registered them. Newer versions take some of them for something else. `"AUC"` is a name of Keras: Keras 2 logged it as
`auc`, and Keras 3 logs it as `AUC`. For Keras 3 it becomes `auc_roc(name="auc")`, unless the script reads `val_AUC`.

Names of the precision-recall curve become `auc_roc(curve="PR")`. `average_precision` becomes `RankAUC(curve="PR")`,
which is scikit-learn's average precision up to the order of equal scores.

A metric is one number, and a curve is not. `roc_curve` goes if the list has another AUC. Alone it becomes
`auc_roc`, which is the area under that curve. If the script reads the log key `roc_curve`, it keeps its name. To draw
the curve use `RocCallback(...).plot()`.

**Not rewritten.** The same strings outside `metrics=` and `weighted_metrics=` of a `compile`. `gini` is reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, fact
from compat_auc.migrate.tables.strings import AREAS, CURVES, PR_AREAS, PRECISIONS
from compat_auc.migrate.understand.compiled import metric_elements
from compat_auc.migrate.understand.replacement import import_line, local_name

_CURVE_NOTE = "A metric is one number, and RocCallback(...).plot() draws the curve."

# A class of Keras since TensorFlow 2.0. Keras knows it by this string on every target.
_OF_KERAS = "AUC"


@rule("CA102", stage=Stage.DEFINITIONS)
def auc_names(source: Source) -> Iterator[Finding]:
    elements = {element: _text(element) for element in metric_elements(source)}
    for element, text in elements.items():
        name = text.lower()
        if text == _OF_KERAS:
            if _logs_auc(source):
                message = f"{text!r} is now {{new}}. Keras 2 logged {text!r} as auc, and Keras 3 would log {text}."
                yield _written(source, element, message, "auc_roc", 'name="auc"')
        elif name in CURVES:
            yield _of_curve(source, element, text)
        elif name in AREAS | PR_AREAS | PRECISIONS:
            yield _replaced(source, element, text)
        elif isinstance(element, cst.Name) and str(source.constant(element)).lower() in AREAS | PR_AREAS:
            message = f"Keras has no metric {source.constant(element)!r}. Use compat_auc.auc_roc."
            yield source.report("CA102", message, element)
        elif name == "gini":
            message = f"Keras has no metric {text!r}. Log auc_roc, and compute 2 * AUC - 1."
            yield source.report("CA102", message, element)


def _text(element: cst.BaseExpression) -> str:
    value = element.evaluated_value if isinstance(element, cst.SimpleString) else None
    return value if isinstance(value, str) else ""


def _replaced(source: Source, element: cst.BaseExpression, text: str, name: str | None = None) -> Finding:
    """Replace a string by the metric that it means, with ``name`` as the log key."""
    kind, name = text.lower(), name or text
    function = "RankAUC" if kind in PRECISIONS else "auc_roc"
    is_pr = kind in PR_AREAS | PRECISIONS or CURVES.get(kind) == "auc_pr"
    options = ['curve="PR"'] * is_pr + [f'name="{name}"'] * (name != "auc_roc")
    message = f"The metric {text!r} is now {{new}}, because Keras has no such metric."
    message += f" {_CURVE_NOTE}" * (kind in CURVES)
    return _written(source, element, message, function, *options)


def _written(source: Source, element: cst.BaseExpression, message: str, function: str, *options: str) -> Finding:
    local = local_name(source, function)
    new = f"{local}({', '.join(options)})" if options else local
    edit, line = source.replace(element, new), import_line("compat_auc", function, local)
    return source.finding("CA102", message.format(new=new), element, (edit,), (line,))


def _of_curve(source: Source, element: cst.BaseExpression, text: str) -> Finding:
    """Remove the name of a curve beside its area. Alone it stands for the area."""
    if {text, f"val_{text}"} & set(_keys(source)):
        return _replaced(source, element, text)
    area = CURVES[text.lower()]
    holder = source.parents[source.parents[element]]
    elements = [part.value for part in holder.elements] if isinstance(holder, cst.List) else []
    beside = {_text(other).lower() for other in elements} & (AREAS if area == "auc_roc" else PR_AREAS | PRECISIONS)
    if not beside:
        return _replaced(source, element, text, name=area)
    message = f"The metric {text!r} is removed. The list has its area as {min(beside)!r}. {_CURVE_NOTE}"
    return source.finding("CA102", message, element, (source.remove_item(elements, element),))


@fact
def _logs_auc(source: Source) -> bool:
    """Whether the log key ``auc`` would change. Keras 2 logged the class as ``auc``; Keras 3 logs it as ``AUC``."""
    return source.target == "keras3" and not any(value in ("AUC", "val_AUC") for value in _keys(source))


def _keys(source: Source) -> Iterator[str]:
    metrics = set(metric_elements(source))
    yield from (value for node, value in source.strings if node not in metrics)
