"""Find the buckets whose rows all have one score. These rows tie, so their order does not matter.

The state is that score for each bucket, float64 of shape (buckets,). It is NaN if the bucket has no rows, or rows of
several scores.
"""

from __future__ import annotations

import numpy as np

# Rows in the first look. Each further look takes four times as many: by then most buckets have shown two scores, and
# are skipped.
_FIRST = 1024


def find(buckets: np.ndarray, scores: np.ndarray, only: np.ndarray, several: np.ndarray) -> None:
    """Add the scores of rows to `only`, and mark in `several` the buckets with more than one score.

    Args:
        buckets: int, of shape (rows,): the bucket of each row.
        scores: of the rows, without NaN.
        only: the state, changed in place.
        several: bool of shape (buckets,), changed in place. Rows of marked buckets are skipped.

    >>> only, several = np.full(3, np.nan), np.zeros(3, bool)
    >>> find(np.array([0, 0, 1, 1]), np.array([0.1, 0.1, 0.4, 0.5]), only, several)
    >>> only.tolist(), several.tolist()
    ([0.1, nan, nan], [False, True, False])
    """
    start, size = 0, _FIRST
    while start < len(buckets):
        _look(buckets[start : start + size], scores[start : start + size], only, several)
        start, size = start + size, 4 * size


def _look(buckets: np.ndarray, scores: np.ndarray, only: np.ndarray, several: np.ndarray) -> None:
    open_rows = np.flatnonzero(~several.take(buckets))
    if len(open_rows) < len(buckets):
        buckets, scores = buckets[open_rows], scores[open_rows]
    # From 2**53 on, different integers may be one float. Infinity is left out, too: JSON has none.
    rows = np.flatnonzero((only.take(buckets) != scores) | (np.abs(scores) >= 2.0**53))
    buckets, scores = buckets[rows], scores[rows].astype(np.float64)
    new = np.isnan(only[buckets])
    only[buckets[new]] = scores[new]
    others = buckets[(only[buckets] != scores) | (np.abs(scores) >= 2.0**53)]
    only[others], several[others] = np.nan, True


def merged(only: np.ndarray, used: np.ndarray, other_only: np.ndarray, other_used: np.ndarray) -> np.ndarray:
    """The state for the rows of both. `used` and `other_used` say which buckets have rows."""
    both = np.where(only == other_only, only, np.nan)
    return np.where(other_used, np.where(used, both, other_only), only)
