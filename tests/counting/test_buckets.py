"""The ladder: order, symmetry, and the same bucket whatever holds the score."""

import json
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
import sklearn.metrics
from drawn import any_score, assert_within, rows
from hypothesis import example, given
from hypothesis import strategies as st
from of_dtypes import DTYPES, arrays_of, exact, scores_of

from compat_auc.counting.buckets import as_odd_float32, as_scores, bucket, edges, ladder
from compat_auc.counting.roc_counts import RocCounts

any_scalar = st.sampled_from(DTYPES).flatmap(scores_of)


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


@given(any_scalar, st.integers(0, 12))
@example(np.float32(2.0**25), 7)
@example(np.float32(18874368.0), 7)
def test_the_dtype_that_holds_a_score_does_not_move_it(score, resolution):
    with np.errstate(all="ignore"):
        others = [np.asarray(score).astype(dtype)[()] for dtype in DTYPES]
    same = [other for other in others if other == other and exact(other) == exact(score)]
    assert {int(bucket(other, resolution)) for other in same} == {int(bucket(score, resolution))}


@given(any_scalar, any_scalar, st.integers(0, 12))
@example(np.int64(2**54 - 1), np.float64(2.0**54), 7)
def test_scores_of_two_dtypes_are_in_the_order_of_their_exact_values(first, second, resolution):
    low, high = sorted([first, second], key=exact)
    assert bucket(low, resolution) <= bucket(high, resolution)


@pytest.mark.parametrize("resolution", [0, 7, 12])
def test_float32_needs_no_extra_step_for_large_scores(resolution):
    """The backends take ``1 - score`` of every float32: its rounding is in the bucket of ``-score`` above 2**24."""
    lowest = edges(resolution)
    lowest = lowest[(lowest >= 2.0**24) & (lowest < 2.0**128)].astype(np.float32)
    bits = lowest.view(np.int32)[:, None] + np.arange(-64, 64, dtype=np.int32)
    octave = np.arange(2**24 + 2, 2**25 + 2, 2, dtype=np.int64).astype(np.float32)
    scores = np.concatenate([bits.view(np.float32)[bits.view(np.float32) > 2**24], octave])
    mirrored = ladder(resolution).size - 1 - bucket(1 - scores, resolution)
    assert (mirrored == bucket(scores, resolution)).all()


@given(scores_of(np.dtype("i8")), st.integers(0, 12))
def test_an_integer_keeps_its_bucket_as_an_odd_float32(score, resolution):
    assert bucket(as_odd_float32(np.array([float(score)])), resolution) == bucket(score, resolution)


@given(arrays_of(DTYPES), arrays_of(DTYPES), st.integers(0, 12))
def test_counts_of_mixed_dtypes_hold_the_exact_auc(negatives, positives, resolution):
    counts = RocCounts(resolution).add(np.zeros(len(negatives)), negatives).add(np.ones(len(positives)), positives)
    beaten = [(exact(p) > exact(n)) + Fraction(exact(p) == exact(n), 2) for p in positives for n in negatives]
    assert_within(sum(beaten, Fraction(0)) / len(beaten), counts.bounds())
    assert pickle.loads(pickle.dumps(counts)) == counts == RocCounts.from_dict(json.loads(json.dumps(counts.to_dict())))
    for fpr, tpr, threshold in list(zip(*counts.roc_curve(drop_intermediate=False)))[1:]:
        # NumPy compares an integer with a threshold as float64, too.
        for rate, scores in ((fpr, negatives), (tpr, positives)):
            assert rate == np.mean(scores.astype(np.float64) >= threshold)


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


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble", "int8", "int64", "uint64", "bool"])
def test_the_dtype_that_scores_are_read_in(dtype):
    """The narrower of float32 and float64 that holds every float; float64 for integers."""
    assert as_scores(np.ones(2, dtype)).dtype == ("float32" if dtype in ("float16", "float32") else "float64")
