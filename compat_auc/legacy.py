"""What the old ``auc_roc`` function logged, beside the right number, and why the two differ.

The function of old scripts wrapped ``tf.contrib.metrics.streaming_auc``. Three things made its log another number than
the AUC of an epoch: its counts were never reset and were shared by training and validation; Keras logged the mean of
the values after each batch; and each value was read before its own batch was counted.
"""

from types import ModuleType
from typing import Any, List, NamedTuple

import numpy as np

from compat_auc import backends, inputs
from compat_auc.names import LEGACY_NAME, MetricName, NamedByText
from compat_auc.per_keras import metric_class
from compat_auc.runtime import keras_backend, keras_module, runtime

# tf.metrics.auc adds it to numerators and denominators; with no row counted, its AUC is 0.
_EPSILON = 1e-6


class LegacyAucRocName(MetricName):
    """The number that the old ``auc_roc`` function logged, under today's Keras, to put beside `auc_roc`.

    - ``model.compile(..., metrics=[auc_roc, legacy_auc_roc])`` logs ``legacy_auc_roc`` and ``val_legacy_auc_roc``.
    - ``legacy_auc_roc(num_thresholds=200, weigh_batches=True, name="legacy_auc_roc")`` gives a configured metric for
      the same place. Keras up to 2.2 weighed the value of each batch with its rows; Keras 2.3 and ``tf.keras`` did not:
      ``weigh_batches=False``.

    Its counts, float32 as then, live as long as the metric: from one ``compile`` to the next. ``reset_state`` clears
    only the running mean. Sample weights are ignored, as they were. Against the logs of Keras 2.1.6 it is right to
    1e-5. The old read was a race, which the old batch mostly, not always, lost: on Keras 2.3.1 values differ from run
    to run, by up to 7e-3.

    Raises:
        ValueError: for shapes that do not fit, and, where values are at hand, for labels that are not 0 or 1 and scores
            outside [0, 1] or NaN. A TensorFlow graph raises ``tensorflow.errors.InvalidArgumentError`` instead; JAX and
            XLA give NaN from then on.

    >>> metric = legacy_auc_roc()
    >>> for _ in range(3):
    ...     _ = metric.update_state([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> print(round(float(metric.result()), 3))  # The mean of 0, 0.75 and 0.75.
    0.5
    """

    __slots__ = ()
    __name__: str = LEGACY_NAME

    def __call__(self, **options: Any) -> Any:
        runtime()  # Says so where the stack cannot work.
        return legacy_class(keras_module())(**options)


legacy_auc_roc: LegacyAucRocName = LegacyAucRocName(LEGACY_NAME)


def legacy_class(keras: ModuleType) -> type:
    """The metric class for a Keras, registered with it as "compat_auc>LegacyAucRoc"."""
    return metric_class(
        "LegacyAucRoc", keras, keras.metrics.Mean, (NamedByText, _LegacyAucRoc), (_LegacyAucRocOfKeras2,)
    )


