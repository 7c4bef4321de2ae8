"""Precision and recall of two count vectors: the average precision, its bounds, and the curve.

Pure functions over `positive` and `negative`, as in `roc`. The average precision is scikit-learn's: the mean, over the
positives, of the precision among the rows that score as high as the positive or higher. There is no interpolation.

The order of the rows within a bucket is not known. Each formula below is a sum over the buckets. ``P`` and ``N`` are
the weights of the positives and negatives in higher buckets, ``p`` and ``n`` those in the bucket itself.
"""

from __future__ import annotations

from typing import Any, Sequence

import numpy as np

from compat_auc.counting.roc import corners, is_whole, rounding

_LIGHT, _HUGE = 2.0**-60, 1e300
# Terms of the sum to add one by one. The series of digamma has 16 digits after them.
_FIRST = 12
# Factors of digamma(x) - log(x) for even powers of 1/x, from the second on: -B(2k) / 2k, with Bernoulli numbers B.
SERIES = (-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760)


def average_precision(
    positive: np.ndarray, negative: np.ndarray, unit: float | None = 1.0, tied: np.ndarray | None = None
) -> float:
    """The expected average precision, if the rows of each bucket are in random order.

    The formula assumes that all orders of the rows of a bucket are equally likely, and that no two rows tie. For rows
    of one weight, it is the exact expectation, in closed form. The k-th of the m rows of a bucket is positive with
    probability ``p / m``. If it is, ``(k - 1) * (p - 1) / (m - 1)`` of the rows before it are expected to be positive.
    So the bucket adds the sum over k of ``p / m * (P + 1 + (k - 1) * (p - 1) / (m - 1)) / (P + N + k)``. A sum of
    ``1 / (P + N + k)`` is a difference of two digamma functions.

    A bucket with a single row adds no error. If each row has a separate bucket, the result is scikit-learn's.

    Args:
        positive: weight of the positives in each bucket, float64 of shape (buckets,), by ascending score.
        negative: the same for the negatives.
        unit: the weight of one positive row. 0 stands for infinitely many, infinitely light rows: the sums become
            logarithms. None takes the smallest weight of positives that a bucket has. Where that bucket holds one row,
            it is the weight of one row. If the positives of a bucket weigh less than the unit, they are taken for one
            row.
        tied: bool for each bucket: whether all of its rows tie. Then its precision is the one after all of them.

    Returns:
        A float from 0 to 1; NaN if a class is missing.

    >>> round(average_precision(np.array([0.0, 1, 0, 1]), np.array([1.0, 0, 1, 0])), 6)  # both orders: certain
    0.833333
    >>> round(average_precision(np.array([1.0]), np.array([1.0])), 6)  # the positive first, 1, or second, 1/2
    0.75
    """
    if not (positive.any() and negative.any()):
        return np.nan
    true, false, p, n, is_tied, scale = _above_and_within(positive, negative, tied)
    share_of_bucket, rows = p / p.sum(), p + n
    units = np.minimum(p.min() if unit is None else unit, p)
    true, false, p, rows, units = (np.ldexp(weight, scale) for weight in (true, false, p, rows, units))
    # The share of positives among the rows before a positive row. A single row has none before it.
    share = np.divide(p - units, rows - units, out=np.zeros_like(p), where=rows > units)
    above = true + false
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        mean = share + (true + units * (1 - share) - above * share) * (_harmonic(above, rows, units) / rows)
        # These rows are too light to change the result, and may be too light for the quotient above.
        mean = np.where(rows < _LIGHT * above, true / above, mean)
    # With a unit of 0, the first bucket gives 0 * log(infinity). Its precision is its share of positives.
    mean = np.where(above + units > 0, mean, share)
    mean = np.where(is_tied, (true + p) / (above + rows), mean)
    return float(np.clip(np.sum(share_of_bucket * mean), 0, 1))


