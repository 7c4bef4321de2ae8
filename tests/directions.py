"""Which way a callback looks: whether it takes the largest or the smallest value of a key for the best.

A callback that stands before it replaces what is logged by values that rise. What the watching callback then does shows
its direction, whatever it calls it inside. As a program it prints the table of a release for the guide:
``python -m tests.directions keras`` (or ``tf_keras``, ``tf.keras``).
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings

import numpy as np

from compat_auc import stack

CALLBACKS = ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")
KEYS = ("val_auc_roc", "val_rank_auc", "val_roc_auc", "val_auc")
RISING = (0.5, 0.6, 0.7, 0.8)


def direction(keras, callback, key, **mode):
    """Train for four epochs with rising values of a key.

    Args:
        keras: the Keras module.
        callback: one of `CALLBACKS`.
        key: one of `KEYS`: of `auc_roc`, `RankAUC`, `RocCallback`, and of Keras's own AUC.
        **mode: what the callback gets beside its monitor.

    Returns:
        "max", "min", or the error of Keras.
    """
    watching = _watching(keras, callback, key, mode)
    model, x, y = _model(keras, key), np.array([[0.2], [0.8]], "float32"), np.array([0.0, 1.0], "float32")
    before = [_Rising.of(keras, key), *_roc_callback(key, x, y)]
    try:
        history = model.fit(x, y, validation_data=(x, y), epochs=len(RISING), verbose=0, callbacks=[*before, watching])
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    return "max" if _took_the_largest(keras, model, watching, len(history.epoch)) else "min"


class _Rising:
    """A callback that logs rising values."""

    @staticmethod
    def of(keras, key):
        class Rising(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                logs[key] = RISING[epoch]

        return Rising()


def _roc_callback(key, x, y):
    if key != "val_roc_auc":
        return []
    from compat_auc import RocCallback

    with warnings.catch_warnings():
        return [RocCallback(validation_data=(x, y), verbose=0)]


def _watching(keras, name, key, mode):
    options = {
        "EarlyStopping": {"patience": 1},
        "ModelCheckpoint": {"save_best_only": True, "save_weights_only": True},
        "ReduceLROnPlateau": {"patience": 1, "factor": 0.5},
    }[name]
    if name == "ModelCheckpoint":
        ending = "x.weights.h5" if hasattr(keras, "ops") else "x.h5"
        options["filepath"] = os.path.join(tempfile.mkdtemp(), ending)
    return getattr(keras.callbacks, name)(monitor=key, **options, **mode)


def _rate(model):
    # Keras 2.3 and TensorFlow 1.15 know it as `lr`, too, and Keras 3 only as `learning_rate`.
    return model.optimizer.learning_rate if hasattr(model.optimizer, "learning_rate") else model.optimizer.lr


def _model(keras, key):
    from compat_auc import RankAUC, auc_roc

    own = {"val_auc_roc": lambda: auc_roc() if stack.is_multi_backend(keras) else auc_roc, "val_rank_auc": RankAUC}
    own.update(val_auc=lambda: keras.metrics.AUC(name="auc"))
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid", input_shape=(1,))])
    metrics = [own[key]()] if key in own else []
    model.compile("sgd", "binary_crossentropy", metrics=metrics)  # By name it is one that works in graph mode, too.
    if hasattr(keras, "ops"):
        model.optimizer.learning_rate = 0.5
    else:
        keras.backend.set_value(_rate(model), 0.5)
    return model


def _took_the_largest(keras, model, watching, epochs):
    if isinstance(watching, keras.callbacks.EarlyStopping):
        return epochs == len(RISING)
    if isinstance(watching, keras.callbacks.ModelCheckpoint):
        return float(watching.best) == max(RISING)
    rate = _rate(model)
    is_keras_3 = hasattr(keras, "ops")
    return float(keras.ops.convert_to_numpy(rate) if is_keras_3 else keras.backend.get_value(rate)) == 0.5


def main():
    name = sys.argv[1]
    if name == "tf.keras":
        from tensorflow import keras
    else:
        keras = __import__(name)
    for callback in CALLBACKS:
        for key in KEYS:
            print(getattr(keras, "__version__", name), callback, key, end=": ")
            for mode in ({}, {"mode": "max"}):
                print(_tried(keras, callback, key, mode), end="; ")
            print(flush=True)


def _tried(keras, callback, key, mode):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            way = direction(keras, callback, key, **mode)
        except Exception as error:
            way = f"{type(error).__name__}: {error}"
    ours = [str(warning.message) for warning in caught if "mode=" in str(warning.message)]
    return way[:60] + (" (warned)" if ours else "")


if __name__ == "__main__":
    main()
