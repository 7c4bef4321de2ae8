"""Say which stack is installed and what ``auc_roc`` is on it, and check its value against scikit-learn."""

from __future__ import annotations

from typing import Any

from compat_auc.stack import is_keras_3

# With 200 thresholds and 2,000 well spread scores, the trapezoids are closer than this to the exact AUC.
TOLERANCE = 2e-3
_ROWS = 2000


def examine() -> dict[str, Any]:
    """Ask the runtime and evaluate one small model. A broken stack raises nothing; the result says what is wrong."""
    try:
        from compat_auc import runtime

        stack = runtime()._asdict()
    except Exception as error:
        # The user asks what is wrong, so any error of a broken installation is the answer.
        return {"ok": False, "runtime": None, "error": f"{type(error).__name__}: {error}"}
    try:
        logged, exact = _evaluate()
    except Exception as error:
        return {"ok": False, "runtime": stack, "error": f"{type(error).__name__}: {error}"}
    difference = abs(logged - exact)
    result: dict[str, Any] = {
        "ok": difference <= TOLERANCE,
        "runtime": stack,
        "auc_roc": logged,
        "sklearn": exact,
        "tolerance": TOLERANCE,
    }
    if not result["ok"]:
        result["error"] = f"auc_roc says {logged:.6f} where scikit-learn says {exact:.6f}"
        if stack["keras"] == "keras" and not is_keras_3(stack["keras_version"]):
            result["error"] += (
                "; this Keras wants metrics=[auc_roc()], and takes the mean of the batches without the ()"
            )
    return result


def _evaluate() -> tuple[float, float]:
    """Return what Keras reports for ``metrics=[auc_roc]``, and scikit-learn's number for the same predictions."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    from compat_auc import auc_roc
    from compat_auc.stack import keras_module

    keras = keras_module()
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, size=(_ROWS, 1)).astype("float32")
    inputs = (labels + random.normal(size=(_ROWS, 1))).astype("float32")
    column = keras.layers.Input((1,))
    scores = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="ones")(column)
    model = keras.models.Model(column, scores)  # a Sequential takes no Input layer in Keras 2.3
    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=[auc_roc])
    report = model.evaluate(inputs, labels, batch_size=64, verbose=0)
    predicted = model.predict(inputs, batch_size=64, verbose=0)
    return float(report[-1]), float(roc_auc_score(labels.ravel(), predicted.ravel()))


def describe(result: dict[str, Any]) -> str:
    """Return the result as text for a person."""
    stack: dict[str, Any] = result["runtime"] or {}
    lines = [f"{key:>15}: {value}" for key, value in stack.items()]
    if "sklearn" in result:
        lines.append(f"{'auc_roc':>15}: {result['auc_roc']:.6f}")
        lines.append(f"{'scikit-learn':>15}: {result['sklearn']:.6f}")
    lines.append("all is well" if result["ok"] else f"something is wrong: {result['error']}")
    return "\n".join(lines)
