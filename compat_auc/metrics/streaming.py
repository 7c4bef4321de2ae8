"""AUC in a TensorFlow 1 graph, by ``tf.compat.v1.metrics.auc``: for session code, and for the counts of the metric.

This module imports TensorFlow on first use, if the caller has not imported it.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Callable

import numpy as np

from compat_auc.metrics.areas import Confusion
from compat_auc.metrics.per_keras import set_to_zero
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


# Up to here all buckets are passed, beyond only those with rows in them. Measured: with 199 buckets a run takes 350 us
# for any batch; with only those that have rows, 320 us for 32 rows and 620 us for 4,096. With 999 buckets it takes
# 4,000 us; with only those that have rows, 440 to 5,000 us.
_FEW_BUCKETS = 200


def count_batch(in_bucket: Any, thresholds: np.ndarray) -> Confusion:
    """Count one batch with ``tf.compat.v1.metrics.auc``, float64 of shape ``(thresholds + 2,)`` each.

    That function counts in float32, which stops at 2**24. Here it counts one batch only, and the caller adds up its
    counts in float64. It compares every row with every threshold. All that it sees of a row is its label and the
    thresholds that it lies between. So it is given one row for each label and bucket, with the sum of the weights. Of
    these rows only the weights change, so TensorFlow makes the comparisons once and keeps them.

    Its variables are made here, and each run sets them to zero first. So no session has to initialize them, and an
    error leaves nothing behind.

    Args:
        in_bucket: the batch's counts between the thresholds, shape (2, thresholds + 1), negatives first.
        thresholds: float32, from 0 to 1, ascending. TensorFlow adds one below 0 and one above 1.
    """
    import tensorflow as tf

    weights, size = tf.reshape(tf.cast(in_bucket, tf.float32), [-1]), len(thresholds) + 1
    labels = np.repeat([False, True], size)
    # A score at a threshold is not above it, so a bucket contains its upper end.
    scores = np.tile(np.append(thresholds, np.float32(1)), 2)
    if size > _FEW_BUCKETS:
        used = tf.reshape(tf.compat.v1.where(weights > 0), [-1])
        labels, scores, weights = [tf.gather(values, used) for values in (labels, scores, weights)]
    zeros = np.zeros(size + 1, np.float32)
    # Resources: TensorFlow's graph optimizer reorders reading and clearing a variable of the old kind.
    variables = {
        name: tf.compat.v1.Variable(zeros, trainable=False, collections=[], use_resource=True, name=name)
        for name in Confusion._fields
    }

    def by_name(_: Any, **options: Any) -> Any:
        return variables[options["name"]]

    cleared = [variable.assign(zeros).op for variable in variables.values()]
    with tf.control_dependencies(cleared), tf.variable_creator_scope(by_name):
        _, update = tf.compat.v1.metrics.auc(labels, scores, weights, thresholds=thresholds.tolist())
    with tf.control_dependencies([update]):
        return Confusion(*[tf.cast(variables[name].read_value(), tf.float64) for name in Confusion._fields])


def running_auc(keras: ModuleType) -> Callable[[Any, Any], Any]:
    """The old metric function, for multi-backend Keras, which cannot make a new metric from a name.

    As in the old function, its counts are never reset, and Keras logs the mean of its values over the batches. Unlike
    there, each value includes its own batch. Can go with TensorFlow 1.15.
    """

    def auc_roc(y_true: Any, y_pred: Any) -> Any:
        import tensorflow as tf

        before = len(tf.compat.v1.local_variables())
        _, update_op = streaming_auc(y_pred, y_true, name="auc_roc")
        set_to_zero(keras, tf.compat.v1.local_variables()[before:])
        return update_op

    return auc_roc
