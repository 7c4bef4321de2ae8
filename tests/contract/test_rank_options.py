"""RankAUC: average precision, class numbers as labels, and labels that the first batch counts."""

import copy

import numpy as np
import pytest
import sklearn.metrics
from rank_metric import areas, counted

from compat_auc import RankAUC, RocCounts

pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "tf_keras-graph")


def rare(rng, rows=4000, columns=None):
    shape = rows if columns is None else (rows, columns)
    labels = (rng.random(shape) < 0.05).astype("float32")
    return labels, (rng.normal(size=shape) + 1.5 * labels).astype("float32")


@pytest.mark.parametrize("weighted", [False, True])
def test_average_precision(weighted, stack, tolerance):
    rng = np.random.default_rng(3)
    labels, scores = rare(rng)
    weights = rng.random(len(labels)).astype("float32") if weighted else None
    metric = RankAUC(curve="PR")
    stack.update(metric, labels, scores, weights)
    low, high = metric.counts().average_precision_bounds()
    exact = sklearn.metrics.average_precision_score(labels, scores, sample_weight=weights)
    assert metric.name == "rank_auc_pr" and low <= exact <= high
    assert stack.value(metric) == pytest.approx(metric.counts().average_precision(), abs=10 * tolerance + 1e-9)
    assert stack.value(metric) == pytest.approx(exact, abs=5e-3)


@pytest.mark.parametrize("copied", [False, True])
def test_bounds_hold_for_fractional_weights_that_add_up_to_whole_counts(copied, stack):
    """Two positives of weight 0.5 are behind a negative: 0.5 * 0.5 / 1.5 + 0.5 * 1 / 2. One of 1 gives 1 / 2."""
    labels, scores = np.float32([1, 1, 0]), np.float32([0.26, 0.27, 0.3])
    metric = RankAUC(curve="PR", resolution=0)
    stack.update(metric, labels, scores, np.float32([0.5, 0.5, 1]))
    low, high = (copy.deepcopy(metric) if copied else metric).counts().average_precision_bounds()
    assert low <= 5 / 12 <= high

    unweighted = RankAUC(curve="PR", resolution=0)
    stack.update(unweighted, labels[1:], scores[1:])
    assert unweighted.counts().average_precision_bounds()[0] == pytest.approx(1 / 2)


def test_average_precision_with_each_row_in_a_bucket_of_its_own(stack):
    """Nothing is unknown then: scikit-learn's number to the last bits."""
    scores = np.float32([0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9])
    labels = np.float32([0, 1, 0, 0, 1, 0, 1, 1, 0])
    metric = counted(stack, RankAUC(curve="PR"), labels, scores)
    assert stack.value(metric) == pytest.approx(sklearn.metrics.average_precision_score(labels, scores), abs=1e-6)


def test_average_precision_of_each_label(stack):
    labels, scores = rare(np.random.default_rng(4), columns=3)
    labels[:, 2] = 0
    metric = counted(stack, RankAUC(curve="PR", multi_label=True, num_labels=3, average=None), labels, scores)
    found = areas(stack, metric)
    exact = [sklearn.metrics.average_precision_score(labels[:, i], scores[:, i]) for i in (0, 1)]
    np.testing.assert_allclose(found[:2], exact, atol=5e-3)
    assert np.isnan(found[2])


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)], ids=str)
def test_class_numbers_are_one_against_the_rest(shape, stack):
    rng = np.random.default_rng(5)
    classes, scores = rng.integers(0, 4, 2000), rng.random((2000, 4)).astype("float32")
    scores[np.arange(2000), classes] += 0.3
    scores /= scores.sum(1, keepdims=True)
    metric = counted(stack, RankAUC(multi_label=True, num_labels=4), classes.reshape(shape), scores)
    exact = sklearn.metrics.roc_auc_score(classes, scores, multi_class="ovr")
    assert stack.value(metric) == pytest.approx(exact, abs=1e-3)
    ignoring = RankAUC(multi_label=True, num_labels=4, ignore_class=-1)
    kept = np.arange(2000) % 3 > 0
    counted(stack, ignoring, np.where(kept, classes, -1).reshape(shape), scores)
    exact = sklearn.metrics.roc_auc_score(classes[kept], scores[kept], multi_class="ovr")
    assert stack.value(ignoring) == pytest.approx(exact, abs=1e-3)


@pytest.mark.parametrize("wrong", [4, -1])
def test_a_class_without_a_column_is_an_error(wrong, stack):
    scores = np.full((3, 4), 0.25, "float32")
    with pytest.raises(stack.errors, match="class numbers"):
        counted(stack, RankAUC(multi_label=True, num_labels=4), np.float32([0, 1, wrong]), scores)


def test_the_first_batch_tells_how_many_labels(stack, make_model, data):
    x, y = data
    labels = np.stack([y, 1 - y, y], 1)
    if stack.graph:
        with pytest.raises(ValueError, match="num_labels=3"):
            counted(stack, RankAUC(multi_label=True), labels, labels)
        return
    metric = RankAUC(multi_label=True)
    assert np.isnan(stack.value(metric)) and metric.counts() == metric.counts(by_label=True) == []
    assert metric.counts(by_label=False) == RocCounts()
    model = make_model([metric], units=3)
    logged = model.fit(x, labels, verbose=0, validation_data=(x, labels)).history
    exact = sklearn.metrics.roc_auc_score(labels, model.predict(x, verbose=0))
    assert logged["val_rank_auc"] == [pytest.approx(exact, abs=1e-3)] and metric.num_labels == 3
    assert type(metric).from_config(metric.get_config()).num_labels is None


def test_many_labels_have_coarser_buckets():
    assert RankAUC(multi_label=True, num_labels=16).resolution == 7
    assert RankAUC(multi_label=True, num_labels=17).resolution == 4
    assert RankAUC(multi_label=True, num_labels=17, resolution=7).resolution == 7


def test_unknown_curve():
    with pytest.raises(ValueError, match="curve must be one of"):
        RankAUC(curve="LIFT")
