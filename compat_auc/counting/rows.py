"""Check labels, scores and weights, flatten them, and leave out the rows that are ignored."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from compat_auc.counting import checks
from compat_auc.counting.activation import activated, lacks_softmax, without_softmax
from compat_auc.counting.buckets import as_scores


class Rows(NamedTuple):
    """Labels as bool, scores as float32 or float64, weights as float64 or None; each of shape (rows,)."""

    labels: np.ndarray
    scores: np.ndarray
    weights: np.ndarray | None


# NumPy before 1.22 warns where NaN is compared.
@np.errstate(invalid="ignore")
def counted(
    y_true: Any,
    y_score: Any,
    sample_weight: Any = None,
    ignore_class: Any = None,
    metric: str = "RocCounts",
    any_score: bool = True,
    from_logits: bool | str = False,
) -> Rows:
    """Check and flatten rows. Leave out those of weight 0 or of the label `ignore_class`, whatever they hold.

    Args:
        y_true: labels, 0 or 1, of any shape and dtype.
        y_score: real scores, one for each label.
        sample_weight: None, or weights of 0 or more: one in all, one for each row, or one for each score.
        ignore_class: labels of this value are left out, and their scores with them.
        metric: the name at the start of error messages.
        any_score: whether scores may be any number. If not, they must be in [0, 1], or logits.
        from_logits: "softmax" replaces scores by their softmax over the last axis. So do "sigmoid" and True by their
            sigmoid, but not if any score counts: it keeps the order.

    Raises:
        ValueError: for shapes that do not fit, and for wrong values in the rows that are kept.

    >>> counted([0, 1, -1, 9], [0.1, 0.8, 0.3, float("nan")], [1, 1, 1, 0], ignore_class=-1).labels.tolist()
    [False, True]
    """
    checks.check_ignore_class(ignore_class, metric)
    labels, scores = np.asarray(y_true), _real(y_score, "scores (y_pred)", metric)
    checks.check_labels(labels.shape, scores.shape, metric)
    checks.check_from_logits(from_logits, metric)
    if from_logits == "softmax":
        checks.check_softmax(scores.shape, metric)
    received, scores = as_scores(scores), as_scores(scores)
    if from_logits == "softmax" or (from_logits and not any_score):
        scores = activated(scores, from_logits)
    shape, labels, scores = scores.shape, labels.ravel(), scores.ravel()
    weights, kept = None, np.ones((), bool)
    if sample_weight is not None:
        weights = _for_each(_real(sample_weight, "a sample_weight", metric), shape, metric)
        checks.check_values([((weights >= 0) & (weights < np.inf), f"{metric} {checks.WEIGHTS}", weights)])
        kept = weights > 0
    if ignore_class is not None:
        kept = kept & ~_equal(labels, ignore_class)
    if not isinstance(from_logits, str) and (any_score or from_logits):
        of_each = np.broadcast_to(kept, labels.shape).reshape(shape)
        if lacks_softmax((labels == 1).reshape(shape), received, of_each):
            warnings.warn(without_softmax(f"{metric} got", shape[-1]), UserWarning, stacklevel=3)
    if not kept.all():
        labels, scores, weights = labels[kept], scores[kept], None if weights is None else weights[kept]
    if labels.dtype != bool:
        positive = labels == 1
        checks.check_values([(positive | (labels == 0), f"{metric} {checks.LABELS}", labels)])
        labels = positive
    words, accepted = checks.ANY_SCORES, ~np.isnan(scores)
    if from_logits == "softmax":
        words = checks.LOGITS
    elif not (any_score or from_logits):
        words, accepted = checks.of_scores(shape), (scores >= 0) & (scores <= 1)
    checks.check_values([(accepted, f"{metric} {words}", scores)])
    return Rows(labels, scores, weights)


def _real(data: Any, what: str, metric: str) -> np.ndarray:
    values: np.ndarray = np.asarray(data)
    try:
        if values.dtype.kind == "c":
            raise TypeError
        return values if values.dtype.kind in "biuf" else values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{metric} expects {what} of real numbers. Received: dtype {values.dtype}") from None


def _for_each(weights: np.ndarray, shape: tuple[int, ...], metric: str) -> np.ndarray:
    checks.check_weights(weights.shape, shape, metric)
    weights = weights.reshape(weights.shape[: len(shape)] + (1,) * (len(shape) - weights.ndim))
    return np.broadcast_to(weights.astype(np.float64, copy=False), shape).ravel()


def _equal(labels: np.ndarray, ignore_class: Any) -> np.ndarray:
    return labels != labels if ignore_class != ignore_class else labels == ignore_class
