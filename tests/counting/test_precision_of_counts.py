"""RocCounts' average precision and its curve: against scikit-learn, whatever was added, merged and saved."""

import itertools
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
# Multiples of 1/16 lie in separate buckets.
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


def test_counts_from_elsewhere_are_of_whole_weights_if_they_are_whole_unless_said_otherwise():
    counts = RocCounts(0).add([1, 1, 0, 0], [0.3, 0.31, 0.32, 0.9])
    whole, any_kind = (RocCounts.from_counts(counts.positive, counts.negative, 0, unit) for unit in (None, 0))
    assert whole.average_precision_bounds() == counts.average_precision_bounds()
    assert any_kind.average_precision_bounds()[0] < whole.average_precision_bounds()[0]
    for unit in (-1, np.inf, np.nan):
        with pytest.raises(ValueError, match="unit must be None, 0 or a weight above 0. Received"):
            RocCounts.from_counts(counts.positive, counts.negative, 0, unit)


def mean_over_orders(*buckets):
    """The average precision of (positives, negatives) in each bucket, the highest first, over all orders within it."""
    orders = [set(itertools.permutations([1] * p + [0] * n)) for p, n in buckets]
    labels = [list(itertools.chain(*order)) for order in itertools.product(*orders)]
    return np.mean([sklearn.metrics.average_precision_score(order, -np.arange(len(order))) for order in labels])


def test_several_rows_of_unequal_weight_in_a_bucket():
    # Not whole: a row is taken to weigh 0.5, as the positives of the lightest bucket do. So 1.5 and 1 are 3 and 2 rows.
    counts = RocCounts(0).add([1, 1, 1, 0], [0.9, 0.3, 0.31, 0.32], [0.5, 0.3, 1.2, 1.0])
    assert counts.average_precision() == pytest.approx(mean_over_orders((1, 0), (3, 2)), abs=1e-12)
    # Whole: a row is taken to weigh 1, though the lightest bucket weighs 2.
    counts = RocCounts(0).add([1, 1, 1, 0], [0.9, 0.3, 0.31, 0.32], [2, 1, 3, 2])
    assert counts.average_precision() == pytest.approx(mean_over_orders((2, 0), (4, 2)), abs=1e-12)
    assert counts.average_precision() != pytest.approx(mean_over_orders((1, 0), (2, 1)), abs=1e-3)


def test_ties_within_a_bucket_are_taken_for_any_order_unless_all_rows_tie():
    """scikit-learn sees which rows tie. A `RankAUC` keeps no scores, so it takes all orders for equally likely."""
    counts = RocCounts().add([1, 0, 0], [0.3, 0.3, 0.3])
    assert counts.average_precision() == sklearn.metrics.average_precision_score([1, 0, 0], [0.3] * 3)
    unknown = RocCounts.from_counts(counts.positive, counts.negative).average_precision()
    assert unknown == pytest.approx((1 + 1 / 2 + 1 / 3) / 3, abs=1e-12)


@given(rows(weights=st.sampled_from([5e-324, 1e-322, 1e-310, 1e-308, 1e-300])))
def test_the_lightest_weights_of_all(data):
    labels, scores, weights = data
    counts, heavier = (RocCounts(3).add(labels, scores, np.ldexp(weights, exponent)) for exponent in (0, 1000))
    assert counts.average_precision() == pytest.approx(heavier.average_precision(), abs=1e-12)
    assert counts.average_precision_bounds() == pytest.approx(heavier.average_precision_bounds(), abs=1e-8)
    assert counts.auc() == pytest.approx(heavier.auc(), abs=1e-12)


@pytest.mark.parametrize("weights", [[1e-310, 1e-310, 1, 2], [1, 2, 1e-310, 1e-310]], ids=["top", "bottom"])
def test_one_bucket_of_the_lightest_weights(weights):
    """It changes nothing. In the other one a positive of 1 ties with a negative of 2."""
    counts = RocCounts().add([1, 0, 1, 0], [0.9, 0.9, 0.2, 0.2], weights)
    assert counts.average_precision() == pytest.approx(1 / 3, abs=1e-12)
    low, high = counts.average_precision_bounds()
    assert low <= 1 / 3 <= high < 1 / 3 + 1e-8
    unknown = RocCounts.from_counts(counts.positive, counts.negative, unit=0)
    low, high = unknown.average_precision_bounds()
    assert low <= unknown.average_precision() <= high and (low, high) == pytest.approx((1 - 2 * np.log(1.5), 1))
