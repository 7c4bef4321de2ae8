"""Logits of several columns, in NumPy: their softmax, and the warning where it is missing."""

from __future__ import annotations

from typing import Any

import numpy as np

# How far probabilities may be outside of [0, 1] by rounding.
OFF = 0.01
CURE = (
    'Scores of a softmax need from_logits="softmax". Without it, each column is ranked by itself, which gives another '
    'AUC. If columns stand for themselves, write from_logits="sigmoid".'
)


def activated(scores: np.ndarray, from_logits: bool | str) -> np.ndarray:
    """Probabilities of logits, float64; with False the scores as they are.

    >>> activated(np.array([[0.0, 0.0]]), "softmax").tolist(), activated(np.array([0.0]), "sigmoid").tolist()
    ([[0.5, 0.5]], [0.5])
    """
    if not from_logits:
        return scores
    scores = scores.astype(np.float64)
    # Logits may be infinite, or NaN where they do not count.
    with np.errstate(over="ignore", invalid="ignore"):
        if from_logits != "softmax":
            return 1 / (1 + np.exp(-scores))
        powers = np.exp(scores - scores.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)


def lacks_softmax(positive: np.ndarray, scores: np.ndarray, kept: Any) -> bool:
    """Whether scores are logits of several columns, and each row has exactly one label of 1.

    Args:
        positive: bool, of the shape of the scores.
        scores: the scores as they came.
        kept: bool of this shape, or of none: what counts.

    >>> lacks_softmax(np.eye(2) == 1, np.array([[3.0, 1.0], [2.0, 4.0]]), True)
    True
    """
    if scores.ndim < 2 or scores.shape[-1] < 2:
        return False
    rows = np.broadcast_to(kept, scores.shape).all(-1)
    if not rows.any() or np.any(np.count_nonzero(positive[rows], -1) != 1):
        return False
    return bool(np.any((scores[rows] < -OFF) | (scores[rows] > 1 + OFF)))


def without_softmax(what: str, columns: int) -> str:
    """The warning about it. `what` is who counted the logits."""
    return f"{what} logits of {columns} columns, one label of 1 in each row. {CURE}"
