"""Average precision from counts: against every order of the rows, scikit-learn, and SciPy's digamma."""

import itertools
import math

import numpy as np
import pytest
import scipy.special
from drawn import any_weight, rows
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from compat_auc.counting import precision
from compat_auc.counting.buckets import bucket, ladder


def sklearns(labels, scores, weights=None):
    with np.errstate(all="ignore"):  # Its own, of weights whose sum is near the smallest float.
        return average_precision_score(labels, scores, sample_weight=weights)


def counted(labels, places, weights, size):
    labels = np.asarray(labels, bool)
    return tuple(np.bincount(places[side], weights[side], size).astype(float) for side in (labels, ~labels))


few_counts = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3).filter(
    lambda counts: all(map(any, zip(*counts)))
)


def by_definition(labels):
    """The mean over the positives of the precision when each is met; the labels in falling order of the score."""
    met = [place for place, label in enumerate(labels) if label]
    return sum((rank + 1) / (place + 1) for rank, place in enumerate(met)) / len(met)


@pytest.mark.parametrize(
    "counts",
    [[(1, 1)], [(2, 3)], [(1, 2), (2, 1)], [(0, 2), (3, 1), (1, 0)], [(2, 2), (0, 3), (2, 2)], [(3, 3), (1, 3)]],
    ids=str,
)
def test_it_is_the_mean_over_all_orders_within_the_buckets(counts):
    """Every arrangement of the labels of each bucket is as likely as any other."""
    orders = [set(itertools.permutations([True] * p + [False] * n)) for p, n in reversed(counts)]
    found = [by_definition(itertools.chain(*order)) for order in itertools.product(*orders)]
    positive, negative = np.array(counts, float).T
    assert precision.average_precision(positive, negative) == pytest.approx(np.mean(found), abs=1e-12)


@given(few_counts)
def test_the_bounds_are_reached(counts):
    """No two numbers closer together would do: some order, ties among it, has each of them."""
    positive, negative = np.array(counts, float).T
    low, high = precision.bounds(positive, negative, unit=1.0)
    labels, worst, best = [], [], []
    for place, (p, n) in enumerate(counts):
        labels += [True] * p + [False] * n
        worst += [place + 0.01 * i for i in range(p)] + [place + 0.5] * n
        best += [place + 0.5] * p + [place] * n
    assert sklearns(labels, worst) == pytest.approx(low, abs=1e-12)
    assert sklearns(labels, best) == pytest.approx(high, abs=1e-12)


@given(rows(scores=st.floats(-1e30, 1e30)), st.integers(0, 12))
def test_sklearns_value_is_within_the_bounds(data, resolution):
    labels, scores, weights = data
    scores = np.clip(scores.astype(np.float64), -1e30, 1e30)
    counts = counted(labels, bucket(scores, resolution), weights, ladder(resolution).size)
    exact = sklearns(labels, scores)
    for unit in (1.0, 0.0):
        low, high = precision.bounds(*counts, unit=unit)
        assert low - 1e-13 <= exact <= high + 1e-13
        assert low <= precision.average_precision(*counts) <= high


@given(rows(scores=st.floats(-1e30, 1e30), weights=any_weight.filter(lambda weight: weight > 1e-30)))
def test_sklearns_value_of_weighted_rows_is_within_the_bounds(data):
    labels, scores, weights = data
    scores = np.clip(scores.astype(np.float64), -1e30, 1e30)
    counts = counted(labels, bucket(scores, 3), weights, ladder(3).size)
    low, high = precision.bounds(*counts)
    assert low - 1e-13 <= sklearns(labels, scores, weights) <= high + 1e-13
    assert low - 1e-13 <= precision.average_precision(*counts, unit=None) <= high + 1e-13


one_weight = st.floats(1e-9, 1e9)


@given(rows(scores=st.integers(-64, 64).map(lambda n: n / 16)), one_weight)
def test_equals_sklearn_where_each_row_has_its_own_bucket(data, weight):
    labels, scores, _ = data
    _, first = np.unique(scores, return_index=True)
    labels, scores = labels[first], scores[first]
    weights = np.full(len(labels), weight)
    counts = counted(labels, bucket(scores), weights, ladder().size)
    if 0 < labels.sum() < len(labels):
        exact = sklearns(labels, scores)
        for unit in (None, weight):
            assert precision.average_precision(*counts, unit=unit) == pytest.approx(exact, abs=1e-12)


@given(few_counts, st.sampled_from([1e-300, 2.0**-60, 0.1, 3, 1e200, 1e300]))
def test_the_scale_of_the_weights_means_nothing(counts, weight):
    positive, negative = np.array(counts, float).T
    expected = precision.average_precision(positive, negative)
    found = precision.average_precision(positive * weight, negative * weight, unit=weight)
    assert found == pytest.approx(expected, abs=1e-12)


@given(st.floats(0, 1e15), st.integers(0, 10**9), st.sampled_from([1.0, 0.1, 7.0]))
def test_the_sum_is_a_difference_of_digammas(start, terms, unit):
    length = float(terms * unit)
    found = precision._harmonic(np.array([start]), np.array([length]), np.array([unit]))[0]
    first, last = start / unit + 1, (start + length) / unit + 1
    expected = scipy.special.digamma(last) - scipy.special.digamma(first)
    # SciPy's difference loses what the two have in common.
    assert found == pytest.approx(expected, rel=1e-13, abs=1e-14 * max(1, abs(scipy.special.digamma(last))))


@pytest.mark.parametrize("start", [0, 3, 10**6, 10**15])
def test_the_sum_is_the_sum_of_its_terms(start):
    terms = np.arange(1, 2001)
    found = precision._harmonic(np.array([float(start)]), np.array([2000.0]), np.array([1.0]))[0]
    assert found == pytest.approx(math.fsum(1 / (start + terms)), rel=1e-14)


def test_light_rows_are_the_limit_of_lighter_and_lighter_ones():
    positive, negative = np.array([3.0, 1.0, 2.0]), np.array([4.0, 2.0, 1.0])
    limit = precision.average_precision(positive, negative, unit=0.0)
    for unit in (1e-3, 1e-6, 1e-9):
        assert precision.average_precision(positive, negative, unit=unit) == pytest.approx(limit, abs=2 * unit)


@pytest.mark.parametrize("positive, negative", [([0.0, 0], [1.0, 2]), ([1.0, 2], [0.0, 0]), ([0.0, 0], [0.0, 0])])
def test_a_missing_class_gives_nan(positive, negative):
    counts = np.array(positive), np.array(negative)
    assert np.isnan([precision.average_precision(*counts), *precision.bounds(*counts)]).all()


def test_the_bounds_hold_for_any_weights_unless_a_unit_is_given():
    """Four positives of weight 1/4 behind a negative of weight 1: precisions of 1/5, 2/6, 3/7 and 4/8."""
    low, high = precision.bounds(np.array([1.0]), np.array([1.0]))
    assert low <= np.mean([1 / 5, 2 / 6, 3 / 7, 4 / 8]) < 0.5 and high == pytest.approx(1)
    assert precision.bounds(np.array([1.0]), np.array([1.0]), unit=1.0)[0] == pytest.approx(0.5)
