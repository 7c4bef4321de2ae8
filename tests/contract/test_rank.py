"""RankAUC against scikit-learn, and bucket by bucket against RocCounts."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_metric import areas, batches, counted

from compat_auc import RankAUC, RocCounts

# The stacks that RankAUC is for.
pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph")


# Counts and areas


any_float32 = st.one_of(
    st.floats(width=32, allow_nan=False),
    st.floats(0, 1, width=32),
    st.sampled_from([0.0, -0.0, 0.5, 1.0, np.inf, -np.inf, 1e-45, -1e-45, 1.1754944e-38, 3.4028235e38]),
)


some_rows = st.lists(st.tuples(st.booleans(), any_float32), min_size=1, max_size=30)


@settings(max_examples=40)
@given(drawn=some_rows, resolution=st.sampled_from([3, 7]))
def test_counts_are_those_of_numpy_bucket_by_bucket(drawn, resolution, stack):
    labels = np.array([label for label, _ in drawn], np.float32)
    scores = np.array([score for _, score in drawn], np.float32)
    metric = counted(stack, RankAUC(resolution=resolution), labels, scores)
    assert metric.counts() == RocCounts(resolution).add(labels, scores)


@pytest.mark.parametrize("size", [1, 37, 5000])
def test_batches_of_any_size_give_the_auc_of_all_rows(rows, size, stack, tolerance):
    labels, scores, _ = (array[:500] if size == 1 else array for array in rows)
    metric = RankAUC()
    for batch_labels, batch_scores in batches(size, labels, scores):
        counted(stack, metric, batch_labels, batch_scores)
    counts = metric.counts()
    assert counts == RocCounts().add(labels, scores)
    assert stack.value(metric) == pytest.approx(counts.auc(), abs=tolerance)
    low, high = counts.bounds()
    assert low <= sklearn.metrics.roc_auc_score(labels, scores) <= high


def test_many_rows_at_once_are_counted_like_few(rows, stack):
    labels, scores, _ = (np.tile(array, 20) for array in rows)
    assert counted(stack, RankAUC(), labels, scores).counts() == RocCounts().add(labels, scores)


@pytest.mark.parametrize("shape", [(), (5000,), (5000, 1)])
def test_sample_weights_weigh_the_rows(rows, shape, stack, tolerance):
    labels, scores, weights = rows
    weights = np.float32(2.0) if shape == () else weights.reshape(shape)
    metric = counted(stack, RankAUC(), labels, scores, weights)
    low, high = metric.counts().bounds()
    flat = None if shape == () else weights.ravel()
    exact = sklearn.metrics.roc_auc_score(labels, scores, sample_weight=flat)
    assert low - tolerance <= exact <= high + tolerance
    assert stack.value(metric) == pytest.approx(metric.counts().auc(), abs=tolerance)


def test_tiny_and_huge_weights_keep_their_ratio(stack):
    labels, scores = np.array([0, 1, 0, 1], np.float32), np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    for scale in (1e-18, 1e18):
        weights = (np.array([1, 2, 3, 4]) * scale).astype(np.float32)
        expected = sklearn.metrics.roc_auc_score(labels, scores, sample_weight=[1, 2, 3, 4])
        assert stack.value(counted(stack, RankAUC(), labels, scores, weights)) == pytest.approx(expected, abs=1e-6)


def test_counting_goes_on_past_what_a_float32_can_count(stack):
    labels, scores = np.array([0, 1], np.float32), np.array([0.2, 0.7], np.float32)
    metric = counted(stack, RankAUC(), labels, scores, np.array([2.0**24, 2.0**25], np.float32))
    for _ in range(3):
        counted(stack, metric, labels, scores)
    counts = metric.counts()
    assert (counts.negative.sum(), counts.positive.sum()) == (2**24 + 3, 2**25 + 3)


@pytest.mark.parametrize("shape", [(3000, 2), (100, 6, 10)])
def test_columns_are_flattened(shape, stack):
    rng = np.random.default_rng(13)
    labels, scores = (rng.random(shape) < 0.3).astype(np.float32), rng.random(shape).astype(np.float32)
    assert counted(stack, RankAUC(), labels, scores).counts() == RocCounts().add(labels, scores)


def test_one_class_gives_nan_and_so_does_nothing(stack):
    assert np.isnan(stack.value(RankAUC()))
    assert np.isnan(stack.value(counted(stack, RankAUC(), np.zeros(3, np.float32), np.zeros(3, np.float32))))
    assert np.isnan(stack.value(counted(stack, RankAUC(), np.ones(3, np.float32), np.zeros(3, np.float32))))


def test_reset_forgets_everything(rows, stack):
    labels, scores, _ = rows
    metric = counted(stack, RankAUC(), labels, scores)
    metric.reset_state()
    assert metric.counts() == RocCounts()
    counted(stack, metric, labels[:100], scores[:100])
    assert metric.counts() == RocCounts().add(labels[:100], scores[:100])


# Several labels


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(14)
    labels = (rng.random((2000, 6)) < [0.5, 0.2, 0.05, 0.3, 0.4, 0.1]).astype(np.float32)
    return labels, (rng.normal(size=(2000, 6)) + labels * [0, 0.5, 1, 1.5, 2, 3]).astype(np.float32)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
def test_averages_are_scikit_learns(table, average, stack):
    labels, scores = table
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, average=average), labels, scores)
    expected = sklearn.metrics.roc_auc_score(labels, scores, average=average)
    # 2,000 rows in buckets: the bounds of each label are about 0.001 wide.
    np.testing.assert_allclose(areas(stack, metric), expected, atol=2e-4)
    for label, counts in enumerate(metric.counts()):
        assert counts == RocCounts().add(labels[:, label], scores[:, label])


def test_counts_are_of_each_label_or_of_all_labels_together(table, stack):
    labels, scores = table
    weights = np.arange(2000, dtype=np.float32)
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, resolution=4), labels, scores, weights)
    together = metric.counts(by_label=False)
    assert together == RocCounts(4).add(labels, scores, weights)
    assert together.auc() == pytest.approx(
        sklearn.metrics.roc_auc_score(labels.ravel(), scores.ravel(), sample_weight=np.repeat(weights, 6)), abs=2e-3
    )
    assert metric.counts(by_label=True) == metric.counts() and len(metric.counts()) == 6
    flattened = counted(stack, RankAUC(resolution=4), labels, scores, weights)
    assert flattened.counts(by_label=True) == [flattened.counts()] == [together]
    assert flattened.counts(by_label=False) == together


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_labels_with_one_class_are_left_out_and_named(table, average, stack):
    labels, scores = table[0].copy(), table[1]
    labels[:, 2], labels[:, 4] = 0, 1
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, average=average), labels, scores)
    kept = [0, 1, 3, 5]
    expected = sklearn.metrics.roc_auc_score(labels[:, kept], scores[:, kept], average=average)
    assert stack.value(metric) == pytest.approx(expected, abs=2e-4)
    assert metric.left_out() == {2: "no positive", 4: "no negative"}


def test_a_vector_has_nan_for_a_label_with_one_class(table, stack):
    labels = table[0].copy()
    labels[:, 2] = 0
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6, average=None), labels, table[1])
    assert np.isnan(areas(stack, metric)).tolist() == [False, False, True, False, False, False]


def test_no_label_with_both_classes_gives_nan(stack):
    metric = RankAUC(multi_label=True, num_labels=2)
    assert np.isnan(stack.value(counted(stack, metric, np.ones((3, 2), np.float32), np.ones((3, 2), np.float32))))


def test_weights_of_rows_count_for_every_label(table, stack):
    labels, scores = table
    weights = np.arange(2000, dtype=np.float32)
    metric = counted(stack, RankAUC(multi_label=True, num_labels=6), labels, scores, weights)
    for label, counts in enumerate(metric.counts()):
        assert counts == RocCounts().add(labels[:, label], scores[:, label], weights)


def test_two_hundred_labels_fit_into_64_mb():
    metric = RankAUC(multi_label=True, num_labels=200)
    held = sum(int(np.prod(v.shape)) * np.dtype(_dtype_name(v)).itemsize for v in metric.variables)
    assert held <= 64e6


def _dtype_name(variable):
    return getattr(variable.dtype, "name", variable.dtype)
