"""Buckets of one score: what is known to tie has no error and no width, however it was counted."""

import json
import pickle

import numpy as np
import pytest
import sklearn.metrics
from drawn import pair_auc
from hypothesis import given
from hypothesis import strategies as st

from compat_auc import RocCounts


def rows(levels, count=5000, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.random(count) < 0.3
    return labels, np.asarray(levels)[
        np.clip((rng.normal(size=count) + labels + 2) * 2, 0, len(levels) - 1).astype(int)
    ]


LEVELS = {
    "five values": np.arange(5.0),
    "one decimal": np.round(np.linspace(0, 1, 11), 1),
    "float32": np.linspace(0, 1, 11, dtype=np.float32),
    "leaves of a tree": np.array([0.013, 0.2, 0.31, 0.57, 0.8, 0.97]),
}


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("max_fpr", [None, 0.13])
def test_few_values_are_exact(name, max_fpr):
    labels, scores = rows(LEVELS[name])
    counts = RocCounts().add(labels, scores)
    exact = sklearn.metrics.roc_auc_score(labels, scores, max_fpr=max_fpr)
    assert counts.bounds(max_fpr) == pytest.approx((exact, exact), abs=1e-12)
    exact = sklearn.metrics.average_precision_score(labels, scores)
    assert (counts.average_precision(), *counts.average_precision_bounds()) == pytest.approx([exact] * 3, abs=1e-12)


def ways(labels, scores):
    """The same rows, counted at once, in parts, merged, saved."""
    whole = RocCounts().add(labels, scores)
    one_by_one = RocCounts()
    for start in range(0, len(labels), 7):
        one_by_one.add(labels[start : start + 7], scores[start : start + 7])
    halves = RocCounts().add(labels[:9], scores[:9]) + RocCounts().add(labels[9:], scores[9:])
    saved = RocCounts.from_dict(json.loads(json.dumps(whole.to_dict(), allow_nan=False)))
    return [whole, one_by_one, halves, saved, pickle.loads(pickle.dumps(halves)), RocCounts().merge(whole)]


# Two of these lie in one bucket, 0.3 and 0.3004.
few_scores = st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.3, 0.3004, 0.7])), min_size=2, max_size=40)


@given(few_scores.filter(lambda rows: len({label for label, _ in rows}) == 2))
def test_the_way_of_counting_changes_nothing(drawn):
    labels, scores = map(np.array, zip(*drawn))
    exact = float(pair_auc(labels, scores, np.ones(len(labels))))
    bounds = RocCounts().add(labels, scores).bounds()
    for counts in ways(labels, scores):
        low, high = counts.bounds()
        assert (low, high) == bounds and low <= exact <= high
        if not {0.3, 0.3004} <= set(scores):
            assert high - low < 1e-13
        low, high = counts.average_precision_bounds()
        assert low - 1e-13 <= sklearn.metrics.average_precision_score(labels, scores) <= high + 1e-13


def test_two_scores_of_a_bucket_stay_two():
    counts = RocCounts().add([0], [0.3]).add([1], [0.3004]).add([0, 1], [0.3, 0.3])
    low, high = counts.bounds()
    assert high - low > 0.5
    assert counts.coarsen(4).bounds() == (low, high)


def test_coarser_buckets_of_one_score():
    labels, scores = rows([0.1, 0.3, 0.3004, 0.9])
    fine = RocCounts(12).add(labels, scores)
    assert fine.coarsen(7).bounds() == RocCounts(7).add(labels, scores).bounds()
    assert np.ptp(fine.bounds()) < 1e-12 < np.ptp(fine.coarsen(7).bounds())


def test_whole_numbers_that_no_float_tells_apart_are_no_tie():
    counts = RocCounts().add([0, 1], np.array([2**60, 2**60 + 1]))
    assert counts.bounds()[1] == 1


def test_counts_from_elsewhere_know_of_no_tie():
    counts = RocCounts().add([0, 1, 1], [0.3, 0.3, 0.3])
    elsewhere = RocCounts.from_counts(counts.positive, counts.negative)
    assert np.ptp(elsewhere.bounds()) > 0.99 and np.ptp((counts + elsewhere).bounds()) > 0.99
    old = {key: value for key, value in counts.to_dict().items() if key != "score"}
    assert RocCounts.from_dict(old).bounds() == elsewhere.bounds()


@pytest.mark.parametrize("score", [[0.3], "ab", [0.3, "0.4"], [0.3, True], [0.3, 0.9], [0.3, float("nan")], 3])
def test_a_damaged_dict_is_an_error(score):
    saved = RocCounts().add([0, 1], [0.3, 0.4]).to_dict()
    with pytest.raises(ValueError, match="score must have a score of each bucket, or None"):
        RocCounts.from_dict({**saved, "score": score})


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.3, 0.3004, 0.31, 0.7])), min_size=2, max_size=40))
def test_coarser_counts_know_the_same_ties(drawn):
    """At resolution 4, 0.3 to 0.31 lie in one bucket. Of these, 0.3 and 0.3004 lie in one bucket at resolution 7."""
    labels, scores = map(np.array, zip(*drawn))
    fine = RocCounts(7).add(labels, scores)
    for resolution in (0, 4):
        expected = RocCounts(resolution).add(labels, scores)
        np.testing.assert_array_equal(fine.coarsen(resolution).bounds(), expected.bounds())


def test_a_coarse_bucket_of_several_scores_does_not_tie():
    # Of the four pairs, the two with 0.1 are in order. The coarse bucket holds the other two.
    labels, scores = [1, 0, 1, 0], [0.3, 0.3004, 0.31, 0.1]
    assert RocCounts(7).add(labels, scores).coarsen(4).bounds() == pytest.approx((0.5, 1), abs=1e-12)
