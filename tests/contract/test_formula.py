"""The area as a function of the four counts at each threshold is Keras's own formula, on every curve."""

import numpy as np
import pytest

from compat_auc.backends import backend_of
from compat_auc.metrics import areas
from compat_auc.stack import keras_module

# "interpolation" is Keras's word; on a ROC curve it is what auc_roc calls "trapezoidal", too. Under a PR curve
# "minoring" and "majoring" are TensorFlow 1's, which tests/contract/test_values.py holds against the recorded ones.
CASES = [("ROC", "interpolation"), ("ROC", "minoring"), ("ROC", "majoring"), ("PR", "interpolation")]
GAINS = [("PRGAIN", "interpolation"), ("PRGAIN", "minoring"), ("PRGAIN", "majoring")]
LANES = ("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2", "oldest")
HAVE_GAINS = ("keras3", "keras3-jax", "keras3-torch", "tf_keras")


def counts(seed, labels, size=200):
    """At each threshold, from counts between them; some buckets are empty, and the top ones are."""
    rng = np.random.RandomState(seed)
    in_bucket = rng.poisson(0.3, (2, size - 1, *labels)).astype("float32")
    in_bucket[:, -20:] = 0
    above = np.concatenate([in_bucket[:, ::-1].cumsum(1)[:, ::-1], np.zeros((2, 1, *labels), "float32")], 1)
    return areas.Confusion(above[1], above[0], above[0][:1] - above[0], above[1][:1] - above[1])


def by_keras(keras, counted, curve, summation, **options):
    metric = keras.metrics.AUC(curve=curve, summation_method=summation, **options)
    for name, value in counted._asdict().items():
        getattr(metric, name).assign(value)
    return float(metric.result())


@pytest.mark.lanes(*LANES)
@pytest.mark.parametrize("curve, summation", CASES)
def test_one_column(curve, summation, keras):
    backend = backend_of(keras_module())
    for seed in range(5):
        counted = counts(seed, ())
        ours = areas.area(backend, areas.Confusion(*map(backend.tensor, counted)), curve, summation)
        assert float(ours) == pytest.approx(by_keras(keras, counted, curve, summation), abs=2e-6)


@pytest.mark.lanes(*HAVE_GAINS)
@pytest.mark.parametrize("curve, summation", GAINS)
def test_gains(curve, summation, keras):
    test_one_column(curve, summation, keras)


@pytest.mark.lanes(*LANES)
@pytest.mark.parametrize("curve, summation", CASES)
@pytest.mark.parametrize("weights", [None, [1.0, 0.5, 3.0]], ids=["even", "weighted"])
def test_labels(weights, curve, summation, keras):
    backend = backend_of(keras_module())
    counted = counts(7, (3,))
    confusion = areas.Confusion(*map(backend.tensor, counted))
    by_label = areas.area(backend, confusion, curve, summation)
    of_label = None if weights is None else backend.tensor(np.float32(weights))
    tp, fp, tn, fn = (part[0] for part in confusion)
    ours = areas.mean_over_labels(backend, by_label, tp + fn, fp + tn, of_label)
    options = {"multi_label": True, "num_labels": 3, "label_weights": weights}
    assert float(ours) == pytest.approx(by_keras(keras, counted, curve, summation, **options), abs=2e-6)
