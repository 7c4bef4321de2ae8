"""The confidence interval of an AUC: Wilson's interval, for the number of independent pairs that the rows are worth.

Pure functions over `positive` and `negative`, as in `roc`. `benchmarks/interval_coverage.py` measures how often the
interval holds the AUC, and compares DeLong's on the logit scale, Newcombe's, Hanley and McNeil's, and the bootstrap.
"""

from __future__ import annotations

import warnings

import numpy as np

# Rows of a class below which the interval rests more on the assumption about its spread than on the rows.
FEW_ROWS = 5
# As many effective rows count as much as the assumption. Measured: 5, 10 and 20 differ by less than 1 % in coverage.
_TRUST = 10.0


class FewRowsWarning(RuntimeWarning):
    """A class has so few rows that its spread cannot be measured, so that the interval rests on an assumption."""


def confidence_interval(positive: np.ndarray, negative: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Confidence interval of the area under the ROC curve. A count stands for that many rows.

    Hanley and McNeil (1982) write the variance of the area A of m positives and n negatives as
    ``(A (1 - A) + (n - 1) v + (m - 1) w) / (m n)``. Here v is the variance of a positive's placement, the share of
    negatives that it beats, and w the same of a negative. That is the variance of a proportion A of
    ``m n / (1 + (n - 1) v' + (m - 1) w')`` independent pairs, with ``v' = v / (A (1 - A))`` and w' alike. The interval
    is Wilson's (1927) for this proportion.

    DeLong, DeLong and Clarke-Pearson (1988) estimate v and w by the variances of the placements. With few rows, or few
    errors, these are far too small as often as not. So v' and w' are at least the mean of the estimate and
    ``min(1, 1/2 + 1 / rows)``, the first with the weight of the rows that err, the second with that of ten rows. One
    half is the highest v' of Hanley and McNeil's exponential scores, 1 the highest of any. The rows that err are
    counted by their effective number, the square of the sum of their errors over the sum of the squares.

    No order of the rows has a narrower interval than the perfect one, nor a higher lower end. With many rows the
    interval is that of DeLong's variance.

    Args:
        positive: weight of the positives in each bucket, float64 of shape (buckets,), by ascending score.
        negative: the same for the negatives.
        level: the share of samples whose interval shall hold the AUC of the population.

    Returns:
        The two ends, between 0 and 1; (nan, nan) if a class is missing.

    Raises:
        ValueError: for a level that is not between 0 and 1.

    >>> low, high = confidence_interval(np.array([0.0, 0, 50]), np.array([50.0, 50, 0]))
    >>> round(low, 3), high
    (0.944, 1.0)
    """
    check_level(level)
    if not (positive.any() and negative.any()):
        return np.nan, np.nan
    if _errors(positive, negative)[2] > 0.5:
        return _error_interval(positive[::-1], negative[::-1], level)
    low, high = _error_interval(positive, negative, level)
    return 1 - high, 1 - low


def check_level(level: float) -> None:
    """Raise ValueError unless the level is between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1; 0.95 gives the 95 % interval. Received: {level!r}")


def few_rows(positive: np.ndarray, negative: np.ndarray) -> list[str]:
    """The classes with fewer than five rows, but with some, such as ["3 positives"].

    >>> few_rows(np.array([1.0, 2.0]), np.array([4.0, 1.0]))
    ['3 positives']
    """
    rows = {"positive": float(positive.sum()), "negative": float(negative.sum())}
    if not all(rows.values()):
        return []
    return [f"{count:.4g} {name}{'' if count == 1 else 's'}" for name, count in rows.items() if count < FEW_ROWS]


def warn_of_few_rows(positive: np.ndarray, negative: np.ndarray) -> None:
    """Warn if a class has fewer than five rows."""
    few = few_rows(positive, negative)
    if few:
        warnings.warn(
            f"the confidence interval of an AUC from {' and '.join(few)} rests on an assumption: so few rows do not "
            f"show how far their scores spread. Count {FEW_ROWS} rows or more of each class before you rely on it; "
            "RocCounts.merge adds the counts of more data.",
            FewRowsWarning,
            stacklevel=3,
        )


def _errors(positive: np.ndarray, negative: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """For each bucket, the share of negatives above a positive, and of positives below a negative; the mean of both.

    A tie counts one half. All are exactly 0 where every pair is in order.
    """
    of_positives = (np.cumsum(negative[::-1])[::-1] - negative / 2) / negative.sum()
    of_negatives = (np.cumsum(positive) - positive / 2) / positive.sum()
    return of_positives, of_negatives, float(np.dot(of_positives, positive / positive.sum()))


def _error_interval(positive: np.ndarray, negative: np.ndarray, level: float) -> tuple[float, float]:
    """The interval of the share of pairs in the wrong order, which is one half at most."""
    # statistics.NormalDist would do, but Python 3.7 has none; scipy is there wherever scikit-learn is.
    from scipy.special import ndtri

    z = float(ndtri((1 + level) / 2))
    of_positives, of_negatives, mean = _errors(positive, negative)
    positives, negatives = float(positive.sum()), float(negative.sum())
    spreads = _spread(of_positives, positive, mean), _spread(of_negatives, negative, mean)
    low, high = _wilson(mean, _pairs(positives, negatives, *spreads), z)
    assumed = _assumed_spread(positives), _assumed_spread(negatives)
    least = _wilson(0.0, _pairs(positives, negatives, *assumed), z)[1]
    missing = least - (high - low)
    if missing > 0:
        low = min(max(low - missing * mean, 0.0), 1 - least)
        high = low + least
    return low, high


def _spread(errors: np.ndarray, counts: np.ndarray, mean: float) -> float:
    """The variance of the errors of a class, as a share of the highest that their mean allows."""
    rows = float(counts.sum())
    squares = float(np.dot(errors**2, counts / rows))
    if rows <= 1 or squares == 0:
        return _assumed_spread(rows)
    variance = float(np.dot((errors - mean) ** 2, counts / rows)) * (rows / (rows - 1))
    measured = min(variance / (mean * (1 - mean)), 1.0)
    erring = rows * (mean * mean / squares)
    return max(measured, (_TRUST * _assumed_spread(rows) + erring * measured) / (_TRUST + erring))


def _assumed_spread(rows: float) -> float:
    return min(1.0, 0.5 + 1 / rows)


def _pairs(positives: float, negatives: float, of_positives: float, of_negatives: float) -> float:
    """The number of independent pairs whose share in order varies as much as the area does."""
    variance = 1 / positives / negatives
    variance += of_positives * max(1 - 1 / negatives, 0.0) / positives
    variance += of_negatives * max(1 - 1 / positives, 0.0) / negatives
    return 1 / variance


def _wilson(share: float, number: float, z: float) -> tuple[float, float]:
    centre = (number * share + z * z / 2) / (number + z * z)
    reach = z * (number * share * (1 - share) + z * z / 4) ** 0.5 / (number + z * z)
    # At a share of 0 the lower end is 0, whatever the rounding.
    return min(max(centre - reach, 0.0), share), max(centre + reach, share)
