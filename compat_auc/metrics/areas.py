"""Areas under curves, on tensors: from the four counts at each threshold, and from the counts in rank buckets.

Pure functions of a backend and tensors. The metrics decide what is counted, and when.
"""

from __future__ import annotations

from typing import NamedTuple

from compat_auc.backends import Backend, Tensor
from compat_auc.counting.precision import SERIES, less_log

_TF1_EPSILON = 1e-6

# Buckets are kept in blocks of 8. Sums within the blocks and then between them take a third of the time that a prefix
# sum of TensorFlow takes over 11,516 buckets.
BLOCK = 8
# Terms of a sum to add one by one. The series of digamma has 13 digits after them.
_FIRST = 8
_SERIES = SERIES[:5]


class Confusion(NamedTuple):
    """Counts at each threshold, in ascending order: tensors of shape (thresholds,) or (thresholds, labels)."""

    true_positives: Tensor
    false_positives: Tensor
    true_negatives: Tensor
    false_negatives: Tensor


def confusion(backend: Backend, in_bucket: Tensor) -> Confusion:
    """The counts at each threshold, from the counts between the thresholds.

    Args:
        backend: from `backend_of`.
        in_bucket: shape (2, thresholds - 1) or (2, thresholds - 1, labels), negatives before positives.
    """
    above = backend.cumsum(in_bucket, 1, reverse=True)
    above = backend.concat([above, backend.zeros_like(above[:, :1])], 1)
    false_positives, true_positives = above[0], above[1]
    return Confusion(
        true_positives, false_positives, false_positives[:1] - false_positives, true_positives[:1] - true_positives
    )


def area(backend: Backend, counts: Confusion, curve: str, summation: str) -> Tensor:
    """The area under a curve through the thresholds: a scalar, or one for each label. NaN if a class is missing.

    The formulas are those of ``keras.metrics.AUC.result``, except for PR curves by "trapezoidal", "minoring" and
    "majoring". These follow ``tf.compat.v1.metrics.auc``, whose epsilon makes the precision of no predictions 1. In
    Keras it is 0.

    Args:
        backend: from `backend_of`.
        counts: at each threshold.
        curve: "ROC", "PR" or "PRGAIN".
        summation: "trapezoidal", "minoring" or "majoring"; for PR also "interpolation" and "careful_interpolation",
            which are the same.
    """
    tp, fp, tn, fn = counts
    if curve == "ROC":
        # NaN (0 / 0) where a class is missing.
        return _riemann(backend, fp / (fp + tn), tp / (tp + fn), summation)
    positives, negatives = tp[:1] + fn[:1], fp[:1] + tn[:1]
    if curve == "PR" and "interpolation" in summation:
        areas = _interpolated_pr(backend, tp, fp, positives)
    elif curve == "PR":
        hits = tp + _TF1_EPSILON
        recall, precision = hits / (tp + fn + _TF1_EPSILON), hits / (tp + fp + _TF1_EPSILON)
        areas = _riemann(backend, recall, precision, summation)
    else:
        areas = _riemann(backend, *_gains(backend, tp, fp, fn, positives, negatives), summation)
    has_both = (positives[0] > 0) & (negatives[0] > 0)
    return backend.where(has_both, areas, backend.zeros_like(areas) + float("nan"))


def area_of_tensorflow_1(backend: Backend, counts: Confusion) -> Tensor:
    """``tf.metrics.auc`` of TensorFlow 1, with its epsilon. 0 if nothing is counted."""
    true = (counts.true_positives + _TF1_EPSILON) / (counts.true_positives[:1] + _TF1_EPSILON)
    return _riemann(backend, counts.false_positives / (counts.false_positives[:1] + _TF1_EPSILON), true, "trapezoidal")


