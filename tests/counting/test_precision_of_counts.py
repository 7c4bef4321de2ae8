"""RocCounts' average precision and its curve: against scikit-learn, whatever was added, merged and saved."""

import json

import numpy as np
import pytest
import sklearn.metrics
from drawn import rows
from hypothesis import given
from hypothesis import strategies as st

from compat_auc import RocCounts
from compat_auc.counting.buckets import bucket

finite = st.floats(-1e30, 1e30)
of_all_kinds = st.one_of(
    st.just(1.0), st.integers(1, 5).map(float), st.sampled_from([0.5, 0.25]), st.floats(1e-3, 1e3), st.just(0.0)
)
# Multiples of 1/16 lie in buckets of their own.
sixteenths = st.integers(-64, 64).map(lambda n: n / 16)


@given(rows(scores=finite, weights=of_all_kinds), st.integers(0, 12), st.integers(0, 40))
def test_sklearns_value_is_within_the_bounds(data, resolution, cut):
    labels, scores, weights = data
    weights[:2] = np.maximum(weights[:2], 0.5)  # scikit-learn has no NaN for a missing class.
    scores = np.clip(scores.astype(np.float64), -1e30, 1e30)
    exact = sklearn.metrics.average_precision_score(labels, scores, sample_weight=weights)
    parts = slice(cut), slice(cut, None)
    halves = [RocCounts(resolution).add(labels[part], scores[part], weights[part]) for part in parts]
    whole = RocCounts(resolution).add(labels, scores, weights)
    saved = RocCounts.from_dict(json.loads(json.dumps(whole.to_dict())))
    for counts in (whole, halves[0] + halves[1], saved, whole.copy(), whole.coarsen(0)):
        low, high = counts.average_precision_bounds()
        assert low - 1e-13 <= exact <= high + 1e-13
        assert low - 1e-13 <= counts.average_precision() <= high + 1e-13
    assert saved.average_precision_bounds() == whole.average_precision_bounds()


@given(rows(scores=finite), st.floats(1e-6, 1e6))
def test_equal_weights_mean_nothing(data, weight):
    labels, scores, _ = data
    expected = RocCounts().add(labels, scores)
    found = RocCounts().add(labels, scores, np.full(len(labels), weight))
    assert found.average_precision() == pytest.approx(expected.average_precision(), abs=1e-12)
    # Counts of floats are widened by more.
    assert found.average_precision_bounds() == pytest.approx(expected.average_precision_bounds(), abs=4e-9)


def test_halves_that_add_up_to_a_whole_are_still_halves():
    """Two rows of weight 1/2 can be apart where one of weight 1 cannot, so the lowest value is lower."""
    labels, scores, weights = [1, 1, 0], [0.300, 0.301, 0.3005], [0.5, 0.5, 1]
    counts = RocCounts(0).add(labels, scores, weights)
    assert counts == RocCounts(0).add([1, 0], [0.3, 0.3])
    exact = sklearn.metrics.average_precision_score([1, 1, 0], [0.30, 0.31, 0.32], sample_weight=weights)
    one_row = RocCounts(0).add([1, 0], [0.3, 0.3]).average_precision_bounds()[0]
    assert counts.average_precision_bounds()[0] <= exact < one_row


@given(rows(scores=sixteenths, weights=st.integers(1, 5)))
def test_the_curve_equals_sklearns_where_each_score_has_its_own_bucket(data):
    labels, scores, weights = data
    scores = scores.astype(np.float64)
    ours = RocCounts().add(labels, scores, weights).precision_recall_curve()
    theirs = sklearn.metrics.precision_recall_curve(labels, scores, sample_weight=weights)
    for one, other in zip(ours[:2], theirs[:2]):
        np.testing.assert_allclose(one, other, atol=1e-13)
    np.testing.assert_array_equal(bucket(ours[2]), bucket(theirs[2]))


@given(rows())
def test_every_threshold_gives_precision_and_recall_of_the_rows(data):
    labels, scores, _ = data
    for precision, recall, threshold in zip(*RocCounts(4).add(labels, scores).precision_recall_curve()):
        called = scores.astype(np.float64) >= threshold
        assert precision == pytest.approx(labels[called].mean(), abs=1e-12)
        assert recall == pytest.approx(called[labels].mean(), abs=1e-12)


def test_rare_events_with_tiny_scores():
    """Of the issue that this was made for: 1 in 1000, scores near 1e-4, where 200 thresholds see one bucket."""
    rng = np.random.default_rng(0)
    labels = rng.random(200_000) < 1e-3
    scores = 1e-4 * np.exp(rng.normal(size=len(labels)) + 2 * labels)
    exact = sklearn.metrics.average_precision_score(labels, scores)
    counts = RocCounts().add(labels, scores)
    low, high = counts.average_precision_bounds()
    assert low <= exact <= high and high - low < 0.02
    assert counts.average_precision() == pytest.approx(exact, abs=1e-3)
    weighted = RocCounts().add(labels, scores, np.where(labels, 166.7, 0.5003))
    weights = np.where(labels, 166.7, 0.5003)
    exact = sklearn.metrics.average_precision_score(labels, scores, sample_weight=weights)
    assert weighted.average_precision() == pytest.approx(exact, abs=1e-3)


@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_a_missing_class_gives_nan(labels):
    counts = RocCounts().add(labels, [0.5] * len(labels))
    assert np.isnan([counts.average_precision(), *counts.average_precision_bounds()]).all()
    precision, recall, thresholds = counts.precision_recall_curve()
    assert precision[-1] == 1 and recall[-1] == 0 and len(precision) == len(thresholds) + 1
