"""Report the mean of the AUCs of batches in a loop over a session. It is not the AUC of the data.

CA117: a mean of the AUCs of batches

```diff
 import numpy as np
 import tensorflow.compat.v1 as tf
 from sklearn.metrics import roc_auc_score
 tf.disable_v2_behavior()

 aucs = []
 with tf.Session() as sess:
     for batch_x, batch_y in batches:
         scores = sess.run(model.scores, {model.x: batch_x})
         aucs.append(roc_auc_score(batch_y, scores))
     print("AUC", np.mean(aucs))
```

**Why.** The AUC compares each positive row with each negative row of the data. The mean of the batches' AUCs compares
those of the same batch only, so it depends on the size and the order of the batches. A batch with one class has no AUC.

**Not rewritten.** The loop. Add the rows of each batch to counts, and ask them once after the loop:
`counts = RocCounts()`, `counts.add(batch_y, scores)`, `counts.auc()`. Means over folds, labels or epochs are not
reported.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, inside
from compat_auc.migrate.understand.recognise import SKLEARN_SCORES

_NAME = re.compile(r"(^|_)(roc_?)?auc(_|s?\d*$)", re.IGNORECASE)
_STEPS = re.compile(r"\bsess\b|session|\.run\(|(predict|test|train)_on_batch")
_OTHERS = re.compile(r"epoch|fold|split|user|class|label|column|seed|trial|task", re.IGNORECASE)
_MEANS = ("numpy.mean", "numpy.average", "statistics.mean")


@rule("CA117", stage=Stage.CALLS)
def batch_means(source: Source) -> Iterator[Finding]:
    for holder, value in _gathered(source):
        loop = source.enclosing(value, cst.For, cst.While, cst.FunctionDef)
        if not isinstance(loop, (cst.For, cst.While)) or not _is_of_batches(source, loop, value):
            continue
        mean = next(_means(source, holder), None)
        if mean is not None and _is_auc(source, value):
            message = (
                "this is the mean of the AUCs of batches, not the AUC. Pass the labels and scores of each batch to "
                "compat_auc.RocCounts().add(labels, scores), and call auc() once."
            )
            yield source.report("CA117", message, mean)


def _gathered(source: Source) -> Iterator[tuple[cst.Name, cst.BaseExpression]]:
    """Yield each variable that collects or sums values, with the value: ``x.append(value)`` and ``x += value``."""
    for call in source.method_calls("append"):
        if isinstance(call.func.value, cst.Name) and len(call.args) == 1:
            yield call.func.value, call.args[0].value
    for node in source.all(cst.AugAssign):
        if isinstance(node.target, cst.Name) and isinstance(node.operator, cst.AddAssign):
            yield node.target, node.value


def _is_of_batches(source: Source, loop: cst.For | cst.While, value: cst.BaseExpression) -> bool:
    """Whether a loop goes over batches and runs a session or a step for each."""
    parts = (loop.target, loop.iter) if isinstance(loop, cst.For) else (loop.test,)
    over = " ".join(source.code(part) for part in parts)
    made_by = " ".join(source.code(node) for node in (value, *_makers(source, value)))
    is_batch = "batch" in f"{over} {made_by}".lower()
    return is_batch and not _OTHERS.search(over) and bool(_STEPS.search(source.code(loop.body)))


def _makers(source: Source, value: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expression that a variable is assigned, alone or among others."""
    bound = source.binding(value) if isinstance(value, cst.Name) else None
    if bound is None:
        return []
    assigned = source.assigned_value(bound)
    if assigned is not None:
        return [assigned]
    assign = source.enclosing(bound.node, cst.Assign, cst.BaseStatement)
    return [assign.value] if isinstance(assign, cst.Assign) else []


def _is_auc(source: Source, value: cst.BaseExpression) -> bool:
    """Whether a value is an AUC: by the call that makes it, or by its name where another file makes it."""
    if isinstance(value, cst.Name):
        return bool(_NAME.search(value.value)) or any(_is_auc(source, maker) for maker in _makers(source, value))
    if not isinstance(value, cst.Call):
        return False
    if source.name(value.func) in SKLEARN_SCORES:
        return True
    last = value.func.attr if isinstance(value.func, cst.Attribute) else value.func
    name = last.value if isinstance(last, cst.Name) else ""
    return bool(name) and any(
        isinstance(returned, cst.Call) and source.name(returned.func) in SKLEARN_SCORES
        for function in source.all(cst.FunctionDef)
        if function.name.value == name
        for returned in source.returned(function)
    )


def _means(source: Source, holder: cst.Name) -> Iterator[cst.CSTNode]:
    """Yield where a variable becomes a mean: by NumPy, or as the sum that is divided."""
    for use in source.uses(holder):
        for parent in source.ancestors(use):
            if isinstance(parent, cst.BaseStatement):
                break
            is_mean = isinstance(parent, cst.Call) and source.name(parent.func) in _MEANS
            if is_mean or _is_quotient(source, parent, use):
                yield parent


def _is_quotient(source: Source, node: cst.CSTNode, use: cst.Name) -> bool:
    """Whether this divides a variable, or its sum."""
    if not isinstance(node, cst.BinaryOperation) or not isinstance(node.operator, cst.Divide):
        return False
    is_sum = isinstance(node.left, cst.Call) and source.code(node.left.func) in ("sum", "np.sum")
    return node.left is use or (is_sum and use in inside(node.left))
