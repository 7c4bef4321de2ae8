"""Write counts as a dict for JSON, and read them back with strict checks."""

from __future__ import annotations

from typing import Any, List, NamedTuple, Tuple, Union

import numpy as np

from compat_auc.counting.buckets import LARGEST_MIRRORED, bucket, ladder

_FORMAT = "compat_auc.RocCounts"
# Version 1 (compat_auc up to 1.1) put a score above LARGEST_MIRRORED into one of two buckets, depending on its dtype.
_FORMAT_VERSION = 2

# The types of an array from JSON.
_JsonArray = Union[List[Any], Tuple[Any, ...]]


class Saved(NamedTuple):
    """What `read` finds in a dict: the arguments of `RocCounts.from_counts`, and more of its state."""

    positive: np.ndarray
    negative: np.ndarray
    resolution: int
    unit: float | None
    only: np.ndarray
    float32: bool


def written(
    positive: np.ndarray, negative: np.ndarray, resolution: int, unit: float, only: np.ndarray, float32: bool
) -> dict[str, Any]:
    """A dict of lists and numbers, with the buckets in use only."""
    used = np.flatnonzero((positive > 0) | (negative > 0))
    return {
        "format": _FORMAT,
        "version": _FORMAT_VERSION,
        "resolution": resolution,
        "unit": unit if unit < np.inf else None,
        "bucket": used.tolist(),
        "positive": positive[used].tolist(),
        "negative": negative[used].tolist(),
        # JSON has neither NaN nor infinity.
        "score": [score if np.isfinite(score) else None for score in only[used].tolist()],
        "float32": float32,
    }


def read(saved: dict[str, Any]) -> Saved:
    """Read a dict that `written` made.

    Raises:
        ValueError: for anything else, and for another format version.
    """
    if not isinstance(saved, dict) or saved.get("format") != _FORMAT:
        name = saved.get("format") if isinstance(saved, dict) else saved
        raise ValueError(
            f"from_dict expects a dict of RocCounts.to_dict(), whose format is {_FORMAT!r}. Received: {name!r:.100}"
        )
    missing = {"version", "resolution", "bucket", "positive", "negative"} - set(saved)
    if missing:
        raise ValueError(
            f"from_dict expects a dict of RocCounts.to_dict(), with all its keys. Missing: {sorted(missing)}"
        )
    if saved["version"] not in (1, _FORMAT_VERSION):
        raise ValueError(
            f"counts were saved in format version {saved['version']}, this compat_auc reads versions 1 and "
            f"{_FORMAT_VERSION}; read them with the compat_auc that wrote them, or a later one"
        )
    resolution, unit = saved["resolution"], saved.get("unit")
    if type(resolution) is not int:
        raise ValueError(f"resolution must be an integer. Received: {resolution!r}")
    if unit is not None:
        (unit,) = _numbers("unit", [unit])
    size = ladder(resolution).size
    used = _buckets(saved["bucket"], size)
    if saved["version"] == 1 and any(bucket(LARGEST_MIRRORED, resolution) <= index < size - 1 for index in used):
        raise ValueError(
            "counts were saved by compat_auc 1.1 or earlier, with scores of about 2**23 or more, whose buckets "
            "depended on their dtype; count the rows again"
        )
    positive, negative = np.zeros(size), np.zeros(size)
    for name, counts in (("positive", positive), ("negative", negative)):
        values = _numbers(name, saved[name])
        if len(values) != len(used):
            raise ValueError("bucket, positive and negative must have the same length")
        counts[used] = values
    float32 = saved.get("float32", True)
    if type(float32) is not bool:
        raise ValueError(f"float32 must be true or false. Received: {float32!r:.100}")
    return Saved(positive, negative, resolution, unit, _only(saved.get("score"), used, resolution), float32)


def _only(values: _JsonArray | None, used: list[int], resolution: int) -> np.ndarray:
    only = np.full(ladder(resolution).size, np.nan)
    if values is None:  # Saved by an earlier version of this package.
        return only
    right = isinstance(values, (list, tuple)) and len(values) == len(used)
    for index, score in zip(used, values if right else ()):
        if score is not None:
            right = right and type(score) in (int, float) and np.isfinite(score) and bucket(score, resolution) == index
            only[index] = score if right else np.nan
    if not right:
        raise ValueError(f"score must have a score of each bucket, or None. Received: {values!r:.100}")
    return only


def _buckets(values: _JsonArray, size: int) -> list[int]:
    if not isinstance(values, (list, tuple)) or not all(type(value) is int for value in values):
        raise ValueError(f"bucket must be a list of integers. Received: {values!r:.100}")
    if not all(low < high for low, high in zip([-1, *values], [*values, size])):
        raise ValueError(f"buckets must be 0 to {size - 1}, each once and in order. Received: {values!r:.100}")
    return list(values)


def _numbers(name: str, values: Any) -> list[float]:
    try:
        if not all(type(value) in (int, float) and value >= 0 for value in values):
            raise TypeError
        return [float(value) for value in values]
    except (TypeError, OverflowError):
        raise ValueError(f"{name} must be numbers of 0 or more. Received: {values!r:.100}") from None
