"""What to write for a name that is gone, where there is one answer but not one rewrite."""

from __future__ import annotations

from typing import Iterator

from compat_auc.migrate.tables.api import Api, Missing

_ADVICE = {
    "tensorflow.examples": "read the data with keras.datasets",
    "tensorflow.compat.v1.layers": "it needs tf_keras and TF_USE_LEGACY_KERAS=1",
    "tensorflow.compat.v1.nn.rnn_cell": "it needs tf_keras and TF_USE_LEGACY_KERAS=1",
    "tensorflow.python": "import it: from tensorflow.python import ...",
    "tensorflow.compat.v1.estimator": "Estimators are gone from TensorFlow 2.16",
}
# The last parts of names that old releases had as methods or functions of their own.
_BY_NAME = {
    "get_output_shape_for": "the method is compute_output_shape",
    "uses_learning_phase": "call() takes training=",
    "total_loss": "the loss is in the logs",
    "fit_generator": "fit takes generators",
    "evaluate_generator": "evaluate takes generators",
    "predict_generator": "predict takes generators",
    "get_session": "there are no sessions",
    "Merge": "use Concatenate, Add, Multiply or Average in the functional style",
    "TimeDistributedDense": "use TimeDistributed(Dense(...)), or Dense, which does the same",
    "MaxoutDense": "there is nothing in its place",
    "Highway": "there is nothing in its place",
    "to_yaml": "use to_json",
    "model_from_yaml": "use model_from_json",
}


def advice(missing: Missing, known: Api) -> str:
    """The end of a finding's message: what there is instead, or nothing."""
    full = f"{missing.owner}.{missing.name}"
    text = _ADVICE.get(full) or _BY_NAME.get(missing.name)
    if text:
        return f": {text}"
    here = [name for name in known.modules.get(missing.owner, ()) if name.lower() == missing.name.lower()]
    if here:
        return f": it is called {here[0]}"
    return next((f": there is {one}" for one in _elsewhere(missing, known)), "")


def _elsewhere(missing: Missing, known: Api) -> Iterator[str]:
    """The same name in another module: of Keras, or in tensorflow.compat.v1 for one of TensorFlow."""
    package, *rest = missing.owner.split(".")
    if package == "tensorflow" and rest[:1] != ["keras"]:
        name = ".".join(["tensorflow.compat.v1", *rest, missing.name])
        yield from [name] * (rest[:1] != ["compat"] and known.has(name))
        return
    for path in sorted(known.modules, key=lambda one: (one.count("."), one)):
        if path.startswith(package + ".") and missing.name in known.modules[path] and len(missing.name) > 2:
            yield f"{path}.{missing.name}"
