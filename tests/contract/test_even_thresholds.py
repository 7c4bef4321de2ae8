"""Buckets of even thresholds are arithmetic: equal to the comparison with each threshold, compiled or not."""

import numpy as np
import pytest

from compat_auc.backends import backend_of
from compat_auc.stack import keras_module

MANY = [2, 3, 4, 5, 7, 11, 49, 50, 94, 100, 101, 128, 199, 200, 201, 257, 500, 1000, 1025, 2000, 4097, 9999, 10000]


def hard_scores(num_thresholds):
    """Each threshold, its float32 neighbours and the points half-way; 0, 1 and what lies next to them; denormals."""
    steps = np.float64(num_thresholds - 1)
    exact = np.float32(np.arange(num_thresholds) / steps)
    half_way = np.float32((np.arange(num_thresholds - 1) + 0.5) / steps)
    tiny = np.float32([1e-45, 1e-40, 1.1754944e-38, 1e-30, 1e-10])
    points = np.concatenate([exact, half_way, tiny, np.float32([0, 1])])
    beside = [np.nextafter(points, np.float32(side)) for side in (0, 1)]
    return np.unique(np.clip(np.concatenate([points, *beside]), 0, 1).astype(np.float32))


def compared(scores, num_thresholds):
    """How many inner thresholds lie below each score, by comparing: TensorFlow 1 made them so."""
    inner = np.float32([(i + 1) * 1.0 / (num_thresholds - 1) for i in range(num_thresholds - 2)])
    return np.searchsorted(inner, scores, side="left")


def found(stack, compiled, num_thresholds, scores):
    backend = backend_of(keras_module())

    def bucket(tensor):
        return backend.even_bucket(tensor, num_thresholds)

    if stack.graph:
        holder = stack.tensorflow.compat.v1.placeholder("float32", (None,))
        return stack.session().run(bucket(holder), {holder: scores})
    if compiled and stack.backend == "jax":
        import jax

        return np.asarray(jax.jit(bucket)(scores))
    if compiled and stack.backend == "tensorflow":
        bucket = stack.tensorflow.function(bucket, **compiled)
    return np.asarray(bucket(backend.tensor(scores)))


FUNCTION = pytest.mark.lanes("keras3", "keras3-jax", "tf_keras", "keras2", "oldest")
XLA = pytest.mark.lanes("keras3", "tf_keras", "keras2")  # On JAX a compiled function is compiled by XLA.


@pytest.mark.parametrize(
    "compiled",
    [
        None,
        pytest.param({"autograph": False}, marks=FUNCTION),
        pytest.param({"autograph": False, "jit_compile": True}, marks=XLA),
    ],
    ids=["as it is", "function", "xla"],
)
def test_each_threshold_and_its_neighbours(compiled, stack):
    for num_thresholds in MANY:
        scores = hard_scores(num_thresholds)
        ours = found(stack, compiled, num_thresholds, scores)
        np.testing.assert_array_equal(ours, compared(scores, num_thresholds), err_msg=str(num_thresholds))


def test_a_product_in_the_place_of_the_division_would_be_seen():
    """What a compiler makes of a division by a constant: of 10,000 thresholds many are off by their last bit."""
    for num_thresholds in (50, 94, 200, 1000, 10000):
        steps, numbers = np.float32(num_thresholds - 1), np.arange(num_thresholds, dtype=np.float32)
        scores = hard_scores(num_thresholds)
        nearest = np.floor(scores * steps + np.float32(0.5))
        as_product = np.maximum(nearest - (scores <= nearest * (np.float32(1) / steps)), 0)
        if (numbers / steps != numbers * (np.float32(1) / steps)).any():
            assert (as_product != compared(scores, num_thresholds)).any()