def bounds(
    positive: np.ndarray, negative: np.ndarray, unit: float = 0.0, tied: np.ndarray | None = None
) -> tuple[float, float]:
    """Lowest and highest average precision that the counts allow, for any order and any ties within the buckets.

    The highest: the positives of a bucket come before its negatives and tie with each other. Each of them then has the
    precision ``(P + p) / (P + p + N)``. Without the tie the first of them would have a lower one. The lowest: the
    negatives come first, and no two positives tie. The bucket then adds the sum over i of
    ``(P + i) / (P + i + N + n)``.

    Args:
        positive: as in `average_precision`.
        negative: as in `average_precision`.
        unit: the weight of every positive row is a multiple of it. 0 is right for weights of any kind, but gives a
            lower lowest value.
        tied: as in `average_precision`.

    Returns:
        Two floats from 0 to 1, widened by the rounding error; NaN if a class is missing.

    >>> low, high = bounds(np.array([1.0, 1.0]), np.array([1.0, 0.0]), unit=1.0)
    >>> round(low, 6), round(high, 6)
    (0.833333, 1.0)
    """
    if not (positive.any() and negative.any()):
        return np.nan, np.nan
    true, false, p, n, is_tied, scale = _above_and_within(positive, negative, tied)
    share, units = p / p.sum(), np.minimum(unit, p)
    true, false, p, n, units = (np.ldexp(weight, scale) for weight in (true, false, p, n, units))
    at_end = (true + p) / (true + p + false + n)
    high = np.sum(share * np.where(is_tied, at_end, (true + p) / (true + p + false)))
    behind = false + n
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        precision = 1 - behind * (_harmonic(true + behind, p, units) / p)
        precision = np.where(p < _LIGHT * (true + behind), true / (true + behind), precision)
    low = np.sum(share * np.where(is_tied, at_end, np.where(behind > 0, precision, 1)))
    slack = rounding(positive, negative, len(p))
    return float(max(low - slack, 0)), float(min(high + slack, 1))


def curve(positive: np.ndarray, negative: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision and recall at the lowest score of each bucket in use, and these buckets, the highest first.

    Recall is NaN if there are no positives.

    >>> precision, recall, buckets = curve(np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0]))
    >>> precision.round(3).tolist(), recall.tolist(), buckets.tolist()
    ([1.0, 0.667, 0.5], [0.5, 1.0, 1.0], [2, 1, 0])
    """
    fps, tps, buckets = corners(positive, negative)
    with np.errstate(invalid="ignore"):
        return tps[1:] / (tps[1:] + fps[1:]), tps[1:] / tps[-1], buckets


def common_unit(weights: np.ndarray) -> float:
    """A weight that each of these weights is a multiple of, as `bounds` needs it; inf for no weights.

    It is the weight itself if all are equal, 1 if all are whole numbers, and else 0, which fits any weights. The
    weights may be results of this function, too: inf changes nothing, and 0 makes the result 0.

    >>> common_unit(np.array([0.3, 0.3])), common_unit(np.array([2.0, 5.0])), common_unit(np.array([0.3, 5.0]))
    (0.3, 1.0, 0.0)
    """
    weights = weights[weights < np.inf]
    if not len(weights):
        return np.inf
    least = weights.min()
    if least == weights.max() or least == 0:
        return float(least)
    return float(is_whole(weights))


def _above_and_within(
    positive: np.ndarray, negative: np.ndarray, tied: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """P, N, p and n of each bucket that holds positives, whether its rows tie, and an exponent of 2.

    Multiplied by that power of 2, the sum of the four is near 1. A bucket's precision is a ratio, so this changes no
    digit of it. Without it, products and quotients of weights near the smallest float (2e-308) lose their digits.
    """
    fps, tps, buckets = corners(positive, negative)
    fps, tps, buckets = fps[:-1][positive[buckets] > 0], tps[:-1][positive[buckets] > 0], buckets[positive[buckets] > 0]
    p, n = positive[buckets], negative[buckets]
    is_tied = np.zeros(len(buckets), bool) if tied is None else tied[buckets]
    return tps, fps, p, n, is_tied, -np.frexp(tps + fps + p + n)[1]


def _harmonic(start: np.ndarray, length: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """The sum of ``unit / (start + k * unit)`` over k from 1 to ``length / unit``, which need not be whole.

    It is ``digamma((start + length) / unit + 1) - digamma(start / unit + 1)``, but keeps the digits that this
    difference loses for a large `start`. For a unit of 0 it is ``log((start + length) / start)``.
    """
    total = np.zeros_like(start)
    for k in range(1, _FIRST + 1):
        total += unit / (start + k * unit) - unit / (start + length + k * unit)
    low = start + (_FIRST + 1) * unit
    total += np.log1p(np.minimum(length / low, _HUGE)) + less_log(unit / (low + length)) - less_log(unit / low)
    return np.where(length == unit, unit / (start + unit), total)  # One row: exact to the last bit.


def less_log(inverse: Any, series: Sequence[float] = SERIES) -> Any:
    """``digamma(x) - log(x)`` for ``inverse = 1 / x``, an array or a tensor."""
    square, total = inverse * inverse, 0 * inverse
    for factor in reversed(series):
        total = (total + factor) * square
    return total - inverse / 2
