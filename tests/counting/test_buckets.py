"""The ladder: order, symmetry, and the same bucket whatever holds the score."""

import math

import numpy as np
import pytest
import sklearn.metrics
from drawn import any_score, rows
from hypothesis import example, given
from hypothesis import strategies as st

from compat_auc.counting.buckets import bucket, edges, ladder
from compat_auc.counting.roc_counts import RocCounts


@given(any_score, any_score, st.integers(0, 12))
@example(-math.inf, -3.4e38, 0)
@example(3.4028235e38, math.inf, 0)
def test_a_higher_score_is_never_in_a_lower_bucket(one, other, resolution):
    low, high = sorted([one, other])
    assert bucket(low, resolution) <= bucket(high, resolution)


@pytest.mark.parametrize("resolution", [0, 3, 7, 12])
def test_infinities_have_places_of_their_own_at_the_two_ends(resolution):
    largest = float(np.finfo(np.float32).max)
    places = bucket([-np.inf, -largest, 0.0, 1.0, largest, np.inf], resolution)
    assert places[0] == 0 and places[-1] == ladder(resolution).size - 1
    assert (np.diff(places) > 0).all()


@given(st.floats(allow_nan=False, width=16))
def test_the_dtype_that_holds_a_score_does_not_move_it(score):
    places = {int(bucket(np.asarray(score, dtype))) for dtype in (np.float16, np.float32, np.float64)}
    assert len(places) == 1


@given(st.integers(0, 1 << 24).map(lambda n: n / (1 << 25)))
def test_a_probability_near_one_is_resolved_as_finely_as_near_zero(score):
    size = ladder().size
    if score < 0.5:
        assert bucket(1 - score) == size - 1 - bucket(score)


@pytest.mark.parametrize("centre", [0.0, 1.0])
def test_clusters_below_a_millionth_are_told_apart(centre):
    rng = np.random.default_rng(1)
    labels = rng.random(20_000) < 0.3
    distance = 1e-9 * np.exp(rng.normal(size=20_000) + labels)
    scores = centre + distance * (1 if centre == 0 else -1)
    exact = sklearn.metrics.roc_auc_score(labels, scores)
    low, high = RocCounts().add(labels, scores).bounds()
    assert low <= exact <= high and high - low < 0.02


@pytest.mark.parametrize("resolution", [0, 5, 7])
def test_edges_are_the_lowest_scores_of_their_buckets(resolution):
    lowest = edges(resolution)
    reached = np.unique(bucket(lowest, resolution))
    assert set(bucket(np.random.default_rng(4).random(10_000), resolution)) <= set(reached)
    assert (bucket(lowest[reached], resolution) == reached).all()
    below = np.nextafter(lowest[reached][1:], -np.inf)
    assert (bucket(below, resolution) < reached[1:]).all()


@given(rows(), st.integers(0, 6))
def test_coarser_counts_equal_counting_on_the_coarse_ladder(data, resolution):
    labels, scores, _ = data
    assert RocCounts(7).add(labels, scores).coarsen(resolution) == RocCounts(resolution).add(labels, scores)