def mean_over_labels(
    backend: Backend, areas: Tensor, positives: Tensor, negatives: Tensor, weights: Tensor | None
) -> Tensor:
    """The mean of the areas of the labels, weighted unless `weights` is None.

    Labels with one class only are left out. NaN (0 / 0) if no label has both classes.
    """
    defined, nothing = (positives > 0) & (negatives > 0), backend.zeros_like(areas)
    weight = backend.where(defined, nothing + 1 if weights is None else weights, nothing)
    return backend.sum(backend.where(defined, areas, nothing) * weight, 0) / backend.sum(weight, 0)


def _riemann(backend: Backend, x: Tensor, y: Tensor, summation: str) -> Tensor:
    left, right = y[:-1], y[1:]
    if summation == "minoring":
        heights = backend.minimum(left, right)
    elif summation == "majoring":
        heights = backend.maximum(left, right)
    else:
        heights = (left + right) / 2
    return backend.sum((x[:-1] - x[1:]) * heights, 0)


def _interpolated_pr(backend: Backend, tp: Tensor, fp: Tensor, positives: Tensor) -> Tensor:
    """Area under the PR curve, interpolated as in Davis and Goadrich (2006), by the closed form that Keras uses."""
    predicted = tp + fp
    gained, added = tp[:-1] - tp[1:], backend.maximum(predicted[:-1] - predicted[1:], 0.0)
    slope = _ratio(backend, gained, added)
    intercept = tp[1:] - slope * predicted[1:]
    both = (predicted[:-1] > 0) & (predicted[1:] > 0)
    growth = backend.where(both, _ratio(backend, predicted[:-1], predicted[1:]), 1 + backend.zeros_like(added))
    return backend.sum(slope * (gained + intercept * backend.log(growth)) / positives, 0)


def _gains(
    backend: Backend, tp: Tensor, fp: Tensor, fn: Tensor, positives: Tensor, negatives: Tensor
) -> tuple[Tensor, Tensor]:
    """Recall gain and precision gain (Flach and Kull 2015). Without true positives they are 0 and 1, as in Keras."""
    odds = positives / negatives
    nothing = backend.zeros_like(tp)
    recall = backend.where(tp > 0, 1 - odds * _ratio(backend, fn, tp), nothing)
    precision = backend.where(tp > 0, 1 - odds * _ratio(backend, fp, tp), nothing + 1)
    return backend.maximum(recall, 0.0), precision


def _ratio(backend: Backend, numerator: Tensor, denominator: Tensor) -> Tensor:
    """A quotient that is 0 where the denominator is 0."""
    nothing = backend.zeros_like(denominator)
    some = denominator > 0
    return backend.where(some, numerator / backend.where(some, denominator, nothing + 1), nothing)