class _LegacyAucRoc:
    """What the classes for Keras 2 and Keras 3 share: counts beside the running mean of ``keras.metrics.Mean``."""

    def __init__(self, num_thresholds=200, weigh_batches=True, name=LEGACY_NAME, dtype=None):
        super().__init__(name=name, dtype=dtype)
        if num_thresholds < 2:
            raise ValueError(f"num_thresholds must be at least 2. Received: {num_thresholds}")
        self.num_thresholds = num_thresholds
        self.weigh_batches = weigh_batches
        self._direction = "up"
        shape = (2, num_thresholds - 1)
        self._counts = self.add_weight(name="counts", shape=shape, initializer="zeros", dtype="float32")

    def get_config(self):
        options = ("num_thresholds", "weigh_batches")
        return {**super().get_config(), **{option: getattr(self, option) for option in options}}

    def update_state(self, y_true, y_pred, sample_weight=None):
        ops = backends.operations(self._keras)
        labels, scores, valid = self._checked(y_true, y_pred)
        batch = ops.cast(ops.shape(scores)[0], "float32") if self.weigh_batches else 1.0
        bucket = ops.searchsorted(_inner_thresholds(self.num_thresholds), ops.reshape(scores, [-1]))
        counted = [
            ops.expand_dims(ops.segment_sum(ops.reshape(part, [-1]), bucket, self.num_thresholds - 1), 0)
            for part in (labels, 1 - labels)
        ]
        poison = ops.cast(ops.where(valid, 0.0, np.nan), "float32")
        counts = ops.convert_to_tensor(self._counts)
        stale = ops.cast(old_auc(ops, counts[0], counts[1]), self.total.dtype)
        batch = ops.cast(batch + poison, self.total.dtype)
        return [
            self.total.assign_add(stale * batch),
            self.count.assign_add(batch),
            self._counts.assign(counts + ops.concatenate(counted, 0) + poison),
        ]

    def _checked(self, y_true, y_pred):
        ops, backend = backends.operations(self._keras), keras_backend(self._keras)
        labels, scores = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        inputs.check_labels(backends.static_shape(labels), backends.static_shape(scores), LEGACY_NAME)
        labels, scores = ops.cast(labels, "float32"), ops.cast(scores, "float32")
        labels = backends.enforce_size(backend, labels, scores, LEGACY_NAME)
        rules = inputs.rules(ops.equal, labels, scores, None, from_logits=False, metric=LEGACY_NAME)
        valid = ops.all(rules[0][0]) & ops.all(rules[1][0])
        return labels, backends.enforce(backend, valid, rules, scores), valid


class _LegacyAucRocOfKeras2(_LegacyAucRoc):
    def update_state(self, y_true, y_pred, sample_weight=None):
        import tensorflow as tf

        # In a graph, Keras reads the result after the tensor that is returned here.
        with tf.control_dependencies(super().update_state(y_true, y_pred)):
            return tf.identity(self.count)

    def reset_state(self):
        backends.set_to_zero(self._keras, [self.total, self.count])


def _inner_thresholds(num_thresholds):
    # float32, which TensorFlow 1 compared in: a score that equals a threshold is not above it.
    return (np.arange(1, num_thresholds - 1) / (num_thresholds - 1)).astype(np.float32)


def old_auc(ops: Any, positive: Any, negative: Any) -> Any:
    """``tf.metrics.auc`` from the counts between its thresholds, epsilon included; 0 where nothing is counted.

    Args:
        ops: ``numpy``, or the operations of `backends.operations`.
        positive: counts of shape (..., num_thresholds - 1), by ascending score.
        negative: of the same shape.
    """
    true = (_above(ops, positive) + _EPSILON) / (ops.sum(positive, -1, keepdims=True) + _EPSILON)
    false = _above(ops, negative) / (ops.sum(negative, -1, keepdims=True) + _EPSILON)
    return ops.sum((false[..., :-1] - false[..., 1:]) * (true[..., :-1] + true[..., 1:]) / 2, -1)


def _above(ops, counts):
    above = ops.flip(ops.cumsum(ops.flip(counts, -1), -1), -1)
    return ops.concatenate([above, ops.zeros_like(above[..., :1])], -1)


class Phase(NamedTuple):
    """One phase of training as the old metric saw it; see `explain`.

    ``logged - auc`` is the sum of `stale_read`, `running_mean`, `never_reset` and `thresholds`.

    Attributes:
        epoch: from 1.
        phase: "training" or "validation".
        logged: what the old log said.
        auc: the exact AUC of the phase's rows; NaN where one class is missing.
        stale_read: what it changed to read each value before its batch was counted.
        running_mean: what it changed to log the mean of the values, and not the last.
        never_reset: what it changed to count the rows of all phases before.
        thresholds: what it changed to see the scores through thresholds only.
    """

    epoch: int
    phase: str
    logged: float
    auc: float
    stale_read: float
    running_mean: float
    never_reset: float
    thresholds: float


