"""Read what a metric compiled into the model has counted, so that RocCallback need not predict again."""

from __future__ import annotations

from functools import partial
from typing import Any, Sequence

import numpy as np

from compat_auc.callback import curves
from compat_auc.callback.measurement import Measurement
from compat_auc.counting import precision, roc


def of_metric(
    epoch: int, model: Any, logs: dict[str, Any], kind: str, key: str, name: str | None, earlier: list[str]
) -> Measurement:
    """Take an epoch's values from the logs, and the curves from the metric's counts.

    Args:
        epoch: from 0, as Keras counts.
        model: a compiled model.
        logs: the epoch's logs.
        kind: "ROC" or "PR".
        key: replaces the metric's name in the log keys.
        name: the metric's name, or None for the metric that `find` finds.
        earlier: the log keys of earlier epochs.
    """
    metric = find(model, name, kind)
    source = name or (metric.name if metric is not None else None)
    values = logged(logs, source, key, getattr(model, "output_names", None) or []) if source else {}
    if not values:
        option = "" if kind == "ROC" else f"curve={kind!r}"
        wanted = f"the metric {source!r}" if source else f"RankAUC({option}) or auc_roc({option})"
        complaint = (
            f"no data was given, and the logs have no value of {wanted}, so {key} is NaN. They have {sorted(logs)}. "
            f"Pass validation_data=(x, y), or compile with metrics=[RankAUC({option})]."
        )
        return Measurement(dict.fromkeys(earlier or [key], float("nan")), {}, {f"no metric {kind}": complaint})
    numbers = {
        of_output if np.ndim(value) == 0 else f"{of_output}_{label}": float(part)
        for of_output, value in values.items()
        for label, part in zip(_labels(metric, np.size(value)), np.asarray(value).ravel())
    }
    undefined = [of_label for of_label, number in numbers.items() if np.isnan(number)]
    if undefined:
        reason = "labels of one class only, or garbage that nothing could be raised for"
        complaint = f"{undefined} is NaN, as the metric {source!r} is: {reason}"
        return Measurement(numbers, {}, {f"NaN {kind}": complaint})
    # The metric holds the counts of the last phase only: of validation, if there was one.
    of_state = [of_output for of_output in values if of_output.startswith("val_")] or list(values)
    if metric is None or len(of_state) > 1:
        return Measurement(numbers, {}, {})
    return _with_curves(epoch, metric, of_state[0], kind, numbers)


def _with_curves(epoch: int, metric: Any, key: str, kind: str, values: dict[str, float]) -> Measurement:
    by_label = counts(metric)
    of_labels = {
        key if len(by_label) == 1 else f"{key}_{label}": curves.curve(epoch + 1, positive, negative, kind=kind)
        for label, (positive, negative) in zip(_labels(metric, len(by_label)), by_label)
    }
    missing = [label for label, drawn in zip(_labels(metric, len(by_label)), of_labels.values()) if drawn is None]
    complaint = {key: f"{key} leaves out the labels {missing}, which have one class only"} if missing else {}
    kept = {of_label: drawn for of_label, drawn in of_labels.items() if drawn is not None}
    return Measurement(values, kept, complaint, note(metric, key))


def _labels(metric: Any, columns: int) -> Sequence[Any]:
    """What the labels of a metric are called: their names, or else their columns."""
    return getattr(metric, "label_names", None) or range(columns)


def find(model: Any, name: str | None = None, curve: str = "ROC") -> Any | None:
    """Find the model's `RankAUC` with this curve, else its `auc_roc`. If you give a name, the metric must have it."""
    compiled = [inner for metric in model.metrics for inner in (metric, *getattr(metric, "metrics", ()))]
    for class_name in ("RankAUC", "AucRoc"):
        for metric in compiled:
            if _is_a(class_name, metric) and name in (None, metric.name) and _curve(metric) == curve:
                return metric
    return None


def _is_a(name: str, metric: Any) -> bool:
    """Whether a metric is an instance of a class of this package.

    By name, because the class is another one after ``%autoreload``, or after a second import of this package.
    """
    own = __name__.split(".")[0] + "."
    return any(cls.__name__ == name and cls.__module__.startswith(own) for cls in type(metric).__mro__)


def _curve(metric: Any) -> str:
    return metric.get_config().get("curve", "ROC")


def logged(logs: dict[str, Any], name: str, key: str, outputs: list[str]) -> dict[str, Any]:
    """Return a metric's values in the logs, with the metric's name replaced by `key`.

    >>> logged({"loss": 1.0, "auc_roc": 0.7, "val_auc_roc": 0.6}, "auc_roc", "roc_auc", [])
    {'roc_auc': 0.7, 'val_roc_auc': 0.6}
    """
    prefixes = [part + output for part in ("", "val_") for output in ("", *(output + "_" for output in outputs))]
    return {prefix + key: logs[prefix + name] for prefix in prefixes if prefix + name in logs}


def counts(metric: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the positives and negatives between thresholds, by ascending score: one pair for each label."""
    if _is_a("RankAUC", metric):
        return [(of_label.positive, of_label.negative) for of_label in metric.counts(by_label=True)]
    above = [metric._backend.read(part) for part in (metric.true_positives, metric.false_positives)]
    positive, negative = (np.atleast_2d((part[:-1] - part[1:]).T) for part in above)
    return list(zip(positive, negative))


def note(metric: Any, key: str) -> str:
    """Return a sentence that bounds the exact value."""
    max_fpr = getattr(metric, "max_fpr", None)
    of_curve = precision.bounds if _curve(metric) == "PR" else partial(roc.area, max_fpr=max_fpr)
    bounds = [
        of_curve(positive, negative) for positive, negative in counts(metric) if positive.any() and negative.any()
    ]
    low, high = min(ends[0] for ends in bounds), max(ends[-1] for ends in bounds)
    source = type(metric).__name__ if _is_a("RankAUC", metric) else f"{len(metric.thresholds)} thresholds"
    what = "average precision" if _curve(metric) == "PR" else "AUC"
    what = what if max_fpr is None else f"{what} up to a false positive rate of {max_fpr}"
    each = f"the exact {what} is" if len(bounds) == 1 else f"the exact {what} of each label is"
    return f"{key} comes from the compiled metric {metric.name!r} ({source}): {each} between {low:.4f} and {high:.4f}"
