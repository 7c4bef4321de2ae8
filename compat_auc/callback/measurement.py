"""Compute from rows what the logs get: the area of each label of an output, their mean, and their curves."""

from __future__ import annotations

from typing import NamedTuple, Sequence

import numpy as np

from compat_auc.callback import curves
from compat_auc.callback.data import Rows
from compat_auc.counting import by_label, checks


class Measurement(NamedTuple):
    """The numbers and curves of one epoch, for one kind of curve.

    Attributes:
        values: the numbers by log key.
        curves: by log key, or one for each label if the log key is their mean. A label with one class has no curve.
        complaints: sentences on what is missing, by topic.
        note: a sentence on how exact the values are, or None.
    """

    values: dict[str, float]
    curves: dict[str, curves.AnyCurve]
    complaints: dict[str, str]
    note: str | None = None


def of_rows(
    epoch: int,
    key: str,
    rows: Rows,
    kind: str,
    average: str | None,
    max_fpr: float | None = None,
    label_names: Sequence[str] | None = None,
) -> Measurement:
    """Measure the rows of an output.

    Args:
        epoch: from 0, as Keras counts.
        key: the log key.
        rows: their labels are 0, 1 or left out.
        kind: "ROC" or "PR".
        average: how to average over the labels, as in `RocCallback`.
        max_fpr: of a ROC curve, only the area up to this false positive rate. The curve stays whole.
        label_names: a name for each label, or None.

    Raises:
        ValueError: if there are more or fewer names than labels.
    """
    checks.check_label_names(label_names, "RocCallback", rows.labels.shape[1])
    labels, scores, weights = by_label.flat(*rows) if average == "micro" else rows
    areas = by_label.label_areas(labels, scores, weights, kind, max_fpr)
    keys = [key] if len(areas) == 1 else [f"{key}_{label}" for label in label_names or range(len(areas))]
    drawn: dict[str, curves.AnyCurve] = {}
    for label, area in enumerate(areas.tolist()):
        of_label = labels[:, label], scores[:, label], None if weights is None else weights[:, label]
        curve = curves.curve_of_rows(epoch + 1, *of_label, area if max_fpr is None else None, kind)
        if curve is not None:
            drawn[keys[label]] = curve
    if len(areas) == 1 or average is None:
        values = dict(zip(keys, areas.tolist()))
    else:
        values = {key: by_label.mean(areas, labels, weights, average)}
    complaint = _of_one_class(key, areas, labels, average, label_names)
    return Measurement(values, drawn, {key: complaint} if complaint else {})


def _of_one_class(
    key: str, areas: np.ndarray, labels: np.ndarray, average: str | None, label_names: Sequence[str] | None
) -> str | None:
    columns: list[int] = np.flatnonzero(np.isnan(areas)).tolist()
    missing = [label_names[column] for column in columns] if label_names and len(areas) > 1 else columns
    if len(missing) == len(areas):
        if len(areas) > 1:
            return f"{key} is NaN: each label has one class only"
        classes = np.setdiff1d(labels, [by_label.LEFT_OUT]).tolist()
        return f"{key} is NaN: the labels have one class only, {classes}"
    what = "has NaN for" if average is None else "leaves out"
    return f"{key} {what} the labels {missing}, which have one class only" if missing else None
