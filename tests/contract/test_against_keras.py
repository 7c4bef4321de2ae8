"""Where auc_roc differs from ``keras.metrics.AUC``: only by scores that Keras's rounding moves across a threshold."""

import numpy as np
import oracle
import pytest

from compat_auc import auc_roc

pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras")


def places_in_keras(scores, num_thresholds):
    """How many inner thresholds a score is above by Keras's rule: the product in float32, rounded up, less one."""
    return np.maximum(np.ceil(scores * np.float32(num_thresholds - 1)) - 1, 0)


def both(keras, labels, scores, num_thresholds):
    metrics = auc_roc(num_thresholds=num_thresholds), keras.metrics.AUC(num_thresholds=num_thresholds)
    for metric in metrics:
        metric.update_state(labels, scores)
    return [float(metric.result()) for metric in metrics]


@pytest.mark.parametrize("num_thresholds", [50, 200, 1000])
def test_scores_at_thresholds(num_thresholds, keras):
    steps = np.arange(1, num_thresholds - 1)
    at = (steps / (num_thresholds - 1)).astype(np.float32)  # Not above this threshold.
    above = np.nextafter(at, np.float32(1))  # Above it, by the last bit.
    places = places_in_keras(at, num_thresholds), places_in_keras(above, num_thresholds)
    moved = (places[0] != steps - 1) | (places[1] != steps)
    assert moved.sum() == {50: 6, 200: 27, 1000: 16}[num_thresholds]  # The guide names those of 200.
    labels, scores = np.repeat([0, 1], moved.sum()), np.concatenate([at[moved], above[moved]])
    ours, theirs = both(keras, labels, scores, num_thresholds)
    assert ours == pytest.approx(oracle.thresholded_auc(labels, scores, None, num_thresholds), abs=2e-6)
    # The same places, as scores far from any threshold.
    between = (places_in_keras(scores, num_thresholds) + 0.5) / (num_thresholds - 1)
    assert theirs == pytest.approx(oracle.thresholded_auc(labels, between, None, num_thresholds), abs=2e-6)
    assert ours - theirs > 0.005


@pytest.mark.parametrize("num_thresholds", [50, 200, 1000])
def test_scores_away_from_thresholds(num_thresholds, keras):
    rng = np.random.default_rng(8)
    steps = rng.integers(0, num_thresholds - 1, 500)
    scores = ((steps + rng.uniform(0.01, 0.99, 500)) / (num_thresholds - 1)).astype(np.float32)
    ours, theirs = both(keras, rng.integers(0, 2, 500), scores, num_thresholds)
    assert ours == pytest.approx(theirs, abs=2e-6)


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch")
@pytest.mark.parametrize("scores", [[-3.0, 2.0, -1.0, 5.0], [np.nan, 0.2, 0.3, 0.4]], ids=["logits", "nan"])
def test_keras_3_gives_a_number_for_logits_and_nan(scores, keras):
    """As the README says. If Keras raises an error one day, the README has to change."""
    metric = keras.metrics.AUC()
    metric.update_state([0, 1, 0, 1], scores)
    assert 0 <= float(metric.result()) <= 1
    with pytest.raises(ValueError, match="Received"):
        auc_roc().update_state([0, 1, 0, 1], scores)
