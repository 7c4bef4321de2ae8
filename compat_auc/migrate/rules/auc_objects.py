"""Find problems of ``keras.metrics.AUC``: Keras numbers its name, or the labels are class numbers."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, argument, has_star
from compat_auc.migrate.understand.definitions import metric_elements
from compat_auc.migrate.understand.interpreter import KERAS_AUC

_KEYS = ("auc", "val_auc")
# With multi_label=True these take class numbers for several columns.
_TAKE_CLASSES = ("compat_auc.RankAUC",)
_SPARSE = ("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy")


@rule("CA107", "CA109", phase=Phase.CALLS)
def auc_objects(source: Source) -> Iterator[Finding]:
    keys = {value for _, value in source.strings} & set(_KEYS)
    for call in source.calls(KERAS_AUC):
        repeated = source.enclosing(call, cst.For, cst.While, cst.FunctionDef, cst.ListComp)
        if keys and repeated is not None and not has_star(call) and argument(call, "name", 3) is None:
            message = f"the second AUC() is called auc_1, and {min(keys)!r} is not found: it is given its name"
            yield source.finding("CA109", message, call, (source.add_argument(call, 'name="auc"'),))
    for call in source.method_calls("compile"):
        if _is_sparse(source, call):
            for element in metric_elements(source, call):
                if _is_auc(source, element):
                    message = (
                        "labels are class numbers here, and an AUC takes one label of 0 or 1 for each score: give "
                        "one-hot labels, keras.utils.to_categorical(y), and loss='categorical_crossentropy'"
                    )
                    yield source.finding("CA107", message, element)


def _is_sparse(source: Source, call: cst.Call) -> bool:
    loss = argument(call, "loss", 1)
    if loss is None:
        return False
    value = loss.value.func if isinstance(loss.value, cst.Call) else loss.value
    name = source.constant(value)
    return (name if isinstance(name, str) else (source.name(value) or "").rsplit(".", 1)[-1]) in _SPARSE


def _is_auc(source: Source, element: cst.BaseExpression) -> bool:
    maker = source.assigned_value(source.binding(element)) if isinstance(element, cst.Name) else element
    named = maker.func if isinstance(maker, cst.Call) else element
    name = source.name(named) or source.constant(element)
    if isinstance(maker, cst.Call) and name in _TAKE_CLASSES:
        several = argument(maker, "multi_label")
        return several is None or source.constant(several.value) is False
    return name in (KERAS_AUC, "AUC", "compat_auc.auc_roc", "compat_auc.RankAUC")
