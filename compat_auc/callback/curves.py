"""Keep the curves of each epoch in bounded memory, and draw them."""

from __future__ import annotations

from typing import Any, NamedTuple, Sequence, Union

import numpy as np

from compat_auc.counting import interval, precision, roc
from compat_auc.counting.by_label import LEFT_OUT
from compat_auc.counting.roc_counts import RocCounts

MAX_POINTS = 201
# For all keys together; a curve takes 1.6 kB.
MAX_CURVES = 4096
MAX_PANELS = 12


class Curve(NamedTuple):
    """One ROC curve.

    Attributes:
        epoch: from 1, as Keras prints it.
        fpr: false positive rates, ascending from 0 to 1: float32 of shape (points,), at most 201.
        tpr: the true positive rate at each of them.
        auc: the area under the whole curve, not only under these points.
        low: the lower end of the AUC's 95 % confidence interval, for other samples of the same population.
        high: the upper end of that interval.
        few_rows: whether a class has fewer than five rows, so that the interval rests on an assumption.
    """

    epoch: int
    fpr: np.ndarray
    tpr: np.ndarray
    auc: float
    low: float
    high: float
    few_rows: bool = False


class PrecisionRecall(NamedTuple):
    """One precision-recall curve.

    Attributes:
        epoch: from 1, as Keras prints it.
        recall: ascending from 0 to 1: float32 of shape (points,), at most 201.
        precision: the precision at each recall; 1 at a recall of 0.
        auc: the average precision of the whole curve, not only of these points.
        share: the share of positives among all rows. A random guess has this precision.
    """

    epoch: int
    recall: np.ndarray
    precision: np.ndarray
    auc: float
    share: float


AnyCurve = Union[Curve, PrecisionRecall]


def curve(
    epoch: int, positive: np.ndarray, negative: np.ndarray, auc: float | None = None, kind: str = "ROC"
) -> AnyCurve | None:
    """Make the curve from the counts of positives and negatives in buckets by ascending score.

    `auc` is the area, if you know it better than from the counts. `kind` is "ROC" or "PR".
    Returns None where a class is missing.
    """
    positive, negative = np.asarray(positive, np.float64), np.asarray(negative, np.float64)
    if not (positive.any() and negative.any()):
        return None
    return (_precision_recall if kind == "PR" else _roc)(epoch, positive, negative, auc)


def _roc(epoch: int, positive: np.ndarray, negative: np.ndarray, auc: float | None) -> Curve:
    fps, tps, _ = roc.corners(positive, negative)
    fpr, tpr = fps / fps[-1], tps / tps[-1]
    kept = _evenly(fpr + tpr)
    low, high = interval.confidence_interval(positive, negative)
    area = roc.area(positive, negative)[1] if auc is None else auc
    few = bool(interval.few_rows(positive, negative))
    return Curve(epoch, fpr[kept].astype("float32"), tpr[kept].astype("float32"), area, low, high, few)


def _precision_recall(epoch: int, positive: np.ndarray, negative: np.ndarray, auc: float | None) -> PrecisionRecall:
    values, recall, _ = precision.curve(positive, negative)
    values, recall = np.r_[1.0, values], np.r_[0.0, recall]
    kept = _evenly(np.r_[0.0, np.cumsum(np.abs(np.diff(values)) + np.diff(recall))])
    area = precision.average_precision(positive, negative) if auc is None else auc
    points = recall[kept].astype("float32"), values[kept].astype("float32")
    return PrecisionRecall(epoch, *points, area, float(values[-1]))


def _evenly(length: np.ndarray) -> np.ndarray:
    """Choose points at even steps along a curve, given its length up to each point. The last point is always in."""
    kept = np.searchsorted(length, np.linspace(0, float(length[-1]), MAX_POINTS - 1))
    return np.union1d(np.minimum(kept, len(length) - 1), [len(length) - 1])


def curve_of_rows(
    epoch: int, labels: np.ndarray, scores: np.ndarray, weights: Any, auc: float | None, kind: str = "ROC"
) -> AnyCurve | None:
    """Make the curve of rows. Its points come from counts in buckets; its area is the `auc` given."""
    counts = RocCounts().add(labels, scores, weights, ignore_class=LEFT_OUT)
    return curve(epoch, counts.positive, counts.negative, auc, kind)


