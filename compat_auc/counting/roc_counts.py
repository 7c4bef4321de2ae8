"""RocCounts: the ROC curve of any number of rows in fixed memory, mergeable, with its own error bar.

NumPy only. Which bucket a score falls into is `ladder`'s business, what follows from the counts is `roc`'s.
"""

from typing import Any, Dict, Optional, Tuple

import numpy as np

from compat_auc.counting import roc
from compat_auc.counting.buckets import DEFAULT_RESOLUTION, as_scores, bucket, edges, ladder

_FORMAT_VERSION = 1
# Rows put into buckets at a time: their temporaries stay in a processor's cache, and in constant memory.
_CHUNK = 1 << 16


class RocCounts:
    """Weight of the positives and of the negatives in each bucket of a fixed ladder over the score.

    Scores are any real numbers: probabilities, logits, margins; float16 to float64; -inf and inf are the
    lowest and highest. Memory does not grow with the rows. It is 16 bytes a bucket; `resolution` says how
    many buckets:

    ========== ======= ======= ===========================================
    resolution buckets memory  width of `bounds()`, uniform scores, no skill
    ========== ======= ======= ===========================================
    4          1,856   29 kB   0.0103
    7          11,516  180 kB  0.0013 (the default)
    10         91,070  1.4 MB  0.00016
    12         364,262 5.6 MB  0.00004
    ========== ======= ======= ===========================================

    Counts of whole weights (or none) are exact up to 2**53, whatever the batches and the order of merging.
    Other weights are summed in float64: two orders agree to within rounding, n * 2**-53 of a bucket's n rows.

    >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> counts.auc()
    0.75
    >>> low, high = counts.bounds()
    >>> low <= 0.75 <= high
    True
    """

    def __init__(self, resolution: int = DEFAULT_RESOLUTION) -> None:
        """resolution: up to 2**resolution buckets for each doubling of the score, 0 to 12."""
        size = ladder(resolution).size
        self.resolution: int = int(resolution)
        self.positive: np.ndarray = np.zeros(size)
        self.negative: np.ndarray = np.zeros(size)

    def add(self, y_true: Any, y_score: Any, sample_weight: Any = None) -> "RocCounts":
        """Count rows, and return self.

        y_true: labels, 0 or 1 (or booleans), any shape. y_score: real scores of the same shape.
        sample_weight: None, or weights of 0 or more of that shape, or one for each row (the first axis).
        ValueError: shapes differ, a label is neither 0 nor 1, a score is NaN, a weight is negative or not
        finite. Nothing is counted then.
        """
        labels, scores, weights = _checked(y_true, y_score, sample_weight)
        size = len(self.positive)
        added = np.zeros(2 * size)
        for start in range(0, len(labels), _CHUNK):
            rows = slice(start, start + _CHUNK)
            place = bucket(scores[rows], self.resolution) + size * labels[rows]
            chunk_weights = None if weights is None else weights[rows]
            added += np.bincount(place, chunk_weights, minlength=2 * size)
        self._accumulate(positive=added[size:], negative=added[:size])
        return self

    def _accumulate(self, positive: np.ndarray, negative: np.ndarray) -> None:
        with np.errstate(over="ignore"):
            positive, negative = self.positive + positive, self.negative + negative
            finite = np.isfinite(positive.sum() + negative.sum())
        if not finite:
            raise ValueError("the weights add up to more than a float64 holds; divide them by a constant")
        self.positive, self.negative = positive, negative

    @classmethod
    def from_counts(cls, positive: Any, negative: Any, resolution: int = DEFAULT_RESOLUTION) -> "RocCounts":
        """Counts from two vectors of shape (ladder(resolution).size,) that were counted elsewhere."""
        counts = cls(resolution)
        positive, negative = np.asarray(positive, np.float64), np.asarray(negative, np.float64)
        expected = counts.positive.shape
        if positive.shape != expected or negative.shape != expected:
            raise ValueError(
                f"resolution {resolution} has {expected[0]} buckets, got positive of shape {positive.shape} "
                f"and negative of shape {negative.shape}"
            )
        if not (np.all(positive >= 0) and np.all(negative >= 0)):
            raise ValueError("counts must be 0 or more; NaN counts come from NaN scores or wrong labels")
        counts._accumulate(positive, negative)
        return counts

    def merge(self, other: "RocCounts") -> "RocCounts":
        """Add the counts of `other` to these, and return self. ValueError where the resolutions differ."""
        if not isinstance(other, RocCounts):
            raise TypeError(f"only RocCounts merge with RocCounts, got {type(other).__name__}")
        if other.resolution != self.resolution:
            fine = max(self.resolution, other.resolution)
            coarse = min(self.resolution, other.resolution)
            raise ValueError(
                f"counts of resolution {self.resolution} and {other.resolution} do not merge; "
                f"bring those of resolution {fine} down with .coarsen({coarse}) first"
            )
        self._accumulate(other.positive, other.negative)
        return self

    def copy(self) -> "RocCounts":
        """Equal counts that do not change with these."""
        return RocCounts(self.resolution).merge(self)

    def coarsen(self, resolution: int) -> "RocCounts":
        """The counts that the same rows give on a lower resolution, exactly: the ladders are nested."""
        if resolution > self.resolution:
            raise ValueError(f"counts of resolution {self.resolution} cannot be made finer, to {resolution}")
        coarse = RocCounts(resolution)
        place = bucket(edges(self.resolution), resolution)
        size = len(coarse.positive)
        coarse._accumulate(
            np.bincount(place, self.positive, minlength=size),
            np.bincount(place, self.negative, minlength=size),
        )
        return coarse

    def __add__(self, other: "RocCounts") -> "RocCounts":
        if not isinstance(other, RocCounts):
            return NotImplemented
        return self.copy().merge(other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RocCounts):
            return NotImplemented
        return (
            self.resolution == other.resolution
            and np.array_equal(self.positive, other.positive)
            and np.array_equal(self.negative, other.negative)
        )

    def __reduce__(self) -> Tuple[Any, ...]:
        # Between processes, and on disk, only the buckets in use.
        return RocCounts.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        return (
            f"RocCounts(resolution={self.resolution}: {self.positive.sum():.15g} positive, "
            f"{self.negative.sum():.15g} negative, AUC {self.auc():.6f})"
        )

    def auc(self, max_fpr: Optional[float] = None) -> float:
        """Area under the ROC curve, ties and rows of one bucket one half; NaN where a class is missing.

        max_fpr: only the area up to this false positive rate, standardized as `sklearn.metrics.roc_auc_score` does.
        """
        return roc.area(self.positive, self.negative, max_fpr)[1]

    def bounds(self, max_fpr: Optional[float] = None) -> Tuple[float, float]:
        """Lowest and highest AUC that these counts allow: the exact AUC of the rows lies within, always.

        Two scores in different buckets are in order, so only pairs within a bucket are unknown. Widened by
        the rounding of the arithmetic. (nan, nan) where a class is missing.
        """
        low, _, high = roc.area(self.positive, self.negative, max_fpr)
        return low, high

    def confidence_interval(self, level: float = 0.95) -> Tuple[float, float]:
        """Interval for the AUC of the population that the rows were drawn from, by DeLong's method.

        Weights are read as how many rows a row stands for: doubling them narrows the interval. For importance
        weights, whose scale means nothing, it is not valid. It leaves out what `bounds()` says, the width of
        the buckets. `roc.delong_interval` names the sources. (nan, nan) where a class has a weight of one or less.
        """
        return roc.delong_interval(self.positive, self.negative, level)

    def roc_curve(self, drop_intermediate: bool = True) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
        """False positive rates, true positive rates, thresholds, as `sklearn.metrics.roc_curve` returns them.

        Thresholds fall from inf; each is the lowest score of a bucket, and the rates at it (``score >=
        threshold``) are those of the rows, without error. drop_intermediate: leave out points on a straight
        line between others. A rate is NaN where its class is missing.
        """
        fps, tps, buckets = roc.corners(self.positive, self.negative)
        thresholds = np.concatenate([[np.inf], edges(self.resolution)[buckets]])
        if drop_intermediate and len(buckets) > 2:
            bends = (np.diff(fps[1:], 2) != 0) | (np.diff(tps[1:], 2) != 0)
            keep = np.concatenate([[True, True], bends, [True]])
            fps, tps, thresholds = fps[keep], tps[keep], thresholds[keep]
        with np.errstate(invalid="ignore"):
            return fps / fps[-1], tps / tps[-1], thresholds

    def plot(self, ax: Any = None, name: str = "ROC", level: float = 0.95) -> Any:
        """Draw the curve with scikit-learn's `RocCurveDisplay`, which is returned; needs the extra `plot`.

        ax: matplotlib axes, a new figure without. The legend gives the AUC and its confidence interval.
        """
        from sklearn.metrics import RocCurveDisplay

        low, high = self.confidence_interval(level)
        fpr, tpr, _ = self.roc_curve()
        display = RocCurveDisplay(fpr=fpr, tpr=tpr, roc_auc=self.auc())
        return display.plot(ax=ax, name=f"{name}, {level:.0%} interval {low:.3f} to {high:.3f}")

    def to_dict(self) -> Dict[str, Any]:
        """A dict for `json.dumps`, with the buckets in use only; `from_dict` gives the same counts back."""
        used = np.flatnonzero((self.positive > 0) | (self.negative > 0))
        return {
            "format": "compat_auc.RocCounts",
            "version": _FORMAT_VERSION,
            "resolution": self.resolution,
            "bucket": used.tolist(),
            "positive": self.positive[used].tolist(),
            "negative": self.negative[used].tolist(),
        }

    @classmethod
    def from_dict(cls, saved: Dict[str, Any]) -> "RocCounts":
        """Counts from what `to_dict` made; ValueError for anything else, or for another format version."""
        if saved.get("format") != "compat_auc.RocCounts":
            raise ValueError(f"not a dict from RocCounts.to_dict(): its format is {saved.get('format')!r}")
        if saved["version"] != _FORMAT_VERSION:
            raise ValueError(
                f"counts were saved in format version {saved['version']}, this compat_auc reads version "
                f"{_FORMAT_VERSION}; read them with the compat_auc that wrote them, or a later one"
            )
        size = ladder(saved["resolution"]).size
        used = np.asarray(saved["bucket"], np.int64)
        if not len(used) == len(saved["positive"]) == len(saved["negative"]):
            raise ValueError("bucket, positive and negative must have the same length")
        if len(used) and not 0 <= used.min() <= used.max() < size:
            raise ValueError(f"buckets must be 0 to {size - 1}, got {used.min()} to {used.max()}")
        positive, negative = np.zeros(size), np.zeros(size)
        positive[used], negative[used] = saved["positive"], saved["negative"]
        return cls.from_counts(positive, negative, saved["resolution"])


