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


# Parts of Keras that compute tensors or arrays, whoever runs them. They build no model.
_HELPERS = re.compile(
    r"^keras(\.(utils|preprocessing|datasets|losses|initializers|regularizers|activations|constraints)\b.*"
    r"|\.(backend|metrics)(\.[a-z]\w*)?)?$"
)
_OF_SESSIONS = re.compile(
    r"^keras\.(utils\.(multi_gpu_model|Sequence)|backend\.(\w*session\w*|\w*learning_phase\w*|in_t\w+_phase|function"
    r"|placeholder|set_value|get_value|batch_set_value|batch_get_value))$"
)
# In a file with Keras, only these show that the file itself builds a graph.
_BUILDS = re.compile(
    r"^tensorflow\.(placeholder|placeholder_with_default|sparse_placeholder|get_variable|train\.\w+Optimizer"
    r"|train\.MonitoredTrainingSession|train\.Supervisor|estimator\.Estimator\w*|contrib\.(slim|learn|tpu)\b.*)$"
)
_EAGER = {"tensorflow.enable_eager_execution", "tensorflow.enable_v2_behavior", "tensorflow.GradientTape"}
SESSIONS = {"tensorflow.Session", "tensorflow.InteractiveSession", "keras.backend.get_session"}


@fact
def is_graph_file(source: Source) -> bool:
    """Whether the file is TensorFlow 1 graph code. All of it moves to ``tensorflow.compat.v1``.

    Helpers of Keras, such as ``to_categorical`` or a loss, may be part of it. Models of Keras may not.
    """
    if _EAGER & source.first.canonical_names:
        return False
    if models.uses_keras(source.first):
        return _is_graph_with_helpers(source.first)
    if models.uses_keras(source):
        return False
    # In a function, streaming_auc may be part of a Keras metric. Outside of functions it is graph code.
    on_its_own = (source.enclosing(call, cst.FunctionDef, cst.Lambda) is None for call in source.calls(STREAMING_AUC))
    helpers = (call for call in source.all(cst.Call) if _counts_in_graph(source, call))
    return any(on_its_own) or any(_GRAPH.match(name) for _, name in _names_as_written(source)) or any(helpers)


@fact
def _is_graph_with_helpers(source: Source) -> bool:
    """Judge a file with Keras as the user wrote it: the rules take its signs away."""
    return not _builds_keras(source) and _builds_graph(source)


def is_keras_file(source: Source) -> bool:
    """Whether the file uses Keras, and is not graph code with helpers of Keras."""
    return models.uses_keras(source) and not is_graph_file(source)


def _builds_keras(source: Source) -> bool:
    """Whether the file makes or compiles models of Keras, or gives Keras a session.

    Layers of tf.keras without a model belong to the graph: an Estimator's ``model_fn`` calls them.
    """
    if any(source.method_calls("compile")):
        return True
    names = {name for name in source.canonical_names if name.split(".")[0] == "keras"}
    other = {name for name in names if _OF_SESSIONS.match(name) or not _HELPERS.match(name)}
    return bool(other) and not (_only_layers(other) and _is_of_tensorflow(source))


def _only_layers(names: set[str]) -> bool:
    return all(name.startswith("keras.layers") for name in names)


def _is_of_tensorflow(source: Source) -> bool:
    """Whether Keras is tf.keras. The package keras is Keras 3, which has no graphs."""
    return not any(name.split(".")[0] in ("keras", "tf_keras") for _, name in source.full_names(cst.Name))


def _builds_graph(source: Source) -> bool:
    """Whether the file makes or runs a graph itself, outside of the metrics that it gives to Keras."""
    for node, name in _names_as_written(source):
        if _BUILDS.match(name):
            function = source.enclosing(node, cst.FunctionDef)
            if function is None or not _is_for_keras(source, function):
                return True
    return drives_graph(source) and any(name in SESSIONS for _, name in _names_as_written(source))


def drives_graph(source: Source) -> bool:
    """Whether a session runs more than initializers."""
    return any(
        call.args and is_session(source, call.func.value) and not is_initializer(source, call.args[0].value)
        for call in source.method_calls("run")
    )


def is_session(source: Source, node: cst.BaseExpression) -> bool:
    value = source.resolved(node)
    return isinstance(value, cst.Call) and source.name(value.func) in SESSIONS


def _is_for_keras(source: Source, function: cst.FunctionDef) -> bool:
    """Whether a function looks like a metric of Keras."""
    names = {param.name.value for param in function.params.params}
    return bool({"y_true", "y_pred"} <= names or function.decorators or "GLOBAL_VARIABLES" in source.code(function))


def _counts_in_graph(source: Source, call: cst.Call) -> bool:
    """Whether this is a metric of TensorFlow 1 in a function that was not written for Keras.

    Such a function has parameters ``y_true`` and ``y_pred``, a decorator, or the old trick with GLOBAL_VARIABLES.
    """
    if not _TF1_METRIC.match(source.raw_name(call.func) or ""):
        return False
    function = source.enclosing(call, cst.FunctionDef, cst.Lambda)
    if not isinstance(function, cst.FunctionDef):
        return function is None
    return not _is_for_keras(source, function)


def _names_as_written(source: Source) -> Iterator[tuple[cst.CSTNode, str]]:
    """Yield names with their canonical form. A written-out ``tf.compat.v1.…`` is code of TensorFlow 2, and left out."""
    for node, raw in source.full_names(cst.Attribute, cst.Name):
        if not (raw.startswith("tensorflow.compat.") and source.raw_name(root(node)) == "tensorflow"):
            yield node, canonical(raw)


def is_initializer(source: Source, node: cst.CSTNode) -> bool:
    """Whether this is a call of a variables initializer, or a list of such calls."""
    if isinstance(node, (cst.List, cst.Tuple)):
        return bool(node.elements) and all(is_initializer(source, element.value) for element in node.elements)
    return isinstance(node, cst.Call) and (source.name(node.func) or "") in _INITIALIZERS
