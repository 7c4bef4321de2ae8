"""`streaming_auc`: the AUC in a TensorFlow 1 graph, by ``tf.compat.v1.metrics.auc``, for session code."""

from __future__ import annotations

from typing import Any

from compat_auc.stack import require_tensorflow


def streaming_auc(
    predictions: Any,
    labels: Any,
    weights: Any | None = None,
    num_thresholds: int = 200,
    metrics_collections: list[str] | None = None,
    updates_collections: list[str] | None = None,
    curve: str = "ROC",
    name: str | None = None,
) -> tuple[Any, Any]:
    """``tf.contrib.metrics.streaming_auc``, with its order of arguments, in any graph of any TensorFlow since 1.15.

    It adds four local variables of float32 (``true_positives`` and so on, under `name` or "auc") to the collections
    LOCAL_VARIABLES and METRIC_VARIABLES. Run ``tf.compat.v1.local_variables_initializer()`` before the first update.

    Args:
        predictions: scores in [0, 1], a float tensor of any shape.
        labels: of the same shape; cast to bool.
        weights: broadcastable to `labels`, of the same rank or rank 0.
        num_thresholds: how many thresholds the curve is computed at.
        metrics_collections: collections that the value is added to.
        updates_collections: collections that the update op is added to.
        curve: "ROC" or "PR".
        name: the name of the variable scope.

    Returns:
        ``(value, update_op)``, two scalar float32 tensors. Running `update_op` counts a batch and gives the AUC with
        it. `value` gives the AUC of what was counted before. If one run has both, their order is not defined.

    Raises:
        RuntimeError: if eager execution is on.
        ValueError: for shapes that do not match, or an unknown curve.
        compat_auc.UnsupportedRuntime: if there is no TensorFlow, or one before 1.15.

    >>> import tensorflow as tf
    >>> with tf.Graph().as_default(), tf.compat.v1.Session() as session:
    ...     value, update_op = streaming_auc(tf.constant([0.1, 0.4, 0.35, 0.8]), tf.constant([0, 0, 1, 1]))
    ...     session.run(tf.compat.v1.local_variables_initializer())
    ...     print(round(float(session.run(update_op)), 3))
    0.75
    """
    tf = require_tensorflow()

    if tf.executing_eagerly():
        raise RuntimeError(
            "streaming_auc builds a TensorFlow 1 graph, and eager execution is on. Two lines do the same here: "
            "`metric = compat_auc.auc_roc()`, then `metric.update_state(labels, predictions)` for every batch; "
            "`metric.result()` is the value. Note the order: labels come first. To keep the graph code, put it under "
            "`with tf.Graph().as_default():`."
        )
    return tf.compat.v1.metrics.auc(
        labels=labels,
        predictions=predictions,
        weights=weights,
        num_thresholds=num_thresholds,
        metrics_collections=metrics_collections,
        updates_collections=updates_collections,
        curve=curve,
        name=name,
    )