def explain(
    y_true: Any,
    y_pred: Any,
    batch_size: int,
    epochs: int,
    validation_rows: int,
    num_thresholds: int = 200,
    weigh_batches: bool = True,
) -> List[Phase]:
    """Replay the old metric over a model that stays as it is, and say what made its log differ from the AUC.

    Rows come in their order in each epoch. The causes are taken away one after the other, in the order in which
    `Phase` lists them, and each is charged with the difference that this makes; another order would give other shares
    of the same sum.

    Args:
        y_true: labels, 0 or 1, shape (rows,) or (rows, labels); columns are flattened, as the old metric did.
        y_pred: scores in [0, 1], one for each label.
        batch_size: rows in a batch, in training and validation.
        epochs: how many.
        validation_rows: how many of the last rows are for validation, as ``validation_split`` takes them; 0 for none.
        num_thresholds: of the old metric.
        weigh_batches: whether the mean weighs a batch with its rows, as Keras up to 2.2 did (True), or each batch the
            same, as Keras 2.3 and ``tf.keras`` did (False).

    Returns:
        A `Phase` for training and, with validation rows, one for validation, for each epoch.

    Raises:
        ValueError: for shapes that do not fit, labels that are not 0 or 1, scores outside [0, 1], numbers out of range.

    >>> first, second = explain([0, 1, 1, 0], [0.1, 0.6, 0.8, 0.7], batch_size=4, epochs=2, validation_rows=0)
    >>> first.logged, round(second.logged, 3), second.auc, round(first.stale_read, 3)
    (0.0, 0.75, 0.75, -0.75)
    """
    labels, scores = _labels_and_scores(y_true, y_pred)
    rows = len(scores)
    least = {"batch_size": (batch_size, 1), "epochs": (epochs, 1), "num_thresholds": (num_thresholds, 2)}
    for name, (value, allowed) in least.items():
        if value < allowed:
            raise ValueError(f"{name} must be at least {allowed}. Received: {value}")
    if not 0 <= validation_rows < rows:
        raise ValueError(f"validation_rows must be from 0 to {rows - 1}, not all rows. Received: {validation_rows}")
    split = rows - validation_rows
    parts = {"training": slice(0, split), "validation": slice(split, rows)}
    counted = {
        phase: (
            _exact_auc(labels[part], scores[part]),
            *_batches(labels[part], scores[part], batch_size, num_thresholds),
        )
        for phase, part in parts.items()
        if part.start < part.stop
    }
    before, phases = np.zeros((2, num_thresholds - 1)), []
    for epoch in range(1, epochs + 1):
        for phase, (exact, counts, sizes) in counted.items():
            phases.append(Phase(epoch, phase, *_differences(before, counts, sizes if weigh_batches else None, exact)))
            before = before + counts.sum(0)
    return phases


def _labels_and_scores(y_true, y_pred):
    """Checked, of shape (rows, labels), and the scores in float32, as TensorFlow 1 had them."""
    labels, scores = np.asarray(y_true, np.float64), np.asarray(y_pred, np.float64)
    inputs.check_labels(labels.shape, scores.shape, "explain")
    inputs.check_values(inputs.rules(np.equal, labels, scores, None, from_logits=False, metric="explain"))
    return labels.reshape(len(labels), -1), scores.reshape(len(labels), -1).astype(np.float32)


def _batches(labels, scores, batch_size, num_thresholds):
    """Counts of shape (batches, 2, num_thresholds - 1), the positives first, and the rows of each batch."""
    batch = np.arange(len(scores)) // batch_size
    bucket = np.searchsorted(_inner_thresholds(num_thresholds), scores)
    shape = (batch[-1] + 1, 2, num_thresholds - 1)
    place = np.ravel_multi_index((batch[:, None], (labels == 0).astype(int), bucket), shape)
    return np.bincount(place.ravel(), minlength=np.prod(shape)).reshape(shape), np.bincount(batch)


def _differences(before, counts, sizes, exact):
    """logged, auc, and the four differences, as in `Phase`."""
    running = before + np.cumsum(counts, 0)
    read = old_auc(np, *np.moveaxis(np.concatenate([[before], running]), 1, 0))
    logged, fresh = np.average(read[:-1], weights=sizes), np.average(read[1:], weights=sizes)
    last, alone = read[-1], old_auc(np, *counts.sum(0))
    differences = (logged, exact, logged - fresh, fresh - last, last - alone, alone - exact)
    return [float(number) for number in differences]


def _exact_auc(labels, scores):
    from sklearn.metrics import roc_auc_score

    labels = labels.ravel()
    return float(roc_auc_score(labels, scores.ravel())) if 0 < labels.mean() < 1 else float("nan")
