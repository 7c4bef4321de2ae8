"""Choose a threshold on the ROC curve, and say what the rows give at it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class OperatingPoint(NamedTuple):
    """A threshold, and the rows whose score is at or above it.

    Attributes:
        threshold: call a row positive if ``score >= threshold``. Above all scores, it calls no row positive.
        true_positives: weight of the positives at or above it.
        false_positives: weight of the negatives at or above it.
        recall: the true positives' share of all positives, which is the true positive rate.
        fpr: the false positives' share of all negatives.
        precision: the true positives' share of all rows at or above it; NaN if there are none.
    """

    threshold: float
    true_positives: float
    false_positives: float
    recall: float
    fpr: float
    precision: float


def choose(
    fps: np.ndarray,
    tps: np.ndarray,
    fpr: float | None = None,
    recall: float | None = None,
    precision: float | None = None,
    cost: tuple[float, float] | None = None,
) -> int:
    """The index of a corner of the curve: see `RocCounts.threshold`. Both classes must be there.

    Args:
        fps: false positives at each corner, float64 of shape (corners,), ascending from 0.
        tps: true positives, the same.
        fpr: the highest false positive rate.
        recall: the lowest recall.
        precision: the lowest precision.
        cost: what a false positive costs, and what a missed positive costs.

    Raises:
        ValueError: for more than one aim, or one that is out of its range or out of reach.

    >>> fps, tps = np.array([0.0, 0, 1, 1, 2]), np.array([0.0, 1, 1, 2, 2])
    >>> choose(fps, tps), choose(fps, tps, fpr=0), choose(fps, tps, recall=0.6)
    (1, 1, 3)
    """
    aims = {"fpr": fpr, "recall": recall, "precision": precision, "cost": cost}
    aimed = {name: aim for name, aim in aims.items() if aim is not None}
    if len(aimed) > 1:
        raise ValueError(f"threshold takes one of fpr, recall, precision and cost. Received: {aimed}")
    if fpr is not None:
        _check("fpr", fpr, 0 <= fpr <= 1, "from 0 to 1")
        return _first_best(tps, fps / fps[-1] <= fpr)
    if recall is not None:
        _check("recall", recall, 0 < recall <= 1, "above 0 and at most 1")
        return _first_best(-fps, tps / tps[-1] >= recall)
    if precision is not None:
        _check("precision", precision, 0 < precision <= 1, "above 0 and at most 1")
        precisions = np.r_[0.0, tps[1:] / (fps[1:] + tps[1:])]
        if precisions.max() < precision:
            raise ValueError(
                f"precision must be at most {precisions.max():.6g}, which one threshold has. Received: {precision!r}"
            )
        return _first_best(tps, precisions >= precision)
    if cost is not None:
        of_false_positive, of_false_negative = _costs(cost)
        return int(np.argmin(of_false_positive * fps + of_false_negative * (tps[-1] - tps)))
    return int(np.argmax(tps / tps[-1] - fps / fps[-1]))


def _check(name: str, value: float, accepted: bool, limits: str) -> None:
    if not accepted:
        raise ValueError(f"threshold expects a {name} {limits}, such as 0.1. Received: {value!r}")


def _costs(cost: tuple[float, float]) -> tuple[float, float]:
    try:
        of_false_positive, of_false_negative = (float(value) for value in cost)
    except (TypeError, ValueError):
        of_false_positive = of_false_negative = np.nan
    if not (0 < of_false_positive < np.inf and 0 < of_false_negative < np.inf):
        raise ValueError(
            "threshold expects two numbers above 0 as cost, of a false positive and of a false negative, such as "
            f"(1, 20). Received: {cost!r}"
        )
    return of_false_positive, of_false_negative


def _first_best(values: np.ndarray, accepted: np.ndarray) -> int:
    """The first of the highest values among those accepted. At the first, the fewest rows are called positive."""
    return int(np.argmax(np.where(accepted, values, -np.inf)))
