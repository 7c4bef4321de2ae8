"""The ROC curve of two count vectors: its corners, its area, and the area's bounds.

Pure functions over `positive` and `negative`: float64 vectors with the weight of each class in each bucket, by
ascending score. The order of the rows within a bucket is not known.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

_EPSILON = np.finfo(np.float64).eps
# Counts that are not whole numbers come from float weights, summed with rounding. Whole counts from 2**53 on may be
# rounded, too. A sum of n terms is off by at most n * 2**-53 of itself. This slack covers 4 million rows in one batch,
# or that many batches.
_LARGEST_EXACT = 2.0**53
_FLOAT_WEIGHT_SLACK = 2.0**-30


class Corners(NamedTuple):
    """Corners of the ROC curve from (0, 0) to (negatives, positives), both in units of weight.

    Attributes:
        fps: false positives, float64 of shape (corners,), ascending.
        tps: true positives, the same.
        buckets: the bucket that each corner adds to the one before, of shape (corners - 1,).
    """

    fps: np.ndarray
    tps: np.ndarray
    buckets: np.ndarray


def corners(positive: np.ndarray, negative: np.ndarray) -> Corners:
    """Corners of the curve, one for each bucket in use, from the highest score to the lowest."""
    buckets = np.flatnonzero((positive > 0) | (negative > 0))[::-1]
    tps = np.concatenate([[0.0], np.cumsum(positive[buckets])])
    fps = np.concatenate([[0.0], np.cumsum(negative[buckets])])
    return Corners(fps, tps, buckets)


def area(
    positive: np.ndarray, negative: np.ndarray, max_fpr: float | None = None, tied: np.ndarray | None = None
) -> tuple[float, float, float]:
    """Lowest, middle and highest area under the curve; each is NaN if a class is missing.

    The curve passes through its corners whatever the order within the buckets. Between two corners it stays within
    their rectangle. It is lowest if all negatives come first, and highest if all positives come first. If the rows tie,
    it is the diagonal, which counts each pair one half. For a `tied` bucket (a bool for each bucket) only the diagonal
    is left. `max_fpr` limits the area to that false positive rate, standardized to 0.5 for a guess and 1 for the best
    (McClish 1989), as in `sklearn.metrics.roc_auc_score`.
    """
    limit = check_max_fpr(max_fpr)
    positives, negatives = positive.sum(), negative.sum()
    if not (positives > 0 and negatives > 0):
        return np.nan, np.nan, np.nan
    # Powers of two change no digit. Without them the product of two huge totals would overflow.
    fps, tps, buckets = corners(_scaled(positive, positives), _scaled(negative, negatives))
    end: float = limit * fps[-1] if limit < 1 else fps[-1]
    width = np.diff(np.minimum(fps, end))
    right = np.where(fps[1:] > end, np.interp(end, fps, tps), tps[1:])
    whole = fps[-1] * tps[-1]
    diagonal = (tps[:-1] + right) / 2
    is_tied = np.zeros(len(buckets), bool) if tied is None else tied[buckets]
    low = np.sum(width * np.where(is_tied, diagonal, tps[:-1])) / whole
    middle = np.sum(width * diagonal) / whole
    high = np.sum(width * np.where(is_tied, diagonal, tps[1:])) / whole
    slack = rounding(positive, negative, len(buckets))
    low, middle, high = (_standardized(value, limit) for value in (low, middle, high))
    return float(max(low - slack, 0)), float(min(max(middle, 0), 1)), float(min(high + slack, 1))


def check_max_fpr(max_fpr: float | None) -> float:
    """The limit as a float. None is 1, the whole area.

    Raises:
        ValueError: for a limit that is not above 0 and at most 1.
    """
    if max_fpr is None:
        return 1.0
    if not 0 < max_fpr <= 1:
        raise ValueError(
            f"max_fpr must be above 0 and at most 1; leave it out for the whole area. Received: {max_fpr!r}"
        )
    return float(max_fpr)


def _standardized(value: float, limit: float) -> float:
    if limit == 1:
        return value
    least = limit**2 / 2
    return (1 + (value - least) / (limit - least)) / 2


def _scaled(counts: np.ndarray, total: float) -> np.ndarray:
    return np.ldexp(counts, -np.frexp(total)[1])


def rounding(positive: np.ndarray, negative: np.ndarray, buckets: int) -> float:
    """The largest rounding error of a share of the whole, for a number of buckets in use."""
    exact = all(is_whole(counts) and counts.sum() < _LARGEST_EXACT for counts in (positive, negative))
    return float(_EPSILON * (buckets + 8) + (0 if exact else _FLOAT_WEIGHT_SLACK))


def is_whole(counts: np.ndarray) -> bool:
    """Whether all counts are whole numbers."""
    return bool(np.all(counts == np.floor(counts)))
