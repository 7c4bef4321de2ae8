"""A second import of the package in one process, with models of the first: prints what is wrong, which is nothing."""

import os
import sys
import tempfile
import warnings

import numpy as np

if sys.argv[1] == "tf_keras":
    import tf_keras as keras
else:
    import keras

from compat_auc import RankAUC, auc_roc

x = np.linspace(-1, 1, 40).astype("float32")[:, None]
y = (np.arange(40) % 3 > 0).astype("float32")


def model_of(*metrics):
    # Scores far from each other, and no training: so few thresholds and buckets tell all pairs apart.
    model = keras.Sequential([keras.layers.Dense(1, "sigmoid", kernel_initializer="ones", input_shape=(1,))])
    model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", metrics=list(metrics))
    model.fit(x, y, verbose=0)
    return model


def exact(model):
    scores = model.predict(x, verbose=0)[:, 0]
    return np.mean(np.sign(scores[y == 1][:, None] - scores[y == 0])) / 2 + 0.5


def assert_right(model, callback):
    history = model.fit(x, y, validation_data=(x, y), verbose=0, callbacks=[callback(verbose=0)]).history
    for key in ("val_auc_roc", "val_rank_auc", "val_roc_auc"):
        assert abs(history[key][-1] - exact(model)) < 0.005, (key, history, exact(model))


old = model_of(auc_roc, RankAUC())
path = os.path.join(tempfile.mkdtemp(), "model.keras")
old.save(path)
for name in [name for name in sys.modules if name.split(".")[0] == "compat_auc"]:
    del sys.modules[name]

import compat_auc  # noqa: E402

warnings.filterwarnings("error", "RocCallback|compat_auc|the metric")
assert compat_auc.RankAUC is not RankAUC
assert sum(type(finder).__name__ == "AfterImport" for finder in sys.meta_path) == 1, sys.meta_path
assert_right(old, compat_auc.RocCallback)
assert_right(model_of(compat_auc.auc_roc, compat_auc.RankAUC()), compat_auc.RocCallback)
assert_right(model_of(auc_roc, compat_auc.RankAUC()), compat_auc.RocCallback)
loaded = keras.models.load_model(path)
assert_right(loaded, compat_auc.RocCallback)
