"""Which buckets have rows of one score only. These rows tie, so nothing about their order is unknown.

The state is the score of each bucket, float64 of shape (buckets,): NaN where it has no rows, or rows of several scores.
"""

from __future__ import annotations

import numpy as np

# Rows to look at first, and then four times as many: by then most buckets have shown two scores, and need no look.
_FIRST = 1024


def find(place: np.ndarray, scores: np.ndarray, only: np.ndarray, several: np.ndarray) -> None:
    """Write the scores of rows into `only`, and into `several` which buckets have more than one.

    Args:
        place: int, of shape (rows,): the bucket of each row.
        scores: of the rows, without NaN.
        only: the state, changed in place.
        several: bool of shape (buckets,), changed in place: rows of these buckets are not looked at.

    >>> only, several = np.full(3, np.nan), np.zeros(3, bool)
    >>> find(np.array([0, 0, 1, 1]), np.array([0.1, 0.1, 0.4, 0.5]), only, several)
    >>> only.tolist(), several.tolist()
    ([0.1, nan, nan], [False, True, False])
    """
    start, size = 0, _FIRST
    while start < len(place):
        _look(place[start : start + size], scores[start : start + size], only, several)
        start, size = start + size, 4 * size


def _look(place: np.ndarray, scores: np.ndarray, only: np.ndarray, several: np.ndarray) -> None:
    open_rows = np.flatnonzero(~several.take(place))
    if len(open_rows) < len(place):
        place, scores = place[open_rows], scores[open_rows]
    # From 2**53 on, integers that differ may have become one float. Infinity is left out, too: JSON has none.
    rows = np.flatnonzero((only.take(place) != scores) | (np.abs(scores) >= 2.0**53))
    place, scores = place[rows], scores[rows].astype(np.float64)
    new = np.isnan(only[place])
    only[place[new]] = scores[new]
    others = place[(only[place] != scores) | (np.abs(scores) >= 2.0**53)]
    only[others], several[others] = np.nan, True


def merged(only: np.ndarray, used: np.ndarray, other_only: np.ndarray, other_used: np.ndarray) -> np.ndarray:
    """The state of the rows of both; `used` says which buckets have rows."""
    both = np.where(only == other_only, only, np.nan)
    return np.where(other_used, np.where(used, both, other_only), only)
