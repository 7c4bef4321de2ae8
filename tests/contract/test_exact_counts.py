"""Counts of one batch are exact, also above 2**24, where a float32 can count no further."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_metric import counted

from compat_auc import RankAUC, RocCounts, auc_roc
from compat_auc.backends import backend_of, to_numpy

RANK = ("keras3", "keras3-jax", "keras3-torch", "tf_keras")
MANY = 2**24 + 2000


@pytest.mark.lanes(*RANK)
def test_a_batch_of_more_rows_in_a_bucket_than_a_float32_can_count(stack):
    labels, scores = np.zeros(MANY, np.float32), np.full(MANY, 0.25, np.float32)
    labels[-10:], scores[-10:], scores[:1000] = 1, 0.5, 0.75
    counts = counted(stack, RankAUC(), labels, scores).counts()
    assert counts == RocCounts().add(labels, scores)
    assert counts.negative.max() == MANY - 1010
    assert float(counted(stack, auc_roc(), labels, scores).result()) == pytest.approx(counts.auc(), abs=1e-6)


@pytest.mark.lanes("keras3-jax")
def test_jax_counts_ones_given_as_weights_as_it_counts_rows(stack):
    labels, scores = np.zeros(MANY, np.float32), np.full(MANY, 0.25, np.float32)
    labels[-10:], scores[-10:], scores[:1000] = 1, 0.5, 0.75
    metric = counted(stack, RankAUC(ignore_class=-1), labels, scores)
    assert metric.counts() == RocCounts().add(labels, scores)
    metric = counted(stack, auc_roc(ignore_class=-1), labels, scores)
    assert float(metric.result()) == pytest.approx(1 - 1000 / (MANY - 10), abs=1e-6)


whole_weights = st.one_of(
    st.integers(0, 1000), st.integers(0, 2**24), st.integers(0, 25).map(lambda power: 2**power), st.just(2**24 - 1)
)


@pytest.mark.lanes(*RANK)
@settings(max_examples=30)
@given(
    rows=st.lists(st.tuples(st.booleans(), st.sampled_from([0.2, 0.25, 0.8]), whole_weights), min_size=1, max_size=60),
    times=st.sampled_from([1, 50]),
)
def test_whole_weights_of_a_batch(rows, times, stack):
    labels, scores, weights = (np.tile(np.array(part, np.float32), times) for part in zip(*rows))
    assert counted(stack, RankAUC(), labels, scores, weights).counts() == RocCounts().add(labels, scores, weights)


@pytest.mark.lanes("keras3-jax")
@pytest.mark.parametrize("largest", [3, 255, 2**16, 2**20])
def test_jax_counts_many_rows_with_whole_weights(largest, keras):
    rng = np.random.default_rng(5)
    rows = (1 << 20) + 1000
    place, weights = rng.integers(0, 3, rows, np.int32), rng.integers(0, largest + 1, rows).astype(np.float32)
    backend = backend_of(keras)
    parts = backend.parts(backend.tensor(place), backend.tensor(weights), 4)
    exact = np.bincount(place, weights.astype(np.float64), 4)
    assert sum(to_numpy(part).astype(np.float64) for part in parts).tolist() == exact.tolist()
    np.testing.assert_allclose(to_numpy(backend.count(place, weights, 4, "float32")), exact, rtol=1e-6)


@pytest.mark.lanes("keras3-jax")
@pytest.mark.filterwarnings("ignore:rank_auc is NaN because a compiled step")
def test_wrong_rows_make_a_jitted_result_nan(keras):
    import jax

    metric = RankAUC()
    state = [variable.value for variable in metric.variables]
    update = jax.jit(metric.stateless_update_state)
    rows = np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3], np.float32)
    for wrong in ([1.0, -1.0, 1.0], [1.0, np.nan, 1.0]):
        poisoned = update(state, *rows, np.array(wrong, np.float32))
        assert np.isnan(metric.stateless_result(update(poisoned, *rows, np.ones(3, np.float32))))
