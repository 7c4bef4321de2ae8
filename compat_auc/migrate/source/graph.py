"""Decide whether a file is TensorFlow 1 graph code."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Source, fact, root
from compat_auc.migrate.tables.names import canonical

STREAMING_AUC = "tensorflow.contrib.metrics.streaming_auc"

_GRAPH = re.compile(
    r"^tensorflow\.(Session|InteractiveSession|placeholder|placeholder_with_default|sparse_placeholder|get_variable"
    r"|variable_scope|global_variables_initializer|local_variables_initializer|initialize_all_variables|layers\.\w+"
    r"|train\.\w+Optimizer|train\.Saver|train\.MonitoredTrainingSession|train\.Supervisor|estimator\.\w+"
    r"|contrib\.(slim|layers|framework|learn|tpu|estimator)\b.*|app\.run)$"
)
_TF1_METRIC = re.compile(r"^tensorflow\.(metrics\.[a-z]\w*|contrib\.metrics\.streaming_\w+)$")
# A Keras script runs these in a session. Without graphs they mean nothing, and can go.
_INITIALIZERS = {
    "tensorflow.global_variables_initializer",
    "tensorflow.local_variables_initializer",
    "tensorflow.initialize_all_variables",
    "tensorflow.initialize_local_variables",
    "tensorflow.tables_initializer",
}


@fact
def is_graph_file(source: Source) -> bool:
    """Whether the file is TensorFlow 1 graph code without Keras. All of it moves to ``tensorflow.compat.v1``."""
    if models.uses_keras(source):
        return False
    # In a function, streaming_auc may be part of a Keras metric. Outside of functions it is graph code.
    on_its_own = (source.enclosing(call, cst.FunctionDef, cst.Lambda) is None for call in source.calls(STREAMING_AUC))
    helpers = (call for call in source.all(cst.Call) if _counts_in_graph(source, call))
    return any(on_its_own) or any(_GRAPH.match(name) for name in _names_as_written(source)) or any(helpers)


def _counts_in_graph(source: Source, call: cst.Call) -> bool:
    """Whether this is a metric of TensorFlow 1 in a function that was not written for Keras.

    Such a function has parameters ``y_true`` and ``y_pred``, a decorator, or the old trick with GLOBAL_VARIABLES.
    """
    if not _TF1_METRIC.match(source.raw_name(call.func) or ""):
        return False
    function = source.enclosing(call, cst.FunctionDef, cst.Lambda)
    if not isinstance(function, cst.FunctionDef):
        return function is None
    names = {param.name.value for param in function.params.params}
    for_keras = {"y_true", "y_pred"} <= names or function.decorators or "GLOBAL_VARIABLES" in source.code(function)
    return not for_keras


def _names_as_written(source: Source) -> Iterator[str]:
    """Yield canonical names, without a written-out ``tf.compat.v1.…``: such code is made for TensorFlow 2."""
    for node in source.all(cst.Attribute, cst.Name):
        raw = source.raw_name(node)
        if raw and not (source.raw_name(root(node)) == "tensorflow" and raw.startswith("tensorflow.compat.")):
            yield canonical(raw)


def is_initializer(source: Source, node: cst.CSTNode) -> bool:
    """Whether this is a call of a variables initializer, or a list of such calls."""
    if isinstance(node, (cst.List, cst.Tuple)):
        return bool(node.elements) and all(is_initializer(source, element.value) for element in node.elements)
    return isinstance(node, cst.Call) and (source.name(node.func) or "") in _INITIALIZERS
