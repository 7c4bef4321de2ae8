"""Puts `auc_roc` where each Keras looks up metric names, in whichever order a program imports things.

A Keras makes a new metric at each ``compile`` only from a name, and only from one in its own table: Keras 3 in
``ALL_OBJECTS_DICT``, Keras 2 in the globals of its metrics module. (A metric instance is shared by all models that get
it, a function is averaged over batches, and of custom objects Keras 3 takes none by name.) So the metric class is added
to that table. Nothing that Keras has is changed.

Imports may be sorted, so ``compat_auc`` can come before Keras. Then the entry is made when the import of Keras ends.
"""

import importlib.util
import sys
import warnings
from types import ModuleType

from compat_auc.metrics.identifiers import LEGACY_NAME, NAME, PREFIX

_WATCHED = ("keras", "tf_keras", "tensorflow")


def publish(keras: ModuleType) -> None:
    """Add the names to the table of a Keras."""
    from compat_auc.metrics.keras_auc import auc_class
    from compat_auc.metrics.legacy_auc_roc import legacy_class
    from compat_auc.metrics.rank_auc import rank_auc_class
    from compat_auc.metrics.streaming import running_auc
    from compat_auc.stack import (
        UnsupportedRuntime,
        is_keras_3,
        is_multi_backend,
        keras_version,
        require_tensorflow_1_15,
    )

    if is_keras_3(keras_version(keras)):
        table = keras.metrics.get.__globals__["ALL_OBJECTS_DICT"]
    else:
        table = keras.metrics.deserialize.__globals__
    try:
        require_tensorflow_1_15()
    except UnsupportedRuntime as error:
        table.update(dict.fromkeys((NAME, PREFIX + NAME, LEGACY_NAME, PREFIX + LEGACY_NAME), _raising(error)))
        return
    cls = auc_class(keras)
    found = running_auc(keras) if is_multi_backend(keras) else cls
    table.update({NAME: found, PREFIX + NAME: found, cls.__name__: cls})
    if not is_multi_backend(keras):  # There the old function itself still runs.
        legacy = legacy_class(keras)
        table.update(dict.fromkeys((LEGACY_NAME, PREFIX + LEGACY_NAME, legacy.__name__), legacy))
        rank = rank_auc_class(keras)  # Registers it, too, so that a saved model finds it in a new process.
        table[rank.__name__] = rank


def _raising(error):
    """A metric function that compile calls, for a stack that cannot work."""

    def auc_roc(y_true, y_pred):
        raise error

    return auc_roc


def _publish_after(module):
    """Once a watched module is imported; of TensorFlow, only a Keras that lives in it is meant."""
    # Whatever is wrong with the metric, the import of Keras must not fail for it.
    try:
        if module.__name__ != "tensorflow":
            publish(module)
        else:
            from compat_auc.stack import keras_inside_tensorflow

            if keras_inside_tensorflow(module.__version__):
                publish(module.keras)
    except Exception as error:
        warnings.warn(f"compat_auc could not add auc_roc to {module.__name__}: {error!r}", stacklevel=2)


class _AfterImport:
    """A finder that calls `_publish_after` when the import of a watched module ends; the others do the finding.

    It is no ``importlib.abc.MetaPathFinder``, whose import would take half of the time that this package's takes.
    """

    _searching = False

    def find_spec(self, name, path=None, target=None):
        if name not in _WATCHED or self._searching:
            return None
        self._searching = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._searching = False
        if spec is not None and spec.loader is not None:
            self._follow(spec.loader)
        return spec

    @staticmethod
    def _follow(loader):
        execute = loader.exec_module

        def execute_and_publish(module):
            execute(module)
            _publish_after(module)

        loader.exec_module = execute_and_publish


def install() -> None:
    """Publish now to what is imported, and later to what will be."""
    for name in _WATCHED:
        if name in sys.modules:
            _publish_after(sys.modules[name])
    if not any(isinstance(finder, _AfterImport) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterImport())
