"""RocCounts against scikit-learn, against pair counting in exact fractions, and against what it promises."""

import copy
import re
import threading
from fractions import Fraction

import numpy as np
import pytest
import sklearn.metrics
from drawn import any_weight, assert_within, pair_auc, rows
from hypothesis import given
from hypothesis import strategies as st

from compat_auc.counting.buckets import bucket, edges
from compat_auc.counting.roc_counts import RocCounts


@given(rows())
def test_the_exact_auc_is_within_the_bounds(data):
    labels, scores, weights = data
    counts = RocCounts().add(labels, scores)
    assert_within(pair_auc(labels, scores, weights), counts.bounds())
    assert counts.bounds()[0] <= counts.auc() <= counts.bounds()[1]


@given(rows(weights=any_weight), st.integers(0, 12))
def test_the_exact_weighted_auc_is_within_the_bounds_at_any_resolution(data, resolution):
    labels, scores, weights = data
    exact = pair_auc(labels, scores, weights)
    counts = RocCounts(resolution).add(labels, scores, weights)
    if exact is None:
        assert np.isnan(counts.bounds()).all() and np.isnan(counts.auc())
    else:
        assert_within(exact, counts.bounds())


@given(rows(scores=st.floats(-1e30, 1e30)), st.sampled_from([None, 0.05, 0.3, 0.9, 1.0]))
def test_sklearns_auc_is_within_the_bounds_up_to_its_own_rounding(data, max_fpr):
    labels, scores, weights = data
    scores = np.clip(scores.astype(np.float64), -1e30, 1e30)  # sklearn takes no infinities
    low, high = RocCounts().add(labels, scores, weights).bounds(max_fpr)
    assert low - 1e-13 <= sklearn.metrics.roc_auc_score(labels, scores, max_fpr=max_fpr) <= high + 1e-13


# Multiples of 1/16 lie in separate buckets, so nothing is lost and everything must equal scikit-learn's.
sixteenths = st.integers(-64, 64).map(lambda n: n / 16)


@given(rows(scores=sixteenths, weights=st.integers(0, 5)), st.sampled_from([None, 0.01, 0.2, 0.5, 1]))
def test_equals_sklearn_where_each_score_has_its_own_bucket(data, max_fpr):
    labels, scores, weights = data
    weights[:2] = 1
    counts = RocCounts().add(labels, scores, weights)
    expected = sklearn.metrics.roc_auc_score(labels, scores, sample_weight=weights, max_fpr=max_fpr)
    assert counts.auc(max_fpr) == pytest.approx(expected, abs=1e-13)


@given(rows(scores=sixteenths, weights=st.integers(0, 5)), st.booleans())
def test_the_curve_equals_sklearns_where_each_score_has_its_own_bucket(data, drop_intermediate):
    labels, scores, weights = data
    weights[:2] = 1
    ours = RocCounts().add(labels, scores, weights).roc_curve(drop_intermediate=drop_intermediate)
    theirs = sklearn.metrics.roc_curve(labels, scores, sample_weight=weights, drop_intermediate=drop_intermediate)
    for one, other in zip(ours[:2], theirs[:2]):
        np.testing.assert_allclose(one, other, atol=1e-13)
    # sklearn names the score itself, the ladder the lowest score of its bucket.
    np.testing.assert_array_equal(bucket(ours[2]), bucket(theirs[2]))


@given(rows())
def test_every_threshold_gives_the_rates_of_the_rows(data):
    labels, scores, _ = data
    for fpr, tpr, threshold in zip(*RocCounts().add(labels, scores).roc_curve()):
        called = scores.astype(np.float64) >= threshold
        if threshold < np.inf:
            assert tpr == pytest.approx(called[labels].mean(), abs=1e-12)
            assert fpr == pytest.approx(called[~labels].mean(), abs=1e-12)


def test_the_curve_starts_at_an_infinite_threshold_with_nothing_called():
    fpr, tpr, thresholds = RocCounts().add([0, 1], [-np.inf, np.inf]).roc_curve()
    assert (fpr[0], tpr[0], thresholds[0]) == (0, 0, np.inf)
    assert (fpr[-1], tpr[-1]) == (1, 1)


