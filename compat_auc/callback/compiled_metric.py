"""What a metric that is compiled into the model already counted, so that RocCallback need not predict again."""

from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from compat_auc.counting import roc
from compat_auc.metrics.keras_auc import auc_class
from compat_auc.metrics.rank_auc import RankAUC
from compat_auc.stack import loaded_keras


def find(model: Any, name: Optional[str] = None) -> Optional[Any]:
    """The `RankAUC` of a compiled model, else its `auc_roc`; the one of that name, if a name is given."""
    compiled = [inner for metric in model.metrics for inner in (metric, *getattr(metric, "metrics", ()))]
    kinds = (RankAUC, tuple(auc_class(keras) for keras in loaded_keras()))
    for kind in kinds:
        for metric in compiled:
            if isinstance(metric, kind) and name in (None, metric.name):
                return metric
    return None


def logged(logs: Dict[str, Any], name: str, key: str, outputs: List[str]) -> Dict[str, Any]:
    """The values of a metric in the logs, with the name of the metric replaced by `key`.

    >>> logged({"loss": 1.0, "auc_roc": 0.7, "val_auc_roc": 0.6}, "auc_roc", "roc_auc", [])
    {'roc_auc': 0.7, 'val_roc_auc': 0.6}
    """
    prefixes = [part + output for part in ("", "val_") for output in ("", *(output + "_" for output in outputs))]
    return {prefix + key: logs[prefix + name] for prefix in prefixes if prefix + name in logs}


def counts(metric: Any) -> List[Tuple[np.ndarray, np.ndarray]]:
    """Positives and negatives between the metric's thresholds, by ascending score, for each label it tells apart."""
    if isinstance(metric, RankAUC):
        found = metric.counts()
        return [(one.positive, one.negative) for one in (found if isinstance(found, list) else [found])]
    above = [metric._backend.read(part) for part in (metric.true_positives, metric.false_positives)]
    positive, negative = (np.atleast_2d((part[:-1] - part[1:]).T) for part in above)
    return list(zip(positive, negative))


def note(metric: Any, key: str) -> str:
    """A sentence on what the value is worth."""
    bounds = [
        roc.area(positive, negative) for positive, negative in counts(metric) if positive.any() and negative.any()
    ]
    low, high = min(one[0] for one in bounds), max(one[2] for one in bounds)
    source = type(metric).__name__ if isinstance(metric, RankAUC) else f"{len(metric.thresholds)} thresholds"
    each = "the exact AUC is" if len(bounds) == 1 else "the exact AUCs of the labels are"
    return f"{key} comes from the compiled metric {metric.name!r} ({source}): {each} between {low:.4f} and {high:.4f}"
