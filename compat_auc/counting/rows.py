"""Check labels, scores and weights, flatten them, and leave out the rows that are ignored."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from compat_auc.counting import arrays, checks
from compat_auc.counting.activation import activated, lacks_softmax, without_softmax
from compat_auc.counting.buckets import as_scores


class Checked(NamedTuple):
    """Labels as bool, scores as float32 or float64, weights as float64 or None; each of the shape of the scores.

    `kept` is None, or bool of this shape: False where the label and the score are ignored and may be anything.
    """

    labels: np.ndarray
    scores: np.ndarray
    weights: np.ndarray | None
    kept: np.ndarray | None


class FlatRows(NamedTuple):
    """Labels as bool, scores as float32 or float64, weights as float64 or None; each of shape (rows,)."""

    labels: np.ndarray
    scores: np.ndarray
    weights: np.ndarray | None


def validated(
    y_true: Any, y_score: Any, sample_weight: Any = None, ignore_class: Any = None, **options: Any
) -> FlatRows:
    """Check and flatten rows, and leave out those that are not kept. The arguments are those of `checked`.

    >>> validated([0, 1, -1, 9], [0.1, 0.8, 0.3, float("nan")], [1, 1, 1, 0], ignore_class=-1).labels.tolist()
    [False, True]
    """
    labels, scores, weights, kept = checked(y_true, y_score, sample_weight, ignore_class, **options)
    if kept is None:
        return FlatRows(labels.ravel(), scores.ravel(), None if weights is None else weights.ravel())
    return FlatRows(labels[kept], scores[kept], None if weights is None else weights[kept])


# NumPy before 1.22 warns where NaN is compared.
@np.errstate(invalid="ignore")
def checked(
    y_true: Any,
    y_score: Any,
    sample_weight: Any = None,
    ignore_class: Any = None,
    metric: str = "RocCounts",
    any_score: bool = True,
    from_logits: bool | str = False,
    lower_is_positive: bool = False,
) -> Checked:
    """Check rows. Those of weight 0 or of the label `ignore_class` are not kept, whatever they hold.

    Args:
        y_true: labels, 0 or 1, of any shape and dtype; or class numbers of shape (rows,) or (rows, 1) beside the
            columns of a softmax, which become one-hot labels.
        y_score: real scores, one for each label.
        sample_weight: None, or weights of 0 or more: one in all, one for each row, or one for each score.
        ignore_class: labels of this value are left out, and their scores with them.
        metric: the name at the start of error messages.
        any_score: whether scores may be any number. If not, they must be in [0, 1], or logits.
        from_logits: "softmax" replaces scores by their softmax over the last axis. So do "sigmoid" and True by their
            sigmoid, but not if any score counts: it keeps the order.
        lower_is_positive: whether small scores mean positive, as distances do. The scores are then ``-score``, or
            ``1 - score`` in float32 if they must be in [0, 1].

    Raises:
        ValueError: for shapes that do not fit, and for wrong values in the rows that are kept.
    """
    checks.check_ignore_class(ignore_class, metric)
    if arrays.is_ragged(y_true) or arrays.is_ragged(y_score):
        y_true, y_score, sample_weight = arrays.flat_ragged(y_true, y_score, sample_weight, metric)
    labels = arrays.numbers(y_true, arrays.LABELS, metric)
    scores = as_scores(arrays.numbers(y_score, arrays.SCORES, metric))
    checks.check_labels(labels.shape, scores.shape, metric)
    checks.check_from_logits(from_logits, metric)
    if from_logits == "softmax":
        checks.check_softmax(scores.shape, metric)
    received = scores
    if from_logits == "softmax" or (from_logits and not any_score):
        scores = activated(scores, from_logits)
    is_softmax = bool(checks.are_class_numbers(labels.shape, scores.shape))
    if is_softmax:
        labels = _one_hot(labels, scores, ignore_class)
    labels, weights, kept = labels.reshape(scores.shape), None, None
    if sample_weight is not None:
        weights = _for_each(arrays.numbers(sample_weight, arrays.WEIGHTS, metric), scores.shape, metric)
        checks.check_values([((weights >= 0) & (weights < np.inf), f"{metric} {checks.WEIGHTS}", weights)])
        kept = _unless_all(weights > 0)
    if ignore_class is not None:
        not_ignored = ~_equal(labels, ignore_class)
        kept = _unless_all(not_ignored if kept is None else kept & not_ignored)
    positive = _positive(labels, kept, f"{metric} {checks.CLASSES if is_softmax else checks.LABELS}")
    may_lack_softmax = not isinstance(from_logits, str) and (any_score or from_logits) and not is_softmax
    if may_lack_softmax and lacks_softmax(positive, received, True if kept is None else kept):
        warnings.warn(without_softmax(f"{metric} got", scores.shape[-1]), UserWarning, stacklevel=4)
    _check_scores(scores, kept, metric, any_score, from_logits)
    if is_softmax:
        _check_softmax_rows(scores if from_logits == "softmax" else received, kept, metric)
    if lower_is_positive:
        scores = -scores if any_score else 1 - scores.astype(np.float32)
    return Checked(positive, scores, weights, kept)


def _check_scores(
    scores: np.ndarray, kept: np.ndarray | None, metric: str, any_score: bool, from_logits: bool | str
) -> None:
    words, accepted = checks.ANY_SCORES, ~np.isnan(scores)
    if from_logits == "softmax":
        words = checks.LOGITS
    elif not (any_score or from_logits):
        words, accepted = checks.of_scores(scores.shape), (scores >= 0) & (scores <= 1)
    checks.check_values([(_or_not_kept(accepted, kept), f"{metric} {words}", scores)])


def _check_softmax_rows(scores: np.ndarray, kept: np.ndarray | None, metric: str) -> None:
    """Class numbers belong to a softmax, whose rows add up to 1."""
    sums = np.broadcast_to(scores.sum(-1, keepdims=True, dtype=np.float64), scores.shape)
    accepted = np.abs(sums - 1) <= checks.SOFTMAX_TOLERANCE
    checks.check_values([(_or_not_kept(accepted, kept), f"{metric} {checks.SOFTMAX_ROWS}", sums)])


def _positive(labels: np.ndarray, kept: np.ndarray | None, words: str) -> np.ndarray:
    if labels.dtype == bool:
        return labels
    positive = labels == 1
    checks.check_values([(_or_not_kept(positive | (labels == 0), kept), words, labels)])
    return positive


def _one_hot(labels: np.ndarray, scores: np.ndarray, ignore_class: Any) -> np.ndarray:
    """Labels of 0 and 1 for each class. A row keeps its label if that is `ignore_class` or not a class."""
    shape = labels.shape if labels.ndim == scores.ndim else (*labels.shape, 1)
    columns: np.ndarray = labels.reshape(shape).astype(np.float64)
    classes = np.arange(int(scores.shape[-1]))
    is_class: np.ndarray = np.equal(columns, classes)
    is_class_number: np.ndarray = np.any(is_class, -1, keepdims=True)
    if ignore_class is not None:
        is_class_number = is_class_number & ~_equal(columns, ignore_class)
    return np.where(is_class_number, is_class, columns)


def _for_each(weights: np.ndarray, shape: tuple[int, ...], metric: str) -> np.ndarray:
    checks.check_weights(weights.shape, shape, metric)
    weights = weights.reshape(weights.shape[: len(shape)] + (1,) * (len(shape) - weights.ndim))
    return np.broadcast_to(weights.astype(np.float64, copy=False), shape)


def _equal(labels: np.ndarray, ignore_class: Any) -> np.ndarray:
    return labels != labels if ignore_class != ignore_class else labels == ignore_class


def _unless_all(kept: np.ndarray) -> np.ndarray | None:
    return None if kept.all() else kept


def _or_not_kept(accepted: np.ndarray, kept: np.ndarray | None) -> np.ndarray:
    return accepted if kept is None else accepted | ~kept