@given(rows(weights=st.integers(0, 1 << 30).map(float)), st.lists(st.integers(0, 40), max_size=6), st.randoms())
def test_any_split_and_any_merge_order_gives_the_same_counts(data, cuts, random):
    labels, scores, weights = data
    whole = RocCounts().add(labels, scores, weights)
    bounds = [0, *sorted(min(cut, len(labels)) for cut in cuts), len(labels)]
    parts = [RocCounts().add(labels[a:b], scores[a:b], weights[a:b]) for a, b in zip(bounds[:-1], bounds[1:])]
    random.shuffle(parts)
    while len(parts) > 1:
        parts.append(parts.pop(random.randrange(len(parts))) + parts.pop(random.randrange(len(parts))))
    assert parts[0] == whole


@given(rows(weights=st.floats(0, 1e6)), st.randoms())
def test_fractional_weights_in_any_order_give_the_same_counts_to_within_rounding(data, random):
    labels, scores, weights = data
    order = list(range(len(labels)))
    random.shuffle(order)
    one = RocCounts().add(labels, scores, weights)
    other = RocCounts().add(labels[order], scores[order], weights[order])
    np.testing.assert_allclose(other.positive, one.positive, rtol=len(labels) * 2.0**-53, atol=0)
    np.testing.assert_allclose(other.negative, one.negative, rtol=len(labels) * 2.0**-53, atol=0)


def test_counts_stay_exact_past_what_a_float32_can_count():
    counts = RocCounts().add([1, 0], [0.7, 0.2], [2.0**24, 2.0**40])
    counts.add([1, 0], [0.7, 0.2])
    assert (counts.positive.sum(), counts.negative.sum()) == (2**24 + 1, 2**40 + 1)


def test_bounds_of_whole_weights_that_add_up_to_more_than_2_to_53():
    """Rows of weight 1 after one of 2**53 are rounded away, and the count is still whole."""
    ones = 60_000
    labels, scores = np.r_[np.ones(ones + 2), 0], np.r_[0.9, np.full(ones, 0.9), 0.1, 0.5]
    counts = RocCounts().add(labels, scores, np.r_[2.0**53, np.ones(ones), 2.0**53, 1])
    assert counts.positive.sum() == 2.0**54
    assert_within(Fraction(2**53 + ones, 2**54 + ones), counts.bounds())
    low, high = RocCounts().add(labels, scores, np.r_[2.0**51, np.ones(ones), 2.0**51, 1]).bounds()
    assert high - low < 1e-14


def test_more_rows_than_one_chunk_are_all_counted():
    rng = np.random.default_rng(5)
    labels, scores = rng.random(150_001) < 0.1, rng.normal(size=150_001)
    counts = RocCounts().add(labels, scores)
    assert counts.positive.sum() == labels.sum() and counts.negative.sum() == (~labels).sum()
    assert counts.auc() == pytest.approx(sklearn.metrics.roc_auc_score(labels, scores), abs=2e-5)


def test_threads_that_add_and_merge_lose_nothing():
    total, batches = RocCounts(), 200

    def work(add):
        for _ in range(batches):
            add()

    other = RocCounts().add([1, 0], [0.9, 0.1])
    jobs = [lambda: total.add([0, 1, 1], [0.1, 0.4, 0.9], [0.5, 1, 2])] * 4 + [lambda: total.merge(other)] * 4
    threads = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total.positive.sum() == 4 * batches * 3 + 4 * batches
    assert total.negative.sum() == 4 * batches * 0.5 + 4 * batches
    assert copy.deepcopy(total) == total and total.merge(total).positive.sum() == 8 * batches * 4


def test_the_table_of_resolutions_is_what_it_says():
    rows = re.findall(r"^ +(\d+) +([\d,]+) +([\d.]+) ([kM])B +([\d.]+)", RocCounts.__doc__, re.MULTILINE)
    assert len(rows) == 4
    for resolution, buckets, memory, unit, width in rows:
        starts = np.clip(edges(int(resolution)), 0, 1)
        share = np.diff(np.append(starts, 1.0))  # Of uniform scores, in each bucket.
        assert len(share) == int(buckets.replace(",", ""))
        assert 24 * len(share) == pytest.approx(float(memory) * {"k": 1e3, "M": 1e6}[unit], rel=0.02)
        low, high = RocCounts.from_counts(share, share, int(resolution), unit=0).bounds()
        assert float(f"{high - low:.{len(width) - 2}f}") == float(width)


def test_logits_far_from_0_gain_by_a_shift_as_the_docstring_says():
    rng = np.random.default_rng(0)
    labels = rng.random(200_000) < 0.3
    scores = rng.normal(size=200_000) + labels - 100
    widths = [np.diff(RocCounts().add(labels, moved).bounds())[0] for moved in (scores, scores + 100)]
    assert widths == pytest.approx([0.11, 0.0004], rel=0.05)