def _checked(y_true: Any, y_score: Any, sample_weight: Any) -> Tuple[np.ndarray, np.ndarray, Optional[np.ndarray]]:
    """Boolean labels, float scores and float64 weights, all flat, or a ValueError that says what is wrong."""
    labels, scores = np.asarray(y_true), as_scores(y_score)
    if labels.shape != scores.shape:
        raise ValueError(
            f"labels of shape {labels.shape} and scores of shape {scores.shape}: give one score for each label"
        )
    if labels.dtype != bool:
        known = (labels == 0) | (labels == 1)
        if not np.all(known):
            raise ValueError(f"labels must be 0 or 1, got {np.unique(labels[~known])[:5].tolist()} among them")
        labels = labels == 1
    if np.any(np.isnan(scores)):
        raise ValueError(f"scores must be numbers, got NaN in {np.isnan(scores).sum()} of {scores.size}")
    if sample_weight is None:
        return labels.ravel(), scores.ravel(), None
    return labels.ravel(), scores.ravel(), _checked_weights(sample_weight, scores.shape)


def _checked_weights(sample_weight: Any, shape: Tuple[int, ...]) -> np.ndarray:
    weights = np.asarray(sample_weight, np.float64)
    if weights.shape not in (shape, shape[:1]):
        raise ValueError(
            f"sample_weight of shape {weights.shape} for scores of shape {shape}: "
            f"give one weight for each score or one for each row"
        )
    if not np.all((weights >= 0) & np.isfinite(weights)):
        wrong = weights[~((weights >= 0) & np.isfinite(weights))]
        raise ValueError(f"weights must be finite and 0 or more, got {wrong[:5].tolist()} among them")
    per_row = weights.reshape(weights.shape + (1,) * (len(shape) - weights.ndim))
    return np.broadcast_to(per_row, shape).ravel()
