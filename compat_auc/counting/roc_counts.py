"""RocCounts: the ROC curve of any number of rows in fixed memory, mergeable, with its own error bar.

`buckets` says which bucket a score falls into. `roc` and `precision` compute what follows from the counts.
"""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from compat_auc.counting import interval, operating_point, precision, roc, rows, serialization, ties
from compat_auc.counting.buckets import DEFAULT_RESOLUTION, bucket, edges, ladder

# Rows put into buckets at a time, so that temporary arrays fit a processor's cache and take constant memory.
_CHUNK = 1 << 16


class RocCounts:
    """The weight of the positives and of the negatives in each of a fixed set of rank buckets.

    Scores are any real numbers, float16 to float64: probabilities, logits, margins. -inf and inf are the lowest and
    highest. Memory does not grow with the rows. It is 24 bytes a bucket, and `resolution` sets the number of buckets:

    ========== ======= ======= ===========================================
    resolution buckets memory  width of `bounds()`, uniform scores, no skill
    ========== ======= ======= ===========================================
    4          1,856   45 kB   0.0104
    7          11,516  276 kB  0.0013 (the default)
    10         91,070  2.2 MB  0.00016
    12         364,262 8.7 MB  0.00004
    ========== ======= ======= ===========================================

    If all rows of a bucket have one score, they are known to tie. So scores with few values, rounded or from a tree,
    have exact areas, and bounds of no width. (The counts of a `RankAUC` do not know it, because it keeps no scores.)
    Scores that lie close together far from 0, such as logits around -100, share few buckets. Shift them before you add
    them: ``scores + 100``. The width of the bounds then falls from 0.11 to 0.0004.

    Counts of whole weights (or none) are exact up to 2**53, whatever the batches and the order of merging. Other
    weights are summed in float64: two orders agree to within rounding, n * 2**-53 of a bucket's n rows.

    >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> counts.auc()
    0.75
    >>> low, high = counts.bounds()
    >>> low <= 0.75 <= high
    True
    """

    def __init__(self, resolution: int = DEFAULT_RESOLUTION) -> None:
        """Make empty counts.

        Args:
            resolution: 0 to 12; up to 2**resolution buckets for each doubling of the score.

        Raises:
            ValueError: for another resolution.
        """
        size = ladder(resolution).size
        self.resolution: int = int(resolution)
        self.positive: np.ndarray = np.zeros(size)
        self.negative: np.ndarray = np.zeros(size)
        # The `precision.common_unit` of the weights of the positives.
        self._unit = np.inf
        # The score that all rows of a bucket share; see `ties`.
        self._only = np.full(size, np.nan)
        # Whether all rows were added as float32 or narrower; see `threshold`.
        self._float32 = True
        self._lock = threading.Lock()

    def add(
        self,
        y_true: Any,
        y_score: Any,
        sample_weight: Any = None,
        ignore_class: Any = None,
        from_logits: bool | str = False,
        lower_is_positive: bool = False,
    ) -> RocCounts:
        """Count rows, and return self. Several threads may add to the same counts.

        Args:
            y_true: labels, 0 or 1, of any shape and dtype. Columns are flattened. Class numbers, of shape (rows,) or
                (rows, 1) beside the columns of a softmax, count as one-hot labels.
            y_score: real scores, one for each label.
            sample_weight: None, or weights of 0 or more: one in all, one for each row (the first axis), or one for each
                score. Where the weight is 0, the label and score are ignored, NaN included.
            ignore_class: labels of this value, such as -1 or NaN, are ignored, and so are their scores.
            from_logits: "softmax" if the scores are logits of a softmax over the last axis; then its probabilities are
                counted. The other values count the scores as they are. "sigmoid" says that this is meant, and there is
                no warning about a softmax.
            lower_is_positive: whether small scores mean positive, as distances do. Each score counts as ``-score``.

        Raises:
            ValueError: if shapes do not fit, a label is neither 0 nor 1, a score is NaN or complex, a weight is
                negative or not finite. Nothing is counted then.

        >>> RocCounts().add([0, 1, -1], [0.1, 0.8, float("nan")], ignore_class=-1)
        RocCounts(resolution=7: 1 positive, 1 negative, AUC 1.000000)
        """
        labels, scores, weights = rows.validated(
            y_true, y_score, sample_weight, ignore_class, from_logits=from_logits, lower_is_positive=lower_is_positive
        )
        size = len(self.positive)
        added, only, several = np.zeros(2 * size), np.full(size, np.nan), self._used() & ~self._tied()
        for start in range(0, len(labels), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            buckets = bucket(scores[chunk], self.resolution)
            ties.find(buckets, scores[chunk], only, several)
            added += np.bincount(
                buckets + size * labels[chunk], None if weights is None else weights[chunk], minlength=2 * size
            )
        unit = 1.0 if labels.any() else np.inf
        if weights is not None:
            unit = precision.common_unit(weights[labels])
        self._accumulate(added[size:], added[:size], unit, only, len(scores) == 0 or scores.dtype == np.float32)
        return self

    def _accumulate(
        self, positive: np.ndarray, negative: np.ndarray, unit: float, only: np.ndarray, float32: bool
    ) -> None:
        with self._lock, np.errstate(over="ignore"):
            used, other_used = self._used(), (positive > 0) | (negative > 0)
            positive, negative = self.positive + positive, self.negative + negative
            if not np.isfinite(positive.sum() + negative.sum()):
                raise ValueError("the weights add up to more than a float64 holds; divide them by a constant")
            self.positive, self.negative = positive, negative
            self._unit = precision.common_unit(np.array([self._unit, unit]))
            self._only = ties.merged(self._only, used, only, other_used)
            self._float32 = self._float32 and float32

    def _used(self) -> np.ndarray:
        return (self.positive > 0) | (self.negative > 0)

    def _tied(self) -> np.ndarray:
        return ~np.isnan(self._only)

    @classmethod
    def from_counts(
        cls, positive: Any, negative: Any, resolution: int = DEFAULT_RESOLUTION, unit: float | None = None
    ) -> RocCounts:
        """Make counts of two vectors that were counted elsewhere, such as `RocCounts.positive` and `negative`.

        Args:
            positive: the weight of the positives in each bucket, by ascending score. Shape (buckets,), any real dtype.
                `compat_auc.counting.buckets.bucket` says which bucket a score is in.
            negative: the same for the negatives.
            resolution: that of the buckets.
            unit: the weight of every positive row is a multiple of it; 0 fits weights of any kind. The average
                precision and its bounds use it. None means 1 if all of `positive` are whole numbers, else 0.

        Raises:
            ValueError: for another number of buckets, negative counts or NaN, and a negative unit.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> RocCounts.from_counts(counts.positive, counts.negative) == counts
        True
        """
        counts = cls(resolution)
        positive, negative = np.asarray(positive, np.float64), np.asarray(negative, np.float64)
        expected = counts.positive.shape
        if positive.shape != expected or negative.shape != expected:
            raise ValueError(
                f"positive and negative must have the {expected[0]} buckets of resolution {resolution}. Received: "
                f"positive of shape {positive.shape}, negative of shape {negative.shape}"
            )
        if not (np.all(positive >= 0) and np.all(negative >= 0)):
            raise ValueError("counts must be 0 or more; NaN counts come from NaN scores or wrong labels")
        if unit is None:
            unit = float(roc.is_whole(positive))
        elif not 0 <= unit < np.inf:
            raise ValueError(f"unit must be None, 0 or a weight above 0. Received: {unit!r}")
        counts._accumulate(positive, negative, unit if positive.any() else np.inf, counts._only, True)
        return counts

    def merge(self, other: RocCounts) -> RocCounts:
        """Add the counts of `other` to these, and return self. `other` stays as it is.

        ``a + b`` and ``sum([a, b])`` give new counts.

        Raises:
            ValueError: if the resolutions differ.
            TypeError: if `other` is no `RocCounts`.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> counts.copy().merge(counts)
        RocCounts(resolution=7: 4 positive, 4 negative, AUC 0.750000)
        """
        if not isinstance(other, RocCounts):
            raise TypeError(f"only RocCounts merge with RocCounts. Received: {type(other).__name__}")
        if other.resolution != self.resolution:
            fine = max(self.resolution, other.resolution)
            coarse = min(self.resolution, other.resolution)
            raise ValueError(
                f"counts of resolution {self.resolution} and {other.resolution} do not merge; "
                f"bring those of resolution {fine} down with .coarsen({coarse}) first"
            )
        with other._lock:
            added = other.positive, other.negative, other._unit, other._only, other._float32
        self._accumulate(*added)
        return self

    def copy(self) -> RocCounts:
        """A copy that does not change with these counts."""
        return RocCounts(self.resolution).merge(self)

    def coarsen(self, resolution: int) -> RocCounts:
        """The exact counts of the same rows at a lower resolution, whose buckets are unions of these buckets.

        Raises:
            ValueError: for a higher resolution.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> counts.coarsen(4)
        RocCounts(resolution=4: 2 positive, 2 negative, AUC 0.750000)
        """
        if resolution > self.resolution:
            raise ValueError(
                f"coarsen expects a resolution of at most {self.resolution}, that of the counts. Received: {resolution}"
            )
        coarse = RocCounts(resolution)
        buckets = bucket(edges(self.resolution), resolution)  # The coarse bucket of each bucket.
        size = len(coarse.positive)
        used = self._used()
        only, several = np.full(size, np.nan), np.zeros(size, bool)
        several[buckets[used & ~self._tied()]] = True
        tied = np.flatnonzero(self._tied())
        ties.find(buckets[tied], self._only[tied], only, several)
        positive, negative = (np.bincount(buckets, old, minlength=size) for old in (self.positive, self.negative))
        coarse._accumulate(positive, negative, self._unit, only, self._float32)
        return coarse

    def __add__(self, other: RocCounts) -> RocCounts:
        if not isinstance(other, RocCounts):
            return NotImplemented
        return self.copy().merge(other)

    def __radd__(self, other: object) -> RocCounts:
        # sum() starts from 0.
        return self.copy() if type(other) is int and other == 0 else NotImplemented

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RocCounts):
            return NotImplemented
        return (
            self.resolution == other.resolution
            and np.array_equal(self.positive, other.positive)
            and np.array_equal(self.negative, other.negative)
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # A pickle holds only the buckets in use.
        return RocCounts.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        return (
            f"RocCounts(resolution={self.resolution}: {self.positive.sum():.15g} positive, "
            f"{self.negative.sum():.15g} negative, AUC {self.auc():.6f})"
        )

    def auc(self, max_fpr: float | None = None) -> float:
        """Area under the ROC curve, where ties and pairs within a bucket count one half.

        Args:
            max_fpr: only the area up to this false positive rate, above 0 and at most 1. It is standardized to 0.5 for
                a random guess and 1 for the best (McClish 1989), as in ``sklearn.metrics.roc_auc_score``.

        Returns:
            A float from 0 to 1; NaN if a class is missing.

        Raises:
            ValueError: for a `max_fpr` outside its range.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> counts.auc(), round(counts.auc(max_fpr=0.5), 4)
        (0.75, 0.6667)
        """
        return roc.area(self.positive, self.negative, max_fpr)[1]

    def bounds(self, max_fpr: float | None = None) -> tuple[float, float]:
        """Lowest and highest AUC that these counts allow. The exact AUC of the rows always lies within.

        Two scores in different buckets are in order, so only pairs within a bucket are unknown, and not even these if
        the bucket has one score only. The bounds are widened by the rounding error.

        Args:
            max_fpr: as in `auc`.

        Returns:
            Two floats from 0 to 1; (nan, nan) if a class is missing.
        """
        low, _, high = roc.area(self.positive, self.negative, max_fpr, self._tied())
        return low, high

    def confidence_interval(self, level: float = 0.95) -> tuple[float, float]:
        """Interval for the AUC of the population that the rows were drawn from.

        It is Wilson's interval (1927) of a proportion, for the number of independent pairs that the rows are worth.
        That number comes from the variance of Hanley and McNeil (1982) and of DeLong, DeLong and Clarke-Pearson (1988).
        `compat_auc.counting.interval` has the formulas. In simulations of 1 to 1000 positives and eight shapes of
        scores, the 95 % interval held the AUC in 98 % of the samples on average, and in 92 % in the worst case. The
        interval does not include the width of the buckets, which `bounds` gives.

        A weight says how many rows a row stands for, so doubling the weights narrows the interval. The interval is not
        valid for importance weights, whose scale means nothing.

        Args:
            level: how often intervals of many samples hold the AUC of the population, between 0 and 1.

        Returns:
            The two ends, from 0 to 1; (nan, nan) if a class is missing. With fewer than five rows in a class, a
            `FewRowsWarning` says that the interval rests on an assumption.

        Raises:
            ValueError: for a level that is not between 0 and 1.

        >>> many = RocCounts().add([0, 1] * 50, [0.2, 0.4, 0.6, 0.8] * 25)
        >>> [round(end, 3) for end in many.confidence_interval()]
        [0.631, 0.84]
        """
        ends = interval.confidence_interval(self.positive, self.negative, level)
        interval.warn_of_few_rows(self.positive, self.negative)
        return ends

    def average_precision(self) -> float:
        """Average precision, the area under the precision-recall curve.

        It is scikit-learn's, in steps and without interpolation. It is the expectation over a random order of the rows
        within each bucket, which is exact if all weights are equal. If the positives' weights differ, a row is taken to
        weigh 1 where all are whole numbers, else what the positives of the lightest bucket weigh. That is close for
        many rows.

        Returns:
            A float from 0 to 1; NaN if a class is missing.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> round(counts.average_precision(), 4)
        0.8333
        """
        return precision.average_precision(self.positive, self.negative, self._unit or None, self._tied())

    def average_precision_bounds(self) -> tuple[float, float]:
        """Lowest and highest average precision that these counts allow. scikit-learn's always lies within.

        They hold for any order and any ties within the buckets, and for weights of any kind.

        Returns:
            Two floats from 0 to 1; (nan, nan) if a class is missing.
        """
        return precision.bounds(self.positive, self.negative, self._unit, self._tied())

    def precision_recall_curve(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Precisions, recalls and thresholds, as ``sklearn.metrics.precision_recall_curve`` returns them.

        Each threshold is the lowest score of a bucket, and precision and recall at it (``score >= threshold``) are
        exactly those of the rows.

        Returns:
            Precisions and recalls of shape (thresholds + 1,) and rising thresholds of shape (thresholds,), float64. The
            last precision of 1 and recall of 0 have no threshold. Recall is NaN if there are no positives.
        """
        values, recalls, buckets = precision.curve(self.positive, self.negative)
        return np.r_[values[::-1], 1.0], np.r_[recalls[::-1], 0.0], edges(self.resolution)[buckets[::-1]]

    def roc_curve(self, drop_intermediate: bool = True) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """False positive rates, true positive rates and thresholds, as ``sklearn.metrics.roc_curve`` returns them.

        Each threshold is the lowest score of a bucket, and the rates at it (``score >= threshold``) are exactly those
        of the rows.

        Args:
            drop_intermediate: leave out points on a straight line between others.

        Returns:
            Three float64 vectors of one length. The rates rise, and the thresholds fall from inf. A rate is NaN if its
            class is missing.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> fpr, tpr, thresholds = counts.roc_curve()
        >>> fpr.tolist(), tpr.tolist()
        ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
        """
        fps, tps, buckets = roc.corners(self.positive, self.negative)
        thresholds = np.concatenate([[np.inf], edges(self.resolution)[buckets]])
        if drop_intermediate and len(buckets) > 2:
            bends = (np.diff(fps[1:], 2) != 0) | (np.diff(tps[1:], 2) != 0)
            keep = np.concatenate([[True, True], bends, [True]])
            fps, tps, thresholds = fps[keep], tps[keep], thresholds[keep]
        with np.errstate(invalid="ignore"):
            return fps / fps[-1], tps / tps[-1], thresholds

    def threshold(
        self,
        *,
        fpr: float | None = None,
        recall: float | None = None,
        precision: float | None = None,
        cost: tuple[float, float] | None = None,
    ) -> operating_point.OperatingPoint:
        """Choose a threshold, and say what the rows give at it. Without an argument, Youden's J is highest there.

        Youden's J is the recall less the false positive rate. Of several thresholds that serve as well, it is the
        highest. It is the lowest score of a bucket, and the counts and rates at it are exactly those of the rows. If
        all rows were added as float32 or narrower, it is a float32 number. So a comparison in float32 or float64 gives
        these counts.

        Args:
            fpr: the highest false positive rate. The recall is the highest within it.
            recall: the lowest recall. The false positive rate is the lowest for it.
            precision: the lowest precision. The recall is the highest for it.
            cost: the costs of a false positive and of a false negative. Their sum over the rows is the lowest. If
                positives are rarer or more frequent in use than among these rows, divide their cost accordingly.

        Returns:
            An `OperatingPoint`: threshold, true_positives, false_positives, recall, fpr, precision. The threshold is
            inf if no row is to be called positive (NaN if some of the scores are inf).

        Raises:
            ValueError: for several arguments, a value outside its range, a precision that no threshold has, or rows
                with one class only.

        >>> counts = RocCounts().add([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.25, 0.5, 0.625, 0.75])
        >>> point = counts.threshold(fpr=0.4)
        >>> point.threshold, point.true_positives, point.false_positives, round(point.fpr, 3)
        (0.25, 3.0, 1.0, 0.333)
        """
        fps, tps, buckets = roc.corners(self.positive, self.negative)
        if not (tps[-1] > 0 and fps[-1] > 0):
            raise ValueError(f"threshold expects rows of both classes. Received: {self!r}")
        index = operating_point.choose(fps, tps, fpr, recall, precision, cost)
        called = tps[index] + fps[index]
        return operating_point.OperatingPoint(
            threshold=self._lowest_score(int(buckets[index - 1])) if index else self._above(int(buckets[0])),
            true_positives=float(tps[index]),
            false_positives=float(fps[index]),
            recall=float(tps[index] / tps[-1]),
            fpr=float(fps[index] / fps[-1]),
            precision=float(tps[index] / called) if called else np.nan,
        )

    def _lowest_score(self, bucket_index: int) -> float:
        lowest = edges(self.resolution)[bucket_index]
        if not self._float32:
            return float(lowest)
        with np.errstate(over="ignore", under="ignore"):
            rounded = np.float32(lowest)
        return float(rounded if rounded >= lowest else np.nextafter(rounded, np.float32(np.inf)))

    def _above(self, highest_bucket: int) -> float:
        # inf itself is in the last bucket. No score is at or above NaN.
        return np.nan if highest_bucket == len(self.positive) - 1 else np.inf

    def plot(self, ax: Any = None, name: str = "ROC", level: float = 0.95, **options: Any) -> Any:
        """Draw the curve and the line of a random guess. The legend has the AUC and its confidence interval.

        Args:
            ax: matplotlib axes; None makes a new figure.
            name: what the legend calls the curve.
            level: that of the interval.
            **options: those of ``RocCurveDisplay.plot`` of your scikit-learn.

        Returns:
            A ``sklearn.metrics.RocCurveDisplay``.

        Raises:
            ImportError: without matplotlib (the extra ``plot``).
        """
        from sklearn.metrics import RocCurveDisplay

        low, high = self.confidence_interval(level)
        fpr, tpr, _ = self.roc_curve()
        area = self.auc()
        display = RocCurveDisplay(fpr=fpr, tpr=tpr, roc_auc=area).plot(ax=ax, name=name, **options)
        display.line_.set_label(f"{name}: AUC {area:.3f}, {level:.0%} interval {low:.3f} to {high:.3f}")
        display.ax_.plot([0, 1], [0, 1], color="0.8", linestyle="--", zorder=0)
        display.ax_.legend(loc="lower right", fontsize="small")
        return display

    def to_dict(self) -> dict[str, Any]:
        """A dict for ``json.dumps``, with the buckets in use only. `from_dict` gives the same counts back.

        >>> counts = RocCounts().add([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
        >>> RocCounts.from_dict(counts.to_dict()) == counts
        True
        """
        return serialization.written(
            self.positive, self.negative, self.resolution, self._unit, self._only, self._float32
        )

    @classmethod
    def from_dict(cls, saved_counts: dict[str, Any]) -> RocCounts:
        """Make counts of a dict that `to_dict` made.

        Raises:
            ValueError: for anything else, and for a format version that this release does not know.
        """
        saved = serialization.read(saved_counts)
        counts = cls.from_counts(saved.positive, saved.negative, saved.resolution, saved.unit)
        counts._only, counts._float32 = saved.only, saved.float32
        return counts
