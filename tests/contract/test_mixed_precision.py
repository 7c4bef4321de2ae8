"""Contract 8: mixed precision, where Keras 3 hands out float16 copies of variables inside a layer's call."""

import numpy as np
import pytest
from stacks import KERAS_3

from compat_auc import RankAUC, auc_roc


@pytest.mark.lanes(*KERAS_3)
@pytest.mark.parametrize("make", [auc_roc, RankAUC], ids=["auc_roc", "RankAUC"])
def test_a_metric_that_a_layer_updates_counts_every_row(keras, make):
    labels = np.arange(15000) % 2 == 0
    scores = np.where(labels, 0.75, 0.25).astype("float32")
    scores[:3000] = 0.25
    metric = make()

    class Counting(keras.layers.Layer):
        def call(self, inputs):
            metric.update_state(labels, scores)
            return inputs

    layer = Counting(dtype="mixed_float16")
    for _ in range(2):
        layer(np.zeros((1, 1), "float32"))
    # 1,500 of 7,500 positives tie with the negatives: each such pair counts one half.
    assert float(metric.result()) == pytest.approx(1 - 0.5 * 1500 / 7500, abs=1e-6)
    if make is RankAUC:
        assert metric.counts().positive.sum() == metric.counts().negative.sum() == 2 * 7500
