"""DeLong's test: do two models differ in AUC? Both are scored on the same rows, so their AUCs are correlated."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from compat_auc.counting import interval, rows

_ROUNDING = 64 * np.finfo(np.float64).eps


class DelongResult(NamedTuple):
    """What `delong_test` returns.

    Attributes:
        statistic: the difference divided by its standard error.
        pvalue: the two-sided p-value, from Student's t distribution.
        auc_a: the exact AUC of the first model.
        auc_b: the exact AUC of the second model.
        difference: ``auc_a - auc_b``.
        standard_error: the standard error of the difference.
        degrees_of_freedom: the rows of the smaller class, less 1.
    """

    statistic: float
    pvalue: float
    auc_a: float
    auc_b: float
    difference: float
    standard_error: float
    degrees_of_freedom: float

    def confidence_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Interval for the difference of the two AUCs in the population; (nan, nan) if the p-value is NaN.

        Raises:
            ValueError: for a level that is not between 0 and 1.
        """
        interval.check_level(level)
        if np.isnan(self.pvalue):
            return np.nan, np.nan
        from scipy.special import stdtrit

        reach = float(stdtrit(self.degrees_of_freedom, (1 + level) / 2)) * self.standard_error
        return max(self.difference - reach, -1.0), min(self.difference + reach, 1.0)


def delong_test(y_true: Any, y_score_a: Any, y_score_b: Any, sample_weight: Any | None = None) -> DelongResult:
    """Test whether two models have the same AUC, on rows that both of them scored.

    Each row has a placement under each model: the share of the other class that the model ranks it correctly against. A
    tie counts one half. The AUC is the mean placement of a class. The difference of two AUCs is the mean difference of
    the placements. Its standard error comes from the variance within each class (DeLong, DeLong and Clarke-Pearson
    1988). Placements come from ranks (Sun and Xu 2014), in n log n.

    The p-value is that of Student's t with as many degrees of freedom as the smaller class has rows, less 1. The normal
    distribution, which other programs use, takes the standard error for known. With 2 to 5 rows in a class it calls
    models that do not differ different two to four times too often. `benchmarks/interval_coverage.py` measures both.
    With so few rows the test finds only large differences.

    The rows must be independent of each other and of the training of both models. Do not use rows that you chose the
    epoch with, or several rows of one patient.

    Args:
        y_true: labels, 0 or 1, of shape (rows,) or (rows, 1).
        y_score_a: scores of the first model, any real numbers, one for each row.
        y_score_b: scores of the second model. The two may be on different scales.
        sample_weight: how many rows a row stands for, 0 or more. A row of weight 0 is ignored, whatever its label and
            scores. The test is not valid for importance weights, whose scale means nothing.

    Returns:
        A `DelongResult`. Its statistic and p-value are NaN if a class is missing or has a single row, if both models
        rank the rows alike, or if the variance is 0. A RuntimeWarning then says why.

    Raises:
        ValueError: for shapes that do not fit, several columns, labels that are not 0 or 1, NaN scores, wrong weights.

    >>> y = [0, 0, 0, 0, 1, 1, 1, 1]
    >>> a, b = [0.1, 0.3, 0.2, 0.5, 0.4, 0.8, 0.7, 0.9], [0.1, 0.3, 0.7, 0.5, 0.4, 0.8, 0.2, 0.6]
    >>> result = delong_test(y, a, b)
    >>> result.auc_a, result.auc_b, round(result.pvalue, 3)
    (0.9375, 0.625, 0.255)
    """
    labels, a, weights = _one_column(y_true, y_score_a, sample_weight)
    b = _one_column(y_true, y_score_b, sample_weight).scores
    weights = np.ones(len(labels)) if weights is None else weights
    total = {side: weights[labels == side].sum() for side in (True, False)}
    if not (total[True] > 0 and total[False] > 0):
        return _undefined("the rows have one class only", np.nan, np.nan)
    of_a, of_b = (_placements(labels, scores, weights) for scores in (a, b))
    auc_a, auc_b = (float(np.average(of[labels], weights=weights[labels])) for of in (of_a, of_b))
    if min(total.values()) <= 1:
        return _undefined("a class has a single row, whose variance is not known", auc_a, auc_b)
    difference = of_a - of_b
    if not difference.any():
        return _undefined("both models have every pair of a positive and a negative alike", auc_a, auc_b)
    variance = sum(
        _variance_of_mean(difference[labels == side], weights[labels == side], total[side]) for side in (True, False)
    )
    if variance <= _ROUNDING**2 * sum(1 / size for size in total.values()):
        return _undefined("the difference is the same for every row, so its variance is not known", auc_a, auc_b)
    from scipy.special import stdtr

    error, freedom = float(np.sqrt(variance)), float(min(total.values()) - 1)
    statistic = (auc_a - auc_b) / error
    pvalue = float(2 * stdtr(freedom, -abs(statistic)))
    return DelongResult(statistic, pvalue, auc_a, auc_b, auc_a - auc_b, error, freedom)


def _one_column(y_true: Any, y_score: Any, sample_weight: Any) -> rows.FlatRows:
    shape = np.shape(y_score)
    if len(shape) > 2 or shape[1:] not in ((), (1,)):
        raise ValueError(
            "delong_test expects one score a row, because the columns of a row are not independent; test them one by "
            f"one. Received: scores of shape {shape}"
        )
    return rows.validated(y_true, y_score, sample_weight, metric="delong_test")


def _placements(labels: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The placement of each row: the share of the other class that it is ranked correctly against."""
    distinct, rank = np.unique(scores, return_inverse=True)
    rank = rank.ravel()  # NumPy 2.0 gave it the shape of the scores.
    positive, negative = (np.bincount(rank[side], weights[side], len(distinct)) for side in (labels, ~labels))
    beaten: np.ndarray = (np.cumsum(negative) - negative / 2) / negative.sum()
    beating: np.ndarray = 1 - (np.cumsum(positive) - positive / 2) / positive.sum()
    return np.where(labels, beaten[rank], beating[rank])


def _variance_of_mean(values: np.ndarray, counts: np.ndarray, total: float) -> float:
    """Variance of the mean of `total` rows, of which `counts` have each of the values."""
    mean = np.dot(values, counts) / total
    return float(np.dot((values - mean) ** 2, counts) / (total - 1) / total)


def _undefined(reason: str, auc_a: float, auc_b: float) -> DelongResult:
    warnings.warn(f"delong_test gives NaN: {reason}.", RuntimeWarning, stacklevel=3)
    return DelongResult(np.nan, np.nan, auc_a, auc_b, auc_a - auc_b, np.nan, np.nan)
