"""Find the callbacks that take the smallest value of an AUC for the best.

Without ``mode``, a callback guesses its direction from the name that it monitors. Most guess wrong for ``val_auc_roc``
(the guide has the table). Keras gives a metric no way to see the callbacks, and a callback none to see the others. But
Keras resets the metrics of a model once in each phase, inside of ``fit``, where its list of callbacks is a variable.
"""

from __future__ import annotations

import inspect
from typing import Any, Collection

from compat_auc.stack import package_of


def minimizers(keys: Collection[str]) -> list[str]:
    """Warnings about the callbacks of the training that the caller runs in; none outside of a training.

    Args:
        keys: names of AUCs in the logs. "val_" and the name of an output may come before them.
    """
    return [
        f"{type(callback).__name__} takes the smallest {callback.monitor} for the best, and an AUC is best when it is "
        f'large. Write {type(callback).__name__}(monitor="{callback.monitor}", mode="max", ...).'
        for callback in _callbacks()
        if _watches(callback, keys) and _minimizes(callback)
    ]


def _callbacks() -> list[Any]:
    frame = inspect.currentframe()
    while frame is not None:
        if package_of(frame.f_globals.get("__name__") or ""):
            for value in list(frame.f_locals.values()):
                # Not every Keras has the class under a public name.
                if type(value).__name__ == "CallbackList":
                    return list(value.callbacks)
        frame = frame.f_back
    return []


def _watches(callback: Any, keys: Collection[str]) -> bool:
    monitor = getattr(callback, "monitor", None)
    # A checkpoint of each epoch compares nothing.
    if not isinstance(monitor, str) or not getattr(callback, "save_best_only", True):
        return False
    # The end first: on JAX, asking a callback for its model costs.
    return any(monitor.endswith(key) and monitor in _logged(callback, key) for key in keys)


def _logged(callback: Any, key: str) -> list[str]:
    """The names under which Keras logs a metric of the model of a callback."""
    outputs: list[str] = getattr(callback.model, "output_names", None) or []
    names = [key, f"weighted_{key}", *(f"{output}_{key}" for output in outputs)]
    return [*names, *("val_" + name for name in names)]


def _minimizes(callback: Any) -> bool:
    """Whether a callback finds a smaller value better, without having been told so where that can be seen."""
    is_better = getattr(callback, "monitor_op", None)  # What all callbacks of Keras compare with.
    if not callable(is_better) or getattr(callback, "mode", None) == "min":
        return False
    return bool(is_better(0.0, 1.0))
