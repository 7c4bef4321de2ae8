"""The AUC over evenly spaced thresholds, in NumPy: what the metric computes, for data in one piece."""

from __future__ import annotations

from typing import Any

import numpy as np

from compat_auc.counting import roc, rows

# tf.metrics.auc adds it to numerators and denominators; with no row counted, its AUC is 0.
_EPSILON = 1e-6


def thresholded_auc(
    labels: Any,
    scores: Any,
    sample_weight: Any | None = None,
    num_thresholds: int = 200,
    ignore_class: float | None = None,
    from_logits: bool | str = False,
    lower_is_positive: bool = False,
) -> float:
    """The area under the ROC curve through `num_thresholds` evenly spaced thresholds, by trapezoids.

    ``tf.metrics.auc`` computed the same with an epsilon of 1e-6. The result is NaN if a class is missing. A score above
    a threshold counts as positive, a score at it does not; both are compared as float32. The first threshold is just
    below 0 and the last just above 1.

    Args:
        labels: 0 or 1, bool, integer or float, of any shape; columns are flattened. Class numbers beside the columns of
            a softmax become one-hot labels.
        scores: in [0, 1], one for each label.
        sample_weight: one weight in all, for each row, or for each score. Where the weight is 0, the label and score
            are ignored.
        num_thresholds: at least 2.
        ignore_class: labels of this value are ignored, and so are their scores.
        from_logits: "sigmoid" (or True) or "softmax" if the scores are logits.
        lower_is_positive: whether small scores mean positive; each score is then 1 - score.

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
    positive, counted, weights = rows.validated(
        labels, scores, sample_weight, ignore_class, metric="auc_roc", any_score=False, from_logits=from_logits,
        lower_is_positive=lower_is_positive,
    )  # fmt: skip
    bucket = np.searchsorted(inner_thresholds(num_thresholds), counted.astype(np.float32), side="left")
    of_positives, of_negatives = (
        np.bincount(bucket[side], None if weights is None else _scaled(weights[side]), num_thresholds - 1)
        for side in (positive, ~positive)
    )
    return roc.area(of_positives, of_negatives)[1]


def _scaled(weights: np.ndarray) -> np.ndarray:
    """Weights divided by a power of 2, so that their sum is finite. Only their proportions within a class matter."""
    return np.ldexp(weights, -np.frexp(weights.max(initial=1))[1])


def inner_thresholds(num_thresholds: int) -> np.ndarray:
    """The thresholds between the first and the last, as float32 of shape ``(num_thresholds - 2,)``."""
    # float32, because TensorFlow 1 compared in it: a score that equals a threshold is not above it.
    return (np.arange(1, num_thresholds - 1) / (num_thresholds - 1)).astype(np.float32)


def old_auc(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
    """``tf.metrics.auc``, with its epsilon, from the counts between its thresholds. 0 if nothing is counted.

    Args:
        positive: counts of shape (..., num_thresholds - 1), by ascending score.
        negative: the same.
    """
    true = (_above(positive) + _EPSILON) / (positive.sum(-1, keepdims=True) + _EPSILON)
    false = _above(negative) / (negative.sum(-1, keepdims=True) + _EPSILON)
    return np.sum((false[..., :-1] - false[..., 1:]) * (true[..., :-1] + true[..., 1:]) / 2, -1)


def _above(counts: np.ndarray) -> np.ndarray:
    above = np.flip(np.cumsum(np.flip(counts, -1), -1), -1)
    return np.concatenate([above, np.zeros_like(above[..., :1])], -1)