def rank_areas(backend: Backend, counts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """AUC, positive weight and negative weight of each label.

    The AUC is NaN where a class is missing: 0 / 0.

    Args:
        backend: of `backend_of`.
        counts: shape (labels, 2, blocks, 8), negatives before positives, buckets ascending.
    """
    negative, positive = counts[:, 0], counts[:, 1]
    negative_blocks, positive_blocks = backend.sum(negative, -1), backend.sum(positive, -1)
    negatives, positives = backend.sum(negative_blocks, -1), backend.sum(positive_blocks, -1)
    # The share of the negatives that a positive beats. A product of huge totals instead of shares could overflow.
    in_earlier_blocks = (backend.cumsum(negative_blocks, -1) - negative_blocks) / negatives[:, None]
    won_within = backend.won_within_blocks(negative, positive) / negatives[:, None]
    won = backend.sum(positive_blocks * in_earlier_blocks + won_within, -1)
    return won / positives, positives, negatives


def partial_rank_areas(backend: Backend, counts: Tensor, max_fpr: float) -> tuple[Tensor, Tensor, Tensor]:
    """As `rank_areas`, but only the area up to a false positive rate, standardized as in `counting.roc.area`.

    1 is the best, 0.5 a random guess (McClish 1989), as in ``sklearn.metrics.roc_auc_score(max_fpr=...)``.
    """
    negative, positive = counts[:, 0], counts[:, 1]
    negatives, positives = backend.sum(negative, (-2, -1)), backend.sum(positive, (-2, -1))
    wide = negative / negatives[:, None, None]
    # The part of each bucket that is left of max_fpr. Within a bucket the curve is straight.
    width = backend.minimum(backend.maximum(max_fpr - _above(backend, negative) / negatives[:, None, None], 0.0), wide)
    height = _above(backend, positive) + positive * _ratio(backend, width, wide) / 2
    area = backend.sum(width * (height / positives[:, None, None]), (-2, -1))
    least = max_fpr**2 / 2
    standardized = (1 + (area - least) / (max_fpr - least)) / 2
    has_both = (positives > 0) & (negatives > 0)
    return backend.where(has_both, standardized, backend.zeros_like(area) + float("nan")), positives, negatives


def rank_precisions(backend: Backend, counts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Average precision, positive weight and negative weight of each label.

    It is the expectation over all orders of the rows within a bucket; `counting.precision.average_precision` has the
    formula. The arguments are those of `rank_areas`. One positive weighs 1 if all counts of positives are whole, else
    the least that a bucket has. NaN if a class is missing.
    """
    negative, positive = counts[:, 0], counts[:, 1]
    true, above = _above(backend, positive), _above(backend, positive) + _above(backend, negative)
    positives, negatives = backend.sum(positive, (-2, -1)), backend.sum(negative, (-2, -1))
    filled, ones = positive > 0, 1 + backend.zeros_like(positive)
    is_whole = backend.sum(positive - backend.floor(positive), (-2, -1)) <= 0
    least = backend.min(backend.where(filled, positive, ones * float("inf")), (-2, -1))
    unit = backend.where(is_whole, 1 + backend.zeros_like(least), least)[:, None, None] * ones
    unit = backend.where(filled, backend.minimum(unit, positive), ones)
    rows = backend.where(filled, positive + negative, ones)
    # The share of positives among the rows before a positive row. A single row has none before it.
    share = _ratio(backend, positive - unit, rows - unit)
    mean = share + (true + unit * (1 - share) - above * share) * (_harmonic(backend, above, rows, unit) / rows)
    precision = backend.sum(backend.where(filled, positive * mean, backend.zeros_like(mean)), (-2, -1)) / positives
    return backend.where(negatives > 0, precision, precision + float("nan")), positives, negatives


def _above(backend: Backend, counts: Tensor) -> Tensor:
    """For each bucket, the weight in the buckets above it."""
    blocks = backend.sum(counts, -1)
    in_later_blocks = backend.cumsum(blocks, -1, reverse=True) - blocks
    return in_later_blocks[..., None] + (backend.cumsum(counts, -1, reverse=True) - counts)


def _harmonic(backend: Backend, start: Tensor, length: Tensor, unit: Tensor) -> Tensor:
    """The sum of ``unit / (start + k * unit)`` over k from 1 to ``length / unit``, as in `counting.precision`."""
    total = backend.zeros_like(start)
    for k in range(1, _FIRST + 1):
        total = total + unit / (start + k * unit) - unit / (start + length + k * unit)
    low = start + (_FIRST + 1) * unit
    total = total + backend.log1p(length / low) + less_log(unit / (low + length), _SERIES)
    total = total - less_log(unit / low, _SERIES)
    return backend.where(backend.equal(length, unit), unit / (start + unit), total)  # One row: exact to the last bit.


def add_exactly(counts: Tensor, rest: Tensor, added: Tensor) -> tuple[Tensor, Tensor]:
    """Add to counts that are each stored as the sum of two float32. Whole numbers are exact up to 2**48.

    It is Knuth's two-sum, then Dekker's normalization (1971). `rest` holds what does not fit into `counts`.
    """
    total = counts + added
    share = total - counts
    lost = (counts - (total - share)) + (added - share) + rest
    new = total + lost
    return new, lost - (new - total)
