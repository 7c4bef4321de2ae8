"""Explain what the old ``auc_roc`` function logged, and why it differs from the right number.

The function of old scripts wrapped ``tf.contrib.metrics.streaming_auc``. Three things made its log differ from the AUC
of an epoch. Its counts were never reset, and training and validation shared them. Keras logged the mean of the values
after each batch. Each value was read before its own batch was counted.
"""

from __future__ import annotations

from typing import Any, List, NamedTuple

import numpy as np

from compat_auc.counting.rows import validated
from compat_auc.counting.thresholds import inner_thresholds, old_auc


class Phase(NamedTuple):
    """One phase of training as the old metric saw it; see `explain`.

    ``logged - auc`` is the sum of `stale_read`, `running_mean`, `never_reset` and `thresholds`.

    Attributes:
        epoch: the number of the epoch, from 1.
        phase: "training" or "validation".
        logged: what the old log said.
        auc: the exact AUC of the phase's rows; NaN if a class is missing.
        stale_read: the effect of reading each value before its batch was counted.
        running_mean: the effect of logging the mean of the values, not the last value.
        never_reset: the effect of counting the rows of all earlier phases.
        thresholds: the effect of seeing the scores only through thresholds.
    """

    epoch: int
    phase: str
    logged: float
    auc: float
    stale_read: float
    running_mean: float
    never_reset: float
    thresholds: float


# What each cause is called in tables and pictures, in the order of `Phase`.
_CAUSES = {
    "stale_read": "read one batch early",
    "running_mean": "mean of running values",
    "never_reset": "never reset",
    "thresholds": "thresholds",
}


class Phases(List[Phase]):
    """The phases of a training, a list of `Phase`. It prints as a table."""

    def __repr__(self) -> str:
        titles = ["epoch", "phase", "logged", "AUC", *_CAUSES.values()]
        widths = [max(len(title), 10 if title == "phase" else 6) for title in titles]
        lines = ["  ".join(title.rjust(width) for title, width in zip(titles, widths))]
        for phase in self:
            causes = (f"{round(getattr(phase, cause), 4) + 0.0:+.4f}" for cause in _CAUSES)
            cells = (str(phase.epoch), phase.phase, f"{phase.logged:.4f}", f"{phase.auc:.4f}", *causes)
            lines.append("  ".join(cell.rjust(width) for cell, width in zip(cells, widths)))
        return "\n".join(lines)

    __str__ = __repr__

    def plot(self, index: int | None = None) -> Any:
        """Draw the logged number and the AUC of each phase, and the causes between the two in one phase.

        Args:
            index: the phase of the second panel. By default the first validation, or the first phase.

        Returns:
            A ``matplotlib.figure.Figure``.

        Raises:
            ImportError: without matplotlib (the extra ``plot``).

        >>> figure = explain([0, 1, 1, 0], [0.1, 0.6, 0.8, 0.7], batch_size=4, epochs=2, validation_rows=0).plot()
        >>> [axes.get_title() for axes in figure.axes]
        ['Each phase', 'training, epoch 1']
        """
        try:
            from matplotlib.figure import Figure
        except ImportError as error:
            raise ImportError("the picture needs matplotlib: pip install compat-auc[plot]") from error
        if index is None:
            index = next((number for number, phase in enumerate(self) if phase.phase == "validation"), 0)
        figure = Figure(figsize=(11, 4.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        _draw_phases(left, self)
        _draw_causes(right, self[index])
        return figure


def _draw_phases(axes: Any, phases: Phases) -> None:
    for row, phase in enumerate(phases):
        axes.plot([phase.auc, phase.logged], [row, row], color="0.8", zorder=0)
    rows = range(len(phases))
    axes.plot([phase.logged for phase in phases], rows, "o", color="C3", label="logged by the old metric")
    axes.plot([phase.auc for phase in phases], rows, "s", color="C0", label="AUC of the phase")
    axes.set_yticks(rows, [f"{phase.phase}, epoch {phase.epoch}" for phase in phases])
    axes.invert_yaxis()
    axes.margins(y=0.12)
    axes.set(xlabel="AUC", title="Each phase")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=2, frameon=False)


def _draw_causes(axes: Any, phase: Phase) -> None:
    """Bars from zero for what was logged and for the AUC; between them a step for each cause, in its own color."""
    rows = ["logged", *_CAUSES.values(), "AUC of the phase"]
    start = phase.logged
    axes.barh(0, phase.logged, color="C3")
    axes.text(phase.logged, 0, f" {phase.logged:.4f}", va="center")
    for row, cause in enumerate(_CAUSES, 1):
        step = -getattr(phase, cause)
        axes.barh(row, step, left=start, color=f"C{row + 3}")
        axes.text(max(start, start + step), row, f" {step:+.4f}", va="center")
        start += step
    axes.barh(len(rows) - 1, phase.auc, color="C0")
    axes.text(phase.auc, len(rows) - 1, f" {phase.auc:.4f}", va="center")
    axes.set_yticks(range(len(rows)), rows)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.15), xlabel="AUC", title=f"{phase.phase}, epoch {phase.epoch}")


