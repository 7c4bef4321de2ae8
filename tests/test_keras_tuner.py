"""The guide's way to search hyperparameters by an AUC, run with keras-tuner."""

from __future__ import annotations

import numpy as np
import pytest

from compat_auc import RankAUC, auc_roc

keras_tuner = pytest.importorskip("keras_tuner")
# keras-tuner 1.4.8 calls threading.currentThread().
pytestmark = pytest.mark.filterwarnings("ignore:(currentThread|getName):DeprecationWarning")


@pytest.mark.parametrize(("metric", "key"), [(lambda: auc_roc, "val_auc_roc"), (RankAUC, "val_rank_auc")])
def test_the_search_keeps_the_trial_of_the_largest_auc(metric, key, tmp_path):
    import keras

    x = np.linspace(-1, 1, 40).astype("float32")[:, None]
    y = (x[:, 0] > 0).astype("float32")

    def build(choices):
        # The sign of the weight decides: an AUC of 0 or of 1.
        weight = keras.initializers.Constant(choices.Choice("weight", [-1.0, 1.0]))
        model = keras.Sequential(
            [keras.Input((1,)), keras.layers.Dense(1, activation="sigmoid", kernel_initializer=weight)]
        )
        model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", metrics=[metric()])
        return model

    tuner = keras_tuner.GridSearch(build, objective=keras_tuner.Objective(key, "max"), directory=tmp_path)
    tuner.search(x, y, validation_data=(x, y), epochs=1, verbose=0)
    best, *_, worst = tuner.oracle.get_best_trials(2)
    assert best.hyperparameters.get("weight") == 1.0
    assert (best.score, worst.score) == pytest.approx((1, 0), abs=1e-6)  # float32 on JAX


@pytest.mark.parametrize("key", ["val_auc_roc", "val_rank_auc"])
def test_without_the_direction_it_asks_for_it(key):
    with pytest.raises(ValueError, match="Could not infer optimization direction"):
        keras_tuner.RandomSearch(lambda choices: None, objective=key)
