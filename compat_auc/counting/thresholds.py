"""The AUC over evenly spaced thresholds, in NumPy: what the metric means, for data that is there at once."""

from typing import Any, Optional

import numpy as np

from compat_auc.counting import checks

# tf.metrics.auc adds it to numerators and denominators; with no row counted, its AUC is 0.
_EPSILON = 1e-6


def thresholded_auc(labels: Any, scores: Any, sample_weight: Optional[Any] = None, num_thresholds: int = 200) -> float:
    """The area under the ROC curve through `num_thresholds` evenly spaced thresholds, by trapezoids.

    This is what ``tf.metrics.auc`` computed, less its epsilon of 1e-6, and NaN where one of the classes is missing.
    A score counts as positive above a threshold, not at it; both are compared as float32. The first threshold is just
    below 0 and the last just above 1.

    Args:
        labels: 0 or 1, bool, integer or float, of any shape; columns are flattened.
        scores: in [0, 1], one for each label.
        sample_weight: one weight in all, for each row, or for each score.
        num_thresholds: at least 2.

    Returns:
        The AUC, a float in [0, 1], or NaN.

    Raises:
        ValueError: for shapes that do not fit, labels that are not 0 or 1, scores that are NaN or outside [0, 1],
            weights that are negative or not finite.

    >>> thresholded_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    if num_thresholds < 2:
        raise ValueError(f"num_thresholds must be at least 2. Received: {num_thresholds}")
    labels, scores, weights = _flat(labels, scores, sample_weight)
    bucket = np.searchsorted(inner_thresholds(num_thresholds), scores.astype(np.float32), side="left")
    positives = np.bincount(bucket, weights * labels, num_thresholds - 1)
    negatives = np.bincount(bucket, weights * (1 - labels), num_thresholds - 1)
    if not (positives.any() and negatives.any()):
        return float("nan")
    # Each pair of a positive in a higher bucket and a negative counts 1, each pair within a bucket 1/2: the trapezoids.
    above = positives.sum() - positives.cumsum()
    return float((above + positives / 2) @ negatives / (positives.sum() * negatives.sum()))


def _flat(labels, scores, sample_weight):
    labels, scores = np.asarray(labels, np.float64), np.asarray(scores, np.float64)
    checks.check_labels(labels.shape, scores.shape)
    weights = np.ones(()) if sample_weight is None else np.asarray(sample_weight, np.float64)
    checks.check_weights(weights.shape, scores.shape)
    checks.check_values(checks.rules(np.equal, labels, scores, weights, from_logits=False))
    weights = weights.reshape(weights.shape[: scores.ndim] + (1,) * (scores.ndim - weights.ndim))
    return labels.ravel(), scores.ravel(), np.broadcast_to(weights, scores.shape).ravel()


def inner_thresholds(num_thresholds):
    """The thresholds between the first and the last, as float32 of shape ``(num_thresholds - 2,)``."""
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
