"""Say what is installed and what ``auc_roc`` is there, and check each entry point against scikit-learn."""

from __future__ import annotations

import importlib
import importlib.util
import platform
from typing import Any, Callable

from compat_auc.stack import UnsupportedRuntime, is_keras_3, keras_package, loaded_keras, tensorflow_module

# With 200 thresholds and 2,000 well spread scores, the trapezoids are closer than this to the exact AUC.
TOLERANCE = 2e-3
PACKAGES = ("numpy", "scikit-learn", "tensorflow", "keras", "tf_keras", "jax", "torch")
_ROWS = 2000
_MEAN = "this Keras wants metrics=[auc_roc()], and takes the mean of the batches without the ()"


def examine() -> dict[str, Any]:
    """Look at the packages, ask the runtime, and try each entry point.

    A broken stack raises nothing; the result says what is wrong.
    """
    result: dict[str, Any] = {
        "ok": False,
        "python": platform.python_version(),
        "packages": {name: _installed(name) for name in PACKAGES},
        "loaded": [],
        "runtime": None,
        "tolerance": TOLERANCE,
        "entry_points": {},
        "unsupported": {},
    }
    try:
        from compat_auc import runtime

        result["runtime"] = runtime()._asdict()
        result["loaded"] = [keras_package(keras) for keras in loaded_keras()]
        result["sklearn"], rows = _rows()
    except Exception as error:
        # The user asks what is wrong, so any error of a broken installation is the answer.
        return {**result, **_wrong(f"{type(error).__name__}: {error}")}
    for name, attempt in _entry_points().items():
        try:
            result["entry_points"][name] = attempt(*rows)
        except UnsupportedRuntime as error:
            result["unsupported"][name] = str(error)
        except Exception as error:
            return {**result, **_wrong(f"{name} fails: {type(error).__name__}: {error}")}
    return {**result, **_compared(result)}


def _installed(name: str) -> str | None:
    """The version of a package, or None if it is not installed."""
    # Python 3.7 has only pkg_resources. Each of the two raises another error for a package that is not there.
    try:
        if importlib.util.find_spec("importlib.metadata"):
            return importlib.import_module("importlib.metadata").version(name)
        return importlib.import_module("pkg_resources").get_distribution(name).version
    except Exception:
        return None


def _wrong(error: str) -> dict[str, Any]:
    """The error, and what the guide says about it."""
    from compat_auc.migrate.messages import section_for

    section = section_for(error)
    return {"error": error, "cure": section and section.text}


def _compared(result: dict[str, Any]) -> dict[str, Any]:
    exact, values = result["sklearn"], result["entry_points"]
    wrong = {name: value for name, value in values.items() if not abs(value - exact) <= TOLERANCE}
    if not wrong:
        return {"ok": True}
    error = "; ".join(f"{name} says {value:.6f} where scikit-learn says {exact:.6f}" for name, value in wrong.items())
    stack = result["runtime"]
    if stack["keras"] == "keras" and not is_keras_3(stack["keras_version"]):
        error += f"; {_MEAN}"
    return {"error": error, "cure": None}


def _rows() -> tuple[float, tuple[Any, Any]]:
    """The exact AUC of one column, and that column and its labels: float32, shape (rows, 1)."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    random = np.random.default_rng(0)
    labels = random.integers(0, 2, size=(_ROWS, 1)).astype("float32")
    inputs = (labels + random.normal(size=(_ROWS, 1))).astype("float32")
    return float(roc_auc_score(labels.ravel(), inputs.ravel())), (inputs, labels)


def _entry_points() -> dict[str, Callable[[Any, Any], float]]:
    """What to call for each entry point. It gets inputs and labels, and returns the AUC."""
    import compat_auc

    attempts: dict[str, Callable[[Any, Any], float]] = {
        "RocCounts": lambda inputs, labels: compat_auc.RocCounts().add(labels, inputs).auc(),
        "delong_test": lambda inputs, labels: _from_test(labels.ravel(), inputs.ravel()),
        "auc_roc(y_true, y_pred)": lambda inputs, labels: float(compat_auc.auc_roc(labels, _sigmoid(inputs))),
        "metrics=[auc_roc]": lambda inputs, labels: _evaluated(compat_auc.auc_roc, inputs, labels),
        "metrics=['auc_roc']": lambda inputs, labels: _evaluated("auc_roc", inputs, labels),
        "metrics=[auc_roc()]": lambda inputs, labels: _evaluated(compat_auc.auc_roc(), inputs, labels),
        "metrics=[RankAUC()]": lambda inputs, labels: _evaluated(compat_auc.RankAUC(), inputs, labels),
        "RocCallback": _from_callback,
    }
    return {**attempts, "streaming_auc": _from_graph} if tensorflow_module() else attempts


def _sigmoid(inputs: Any) -> Any:
    import numpy as np

    return 1 / (1 + np.exp(-inputs))


def _from_test(labels: Any, scores: Any) -> float:
    from compat_auc import delong_test

    return delong_test(labels, scores, -scores).auc_a


def _model(metrics: list[Any]) -> Any:
    """A model whose scores are the sigmoid of its inputs."""
    from compat_auc.stack import keras_module

    keras = keras_module()
    column = keras.layers.Input((1,))
    scores = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="ones")(column)
    model = keras.models.Model(column, scores)  # a Sequential takes no Input layer in Keras 2.3
    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=metrics)
    return model


def _evaluated(metric: Any, inputs: Any, labels: Any) -> float:
    """What Keras reports for the metric."""
    return float(_model([metric]).evaluate(inputs, labels, batch_size=64, verbose=0)[-1])


def _from_callback(inputs: Any, labels: Any) -> float:
    from compat_auc import RocCallback

    callback = RocCallback((inputs, labels), verbose=0)
    # One step of training leaves the order of the scores as it is.
    history = _model([]).fit(inputs, labels, batch_size=_ROWS, verbose=0, callbacks=[callback]).history
    return float(history["roc_auc"][-1])


def _from_graph(inputs: Any, labels: Any) -> float:
    from compat_auc import streaming_auc

    tensorflow: Any = tensorflow_module()
    with tensorflow.Graph().as_default(), tensorflow.compat.v1.Session() as session:
        _, update_op = streaming_auc(tensorflow.constant(_sigmoid(inputs)), tensorflow.constant(labels))
        session.run(tensorflow.compat.v1.local_variables_initializer())
        return float(session.run(update_op))


def describe(result: dict[str, Any]) -> str:
    """Return the result as text for a person."""
    lines = [f"{'python':>23}: {result['python']}"]
    for name, version in result["packages"].items():
        loaded = ", loaded" if name in result["loaded"] else ""
        lines.append(f"{name:>23}: {version or 'not installed'}{loaded}")
    stack: dict[str, Any] = result["runtime"] or {}
    if stack:
        where = f"{stack['keras']} {stack['keras_version']} on {stack['backend']}, {stack['mode']} mode"
        lines += ["", f"{'Keras in use':>23}: {where}", f"{'auc_roc counts with':>23}: {stack['implementation']}"]
    if "sklearn" in result:
        lines += ["", f"{'scikit-learn':>23}: {result['sklearn']:.6f}"]
    lines += [f"{name:>23}: {value:.6f}" for name, value in result["entry_points"].items()]
    lines += [f"{name:>23}: not here. {reason}" for name, reason in result["unsupported"].items()]
    if result["ok"]:
        return "\n".join([*lines, "", "all is well"])
    cure = [result["cure"]] if result.get("cure") else []
    return "\n".join([*lines, "", f"something is wrong: {result['error']}", *cure])
