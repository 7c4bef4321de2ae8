"""The ROC curves of a training: kept epoch by epoch in bounded memory, and drawn."""

from typing import Any, Dict, List, NamedTuple, Optional, Sequence

import numpy as np

from compat_auc.counting import roc
from compat_auc.counting.roc_counts import RocCounts

MAX_POINTS = 201
# In all; 1.6 kB each.
MAX_CURVES = 4096
MAX_PANELS = 12


class Curve(NamedTuple):
    """One ROC curve.

    Attributes:
        epoch: from 1, as Keras prints it.
        fpr: false positive rates, ascending from 0 to 1: float32 of shape (points,), at most 201.
        tpr: true positive rates at these.
        auc: the area under the whole curve, not only these points.
        low: the lower end of the AUC's 95 % confidence interval (DeLong), for drawing other rows of the same kind.
        high: the upper end.
    """

    epoch: int
    fpr: np.ndarray
    tpr: np.ndarray
    auc: float
    low: float
    high: float


def curve(epoch: int, positive: np.ndarray, negative: np.ndarray, auc: Optional[float] = None) -> Optional[Curve]:
    """The curve of two vectors of counts, in buckets by ascending score; None where a class is missing."""
    positive, negative = np.asarray(positive, np.float64), np.asarray(negative, np.float64)
    if not (positive.any() and negative.any()):
        return None
    fps, tps, _ = roc.corners(positive, negative)
    fpr, tpr = fps / fps[-1], tps / tps[-1]
    # Evenly along the curve, because both rates ascend.
    kept = np.unique(np.searchsorted(fpr + tpr, np.linspace(0, fpr[-1] + tpr[-1], MAX_POINTS - 1)))
    kept = np.union1d(np.minimum(kept, len(fpr) - 1), [len(fpr) - 1])
    low, high = roc.delong_interval(positive, negative)
    area = roc.area(positive, negative)[1] if auc is None else auc
    return Curve(epoch, fpr[kept].astype("float32"), tpr[kept].astype("float32"), area, low, high)


def curve_of_rows(epoch: int, labels: np.ndarray, scores: np.ndarray, weights: Any, auc: float) -> Optional[Curve]:
    """The curve of rows: its points from counts in buckets, its area as given."""
    counts = RocCounts().add(labels, scores, weights)
    return curve(epoch, counts.positive, counts.negative, auc)


def keep(curves: Dict[str, List[Curve]], key: str, new: Curve) -> None:
    """Add a curve under its key. Past the limit every second epoch goes, the first and the best ones excepted."""
    kept = curves.setdefault(key, [])
    kept.append(new)
    if len(kept) > max(MAX_CURVES // len(curves), 4):
        spared = {kept[0].epoch, best(kept).epoch, new.epoch}
        kept[:] = [old for index, old in enumerate(kept) if index % 2 == 0 or old.epoch in spared]


def best(kept: Sequence[Curve]) -> Curve:
    """The one with the highest AUC; the first of several."""
    return max(kept, key=lambda one: one.auc)


def draw(curves: Dict[str, List[Curve]], keys: Optional[Sequence[str]] = None) -> Any:
    """A panel for each key with its first, best and last epoch.

    Args:
        curves: as `keep` keeps them.
        keys: which to draw; without, those of the validation data if there are any, at most twelve.

    Returns:
        A ``matplotlib.figure.Figure``.

    Raises:
        ImportError: without matplotlib.
        ValueError: for no curves, or a key that is not there.
    """
    keys = _keys(curves, keys)
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("the picture needs matplotlib: pip install compat-auc[plot]") from error
    columns = min(len(keys), 3)
    lines = -(-len(keys) // columns)
    figure = Figure(figsize=(4.8 * columns, 4.8 * lines), layout="constrained")
    panels = figure.subplots(lines, columns, squeeze=False).ravel()
    for axes in panels[len(keys) :]:
        axes.set_visible(False)
    for key, axes in zip(keys, panels):
        for title, one in _to_draw(curves[key]).items():
            label = f"{title}: AUC {one.auc:.4f}, {one.low:.3f} to {one.high:.3f}"
            axes.plot(one.fpr, one.tpr, label=label, drawstyle="default")
        axes.plot([0, 1], [0, 1], color="0.8", linestyle="--", zorder=0)
        axes.set(title=key, xlabel="False positive rate", ylabel="True positive rate", aspect="equal")
        axes.legend(loc="lower right", fontsize="small", title="95 % interval by DeLong", title_fontsize="small")
    return figure


def _keys(curves, keys):
    if keys is None:
        validation = [key for key in curves if key.startswith("val_")]
        keys = (validation or list(curves))[:MAX_PANELS]
        if not keys:
            raise ValueError("there are no curves yet: fit a model with this callback first")
    missing = [key for key in keys if key not in curves]
    if missing:
        raise ValueError(f"no curves of {missing}; there are {sorted(curves)}")
    return list(keys)


def _to_draw(kept):
    """The curves by title; an epoch that is two of them has both titles."""
    titles = {}
    for title, one in (("first", kept[0]), ("best", best(kept)), ("last", kept[-1])):
        titles.setdefault(one.epoch, ([], one))[0].append(title)
    return {f"epoch {epoch} ({', '.join(names)})": one for epoch, (names, one) in titles.items()}