def keep(curves: dict[str, list[AnyCurve]], key: str, new: AnyCurve) -> None:
    """Add a curve under its key. Past the limit, drop every second epoch, but keep the first, best and newest."""
    kept = curves.setdefault(key, [])
    kept.append(new)
    if len(kept) > max(MAX_CURVES // len(curves), 4):
        spared = {kept[0].epoch, best(kept).epoch, new.epoch}
        kept[:] = [old for index, old in enumerate(kept) if index % 2 == 0 or old.epoch in spared]


def best(kept: Sequence[AnyCurve]) -> AnyCurve:
    """Return the curve with the highest AUC, and the first of them in a tie."""
    return max(kept, key=lambda drawn: drawn.auc)


def draw(curves: dict[str, list[AnyCurve]], keys: Sequence[str] | None = None) -> Any:
    """Draw a panel for each key, with its first, best and last epoch.

    Args:
        curves: as `keep` stores them.
        keys: the keys to draw. By default the keys of validation data, or all keys if there are none; at most twelve.

    Returns:
        A ``matplotlib.figure.Figure``.

    Raises:
        ImportError: without matplotlib.
        ValueError: for no curves, or a key that is not there.
    """
    by_default, keys = keys is None, _keys(curves, keys)
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("the picture needs matplotlib: pip install compat-auc[plot]") from error
    columns = min(len(keys), 3)
    lines = -(-len(keys) // columns)
    figure = Figure(figsize=(4.8 * columns, 5.3 * lines), layout="constrained")
    labels = len([key for key in curves if key.startswith("val_") == keys[0].startswith("val_")])
    if by_default and labels > len(keys):
        figure.suptitle(f"{len(keys)} of {labels} labels; plot(keys=[...]) draws the others")
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    for axes in panels[len(keys) :]:
        axes.set_visible(False)
    for key, axes in zip(keys, panels):
        shown = _to_draw(curves[key])
        (_draw_roc if isinstance(curves[key][0], Curve) else _draw_precision_recall)(axes, shown)
        axes.set(title=key, aspect="equal")
    return figure


def _draw_roc(axes: Any, shown: dict[str, Curve]) -> None:
    for title, drawn in shown.items():
        few = ", few rows" if drawn.few_rows else ""
        axes.plot(drawn.fpr, drawn.tpr, label=f"{title}: AUC {drawn.auc:.3f}, {drawn.low:.3f} to {drawn.high:.3f}{few}")
    axes.plot([0, 1], [0, 1], color="0.8", linestyle="--", zorder=0)
    axes.set(xlabel="False positive rate", ylabel="True positive rate")
    axes.legend(loc="lower right", fontsize="small", title="AUC with its 95 % interval", title_fontsize="small")


def _draw_precision_recall(axes: Any, shown: dict[str, PrecisionRecall]) -> None:
    for title, drawn in shown.items():
        # With "pre", a precision holds from the recall before it. The area of these steps is the average precision.
        # The precision of 1 at a recall of 0 belongs to no row; a stroke down from it would show nothing.
        precision = np.r_[drawn.precision[1], drawn.precision[1:]]
        axes.step(drawn.recall, precision, where="pre", label=f"{title}: {drawn.auc:.3f}")
    axes.axhline(list(shown.values())[-1].share, color="0.8", linestyle="--", zorder=0)
    axes.set(xlabel="Recall", ylabel="Precision", xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    axes.legend(loc="upper right", fontsize="small", title="Average precision", title_fontsize="small")


def _keys(curves: dict[str, list[AnyCurve]], keys: Sequence[str] | None) -> list[str]:
    if keys is None:
        validation = [key for key in curves if key.startswith("val_")]
        keys = (validation or list(curves))[:MAX_PANELS]
        if not keys:
            raise ValueError("there are no curves yet: fit a model with this callback first")
    missing = [key for key in keys if key not in curves]
    if missing:
        raise ValueError(f"keys must be among {sorted(curves)}, which have curves. Received: {missing}")
    return list(keys)


def _to_draw(kept: list[AnyCurve]) -> dict[str, Any]:
    """Return the first, best and last curve by title. One epoch that is both, say, best and last is drawn once."""
    titles: dict[int, tuple[list[str], AnyCurve]] = {}
    for title, drawn in (("first", kept[0]), ("best", best(kept)), ("last", kept[-1])):
        titles.setdefault(drawn.epoch, ([], drawn))[0].append(title)
    return {f"epoch {epoch} ({', '.join(names)})": drawn for epoch, (names, drawn) in titles.items()}