def explain(
    y_true: Any,
    y_pred: Any,
    batch_size: int,
    epochs: int,
    validation_rows: int,
    num_thresholds: int = 200,
    weigh_batches: bool = True,
) -> Phases:
    """Replay the old metric on fixed scores, and say what made its log differ from the AUC.

    Each epoch takes the rows in their order. The causes are removed one after the other, in the order of `Phase`. Each
    cause gets the difference that its removal makes. Another order would give other shares of the same sum.

    Args:
        y_true: labels, 0 or 1, shape (rows,) or (rows, labels). Columns are flattened, as the old metric did.
        y_pred: scores in [0, 1], one for each label.
        batch_size: rows in a batch, in training and validation.
        epochs: number of epochs.
        validation_rows: how many of the last rows are for validation, as ``validation_split`` takes them; 0 for none.
        num_thresholds: number of thresholds of the old metric.
        weigh_batches: True weighs each batch by its rows in the mean, as Keras up to 2.2 did. False weighs all batches
            the same, as Keras 2.3 and ``tf.keras`` did.

    Returns:
        A `Phases`, which is a list. For each epoch it has a `Phase` for training and, with validation rows, a `Phase`
        for validation. It prints as a table, and `Phases.plot` draws it.

    Raises:
        ValueError: for shapes that do not fit, no rows, labels that are not 0 or 1, scores outside [0, 1], and for
            numbers that are not whole or out of range.

    >>> first, second = explain([0, 1, 1, 0], [0.1, 0.6, 0.8, 0.7], batch_size=4, epochs=2, validation_rows=0)
    >>> first.logged, round(second.logged, 3), second.auc, round(first.stale_read, 3)
    (0.0, 0.75, 0.75, -0.75)
    >>> explain([0, 1, 1, 0], [0.1, 0.6, 0.8, 0.7], batch_size=4, epochs=2, validation_rows=0)
     epoch       phase  logged     AUC  read one batch early  mean of running values  never reset  thresholds
         1    training  0.0000  0.7500               -0.7500                 +0.0000      +0.0000     +0.0000
         2    training  0.7500  0.7500               +0.0000                 +0.0000      +0.0000     +0.0000
    """
    labels, scores = _labels_and_scores(y_true, y_pred)
    rows = len(scores)
    least = {"batch_size": (batch_size, 1), "epochs": (epochs, 1), "num_thresholds": (num_thresholds, 2)}
    for name, (value, allowed) in least.items():
        if not _is_whole(value) or value < allowed:
            raise ValueError(f"{name} must be a whole number, at least {allowed}. Received: {value!r}")
    if not _is_whole(validation_rows) or not 0 <= validation_rows < rows:
        raise ValueError(
            f"validation_rows must be a number of rows from 0 to {rows - 1}, not all rows, and not a fraction. "
            f"Received: {validation_rows!r}"
        )
    split = rows - validation_rows
    parts = {"training": slice(0, split), "validation": slice(split, rows)}
    counted = {
        phase: (
            _exact_auc(labels[part], scores[part]),
            *_batches(labels[part], scores[part], batch_size, num_thresholds),
        )
        for phase, part in parts.items()
        if part.start < part.stop
    }
    before = np.zeros((2, num_thresholds - 1))
    phases = Phases()
    for epoch in range(1, epochs + 1):
        for phase, (exact, counts, sizes) in counted.items():
            phases.append(Phase(epoch, phase, *_differences(before, counts, sizes if weigh_batches else None, exact)))
            before = before + counts.sum(0)
    return phases


def _labels_and_scores(y_true: Any, y_pred: Any) -> tuple[np.ndarray, np.ndarray]:
    """Checked labels and scores of shape (rows, labels)."""
    shape = np.shape(y_pred)
    if not (shape and np.prod(shape)):
        raise ValueError(f"explain expects scores (y_pred) of one or more rows. Received: shape {shape}")
    labels, scores, _ = validated(y_true, y_pred, metric="explain", any_score=False)
    return labels.reshape(shape[0], -1), scores.reshape(shape[0], -1)


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def _batches(
    labels: np.ndarray, scores: np.ndarray, batch_size: int, num_thresholds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Counts of shape (batches, 2, num_thresholds - 1), the positives first, and the number of rows in each batch."""
    batch = np.arange(len(scores)) // batch_size
    bucket = np.searchsorted(inner_thresholds(num_thresholds), scores.astype(np.float32))  # As TensorFlow 1 did.
    shape = (batch[-1] + 1, 2, num_thresholds - 1)
    cell = np.ravel_multi_index((batch[:, None], (~labels).astype(int), bucket), shape)
    return np.bincount(cell.ravel(), minlength=np.prod(shape)).reshape(shape), np.bincount(batch)


def _differences(before: np.ndarray, counts: np.ndarray, sizes: np.ndarray | None, exact: float) -> list[float]:
    """The logged number, the AUC, and the four differences, as in `Phase`."""
    running = before + np.cumsum(counts, 0)
    read = old_auc(*np.moveaxis(np.concatenate([[before], running]), 1, 0))
    logged, fresh = np.average(read[:-1], weights=sizes), np.average(read[1:], weights=sizes)
    last, alone = read[-1], old_auc(*counts.sum(0))
    differences = (logged, exact, logged - fresh, fresh - last, last - alone, alone - exact)
    return [float(number) for number in differences]


def _exact_auc(labels: np.ndarray, scores: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    labels = labels.ravel()
    return float(roc_auc_score(labels, scores.ravel())) if 0 < labels.mean() < 1 else float("nan")
