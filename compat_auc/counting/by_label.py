"""The exact area of each label, by scikit-learn, and the averages over labels."""

from __future__ import annotations

from functools import partial
from typing import Iterable

import numpy as np

AVERAGES = ("macro", "micro", "weighted", None)
# This value marks a label that is ignored.
LEFT_OUT = -1


def label_areas(
    labels: np.ndarray,
    scores: np.ndarray,
    weights: np.ndarray | None = None,
    curve: str = "ROC",
    max_fpr: float | None = None,
) -> np.ndarray:
    """The ROC AUC or the average precision of each column, shape (columns,); NaN for a column with one class only.

    Args:
        labels: 0, 1, or `LEFT_OUT`, shape (rows, columns).
        scores: real numbers, of the same shape. Where the label is `LEFT_OUT`, any value.
        weights: of the same shape, or None.
        curve: "ROC" or "PR".
        max_fpr: for "ROC", only the area up to this false positive rate, as in scikit-learn.

    >>> label_areas(np.array([[0, 1], [1, 1], [-1, -1]]), np.array([[0.2, 0.3], [0.7, 0.9], [0, 0]])).tolist()
    [1.0, nan]
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    area = {"ROC": partial(roc_auc_score, max_fpr=max_fpr), "PR": average_precision_score}[curve]
    areas: list[float] = []
    for column in range(labels.shape[1]):
        kept = labels[:, column] != LEFT_OUT
        truth, of_column = labels[kept, column], scores[kept, column]
        counted = None if weights is None else weights[kept, column]
        both = 0 < np.count_nonzero(truth) < len(truth)
        areas.append(area(truth, of_column, sample_weight=counted) if both else np.nan)
    return np.array(areas)


def mean(areas: np.ndarray, labels: np.ndarray, weights: np.ndarray | None, average: str) -> float:
    """The mean of the areas ("macro"), or the mean weighted by positives ("weighted"). NaN areas are left out."""
    defined = ~np.isnan(areas)
    if not defined.any():
        return float("nan")
    positives = np.sum(labels == 1, 0) if weights is None else np.sum(weights * (labels == 1), 0)
    return float(np.average(areas[defined], weights=positives[defined] if average == "weighted" else None))


def flat(
    labels: np.ndarray, scores: np.ndarray, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Labels, scores and weights with all columns as one, for the "micro" average."""
    return labels.reshape(-1, 1), scores.reshape(-1, 1), None if weights is None else weights.reshape(-1, 1)


def left_out(positives: Iterable[float], negatives: Iterable[float]) -> dict[int, str]:
    """The labels that a mean leaves out, by their column, with the class that is missing.

    >>> left_out([5, 0, 0], [2, 3, 0])
    {1: 'no positive', 2: 'no positive and no negative'}
    """
    lacks: dict[int, str] = {}
    for label, (positive, negative) in enumerate(zip(positives, negatives)):
        missing = [name for name, weight in (("positive", positive), ("negative", negative)) if not weight]
        if missing:
            lacks[label] = "no " + " and no ".join(missing)
    return lacks
