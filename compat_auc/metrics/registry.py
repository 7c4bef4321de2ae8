"""Put the metrics where each Keras looks up metric names, whatever the order of imports in a program.

Keras makes a new metric at each ``compile`` only from a name in its own table, so the metric classes are added to that
table. Nothing that Keras has is changed. Other things that a program could give to ``compile`` do not work:

- An instance is shared by all models that get it.
- A function is averaged over batches.
- From a class, Keras 3 makes a metric at each ``compile``, but then it cannot save the model. Keras 2 calls the class
  as a function.
- Keras 3 does not look for names among custom objects.

A program with sorted imports may import ``compat_auc`` before Keras. Then the entries are made when the import of Keras
ends.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
from types import ModuleType
from typing import Any, Callable

from compat_auc import stack
from compat_auc.metrics.identifiers import LEGACY_NAME, NAME, PREFIX
from compat_auc.metrics.import_hook import AfterImport

_WATCHED = ("keras", "tf_keras", "tensorflow")


def metric_table(keras: ModuleType) -> dict[str, Any]:
    """The table in which a Keras looks up the names of metrics: the table itself, not a copy.

    Args:
        keras: the Keras module.

    Returns:
        The dictionary from names to classes: ``ALL_OBJECTS_DICT`` of Keras 3, or the globals of Keras 2's metrics
        module.
    """
    if stack.is_keras_3(stack.keras_version(keras)):
        return keras.metrics.get.__globals__["ALL_OBJECTS_DICT"]
    return keras.metrics.deserialize.__globals__


def publish(keras: ModuleType) -> None:
    """Add the metrics to the table of a Keras."""
    from compat_auc.metrics.keras_auc import auc_class
    from compat_auc.metrics.legacy_auc_roc import legacy_class
    from compat_auc.metrics.rank_auc import rank_auc_class

    table = metric_table(keras)
    try:
        stack.require_tensorflow_1_15()
    except stack.UnsupportedRuntime as error:
        table.update(dict.fromkeys((NAME, PREFIX + NAME, LEGACY_NAME, PREFIX + LEGACY_NAME), _raising(error)))
        return
    cls = auc_class(keras)
    by_name = _running_auc(keras) if stack.is_multi_backend(keras) else cls
    table.update({NAME: by_name, PREFIX + NAME: by_name, cls.__name__: cls})
    if not stack.is_multi_backend(keras):  # Multi-backend Keras still runs the old function itself.
        legacy = legacy_class(keras)
        table.update(dict.fromkeys((LEGACY_NAME, PREFIX + LEGACY_NAME, legacy.__name__), legacy))
        rank = rank_auc_class(keras)  # This also registers it, so that a saved model finds it in a new process.
        table[rank.__name__] = rank


def _running_auc(keras: ModuleType) -> Callable[[Any, Any], Any]:
    """The old metric function, for multi-backend Keras, which cannot make a new metric from a name.

    As in the old function, its counts are never reset, and Keras logs the mean of its values over the batches. Unlike
    there, each value includes its own batch. Can go with TensorFlow 1.15.
    """

    def auc_roc(y_true: Any, y_pred: Any) -> Any:
        import tensorflow as tf

        from compat_auc.metrics.per_keras import set_to_zero
        from compat_auc.metrics.streaming import streaming_auc

        before = len(tf.compat.v1.local_variables())
        _, update_op = streaming_auc(y_pred, y_true, name="auc_roc")
        set_to_zero(keras, tf.compat.v1.local_variables()[before:])
        return update_op

    return auc_roc


def _raising(error: Exception) -> Callable[[Any, Any], Any]:
    """A metric function that raises the error when compile calls it, for a stack that cannot work."""

    def auc_roc(y_true: Any, y_pred: Any) -> Any:
        raise error

    return auc_roc


def _publish_after(module: ModuleType) -> None:
    """Publish to a watched module. For TensorFlow, publish only to a Keras that lives in it."""
    # The import of Keras must not fail because of the metrics, nor because a warning is made an error.
    try:
        if module.__name__ != "tensorflow":
            publish(module)
        elif stack.keras_inside_tensorflow(module.__version__):
            publish(module.keras)
    except Exception as error:
        with contextlib.suppress(Warning):
            warnings.warn(f"compat_auc could not add auc_roc to {module.__name__}: {error!r}", stacklevel=2)


def _is_hook(finder: object) -> bool:
    cls = finder if isinstance(finder, type) else type(finder)
    return (cls.__module__, cls.__name__) == (AfterImport.__module__, AfterImport.__name__)


_hook = AfterImport(_WATCHED, _publish_after)


def install() -> None:
    """Publish to what is imported, to what another thread is importing, and later to what will be imported."""
    # The hook comes first, so that an import that begins after this line is not missed.
    if _hook not in sys.meta_path:
        # A hook of an earlier import of this package, or from before a reload, would publish its own classes.
        sys.meta_path[:] = [_hook, *(finder for finder in sys.meta_path if not _is_hook(finder))]
    for name in _WATCHED:
        if sys.modules.get(name) is not None:
            # This waits for a thread that is importing the module now. That import may still fail.
            with contextlib.suppress(Exception):
                _publish_after(importlib.import_module(name))
