"""The exact AUC of each label, by scikit-learn, and the averages over labels."""

from typing import Optional, Tuple

import numpy as np

AVERAGES = ("macro", "micro", "weighted", None)


def label_areas(labels: np.ndarray, scores: np.ndarray, weights: Optional[np.ndarray] = None) -> np.ndarray:
    """The AUC of each column, shape (columns,); NaN for a column with one class only.

    Args:
        labels: 0 or 1, shape (rows, columns).
        scores: any real numbers, of the same shape.
        weights: one for each row, or None.

    >>> label_areas(np.array([[0, 1], [1, 1]]), np.array([[0.2, 0.3], [0.7, 0.9]])).tolist()
    [1.0, nan]
    """
    from sklearn.metrics import roc_auc_score

    both = [0 < np.count_nonzero(column) < len(column) for column in labels.T]
    return np.array(
        [
            roc_auc_score(labels[:, i], scores[:, i], sample_weight=weights) if both[i] else np.nan
            for i in range(len(both))
        ]
    )


def average(areas: np.ndarray, labels: np.ndarray, weights: Optional[np.ndarray], kind: str) -> float:
    """The "macro" mean of the areas, or the mean "weighted" by positives, of the labels that have both classes."""
    defined = ~np.isnan(areas)
    if not defined.any():
        return float("nan")
    positives = labels.sum(0) if weights is None else weights @ labels
    return float(np.average(areas[defined], weights=positives[defined] if kind == "weighted" else None))


def flat(
    labels: np.ndarray, scores: np.ndarray, weights: Optional[np.ndarray]
) -> Tuple[np.ndarray, np.ndarray, Optional[np.ndarray]]:
    """All columns as one, for the "micro" average."""
    weights = None if weights is None else np.repeat(weights, labels.shape[1])
    return labels.reshape(-1, 1), scores.reshape(-1, 1), weights
