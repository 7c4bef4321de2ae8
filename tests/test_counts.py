"""RocCounts against scikit-learn, against pair counting in exact fractions, and against what it promises."""

import json
import math
import pickle
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from compat_auc.counts import RocCounts
from compat_auc.ladder import bucket, edges, ladder

settings.register_profile("counts", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("counts")

EXTREMES = [
    0.0,
    -0.0,
    1.0,
    0.5,
    math.inf,
    -math.inf,
    5e-324,
    -5e-324,
    1e-45,
    1e-38,
    1.5e-38,
    3.4e38,
    1e39,
    -1e39,
]
EXTREMES += [
    np.nextafter(0.5, 1),
    np.nextafter(0.5, 0),
    np.nextafter(1, 0),
    np.nextafter(1, 2),
    1e300,
    -1e300,
]

any_score = st.one_of(
    st.floats(allow_nan=False),
    st.floats(0, 1),
    st.sampled_from(EXTREMES),
    st.floats(-40, 40).map(lambda logit: 1 / (1 + math.exp(-logit))),
    st.floats(0, 1).map(lambda u: 0.3 + u * 1e-7),
    st.floats(0, 1).map(lambda u: u * 1e-7),
    st.floats(0, 1).map(lambda u: 1 - u * 1e-7),
    st.tuples(st.floats(-1, 1), st.integers(-300, 300)).map(lambda p: p[0] * 10.0 ** p[1]),
)
any_weight = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 1e-300, 1e-30, 1e30, 1e290]),
    st.floats(0, 10),
    st.integers(0, 1 << 40).map(float),
)
unweighted = st.just(1.0)
any_dtype = st.sampled_from([np.float16, np.float32, np.float64])


@st.composite
def rows(draw, scores=any_score, weights=unweighted, max_size=40):
    """Labels, scores in one of the three dtypes, and weights; scores repeat often, both classes are there."""
    pool = draw(st.lists(scores, min_size=1, max_size=12))
    row = st.tuples(st.booleans(), st.sampled_from(pool), weights)
    drawn = draw(st.lists(row, min_size=2, max_size=max_size))
    labels = np.array([label for label, _, _ in drawn])
    labels[:2] = [False, True]
    with np.errstate(over="ignore", under="ignore"):
        values = np.array([score for _, score, _ in drawn], np.float64).astype(draw(any_dtype))
    return labels, values, np.array([weight for _, _, weight in drawn])


def pair_auc(labels, scores, weights):
    """The definition: the share of (positive, negative) pairs in order, ties one half, in exact fractions."""
    positives = [(s, Fraction(w)) for label, s, w in zip(labels, scores.tolist(), weights) if label]
    negatives = [(s, Fraction(w)) for label, s, w in zip(labels, scores.tolist(), weights) if not label]
    won = total = Fraction(0)
    for p, p_weight in positives:
        for n, n_weight in negatives:
            total += p_weight * n_weight
            won += p_weight * n_weight * (Fraction(1, 2) if p == n else int(p > n))
    return won / total if total else None


def assert_within(exact, bounds):
    low, high = bounds
    assert Fraction(low) <= exact <= Fraction(high)


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


# Multiples of 1/16 lie in buckets of their own, so nothing is lost and everything must equal scikit-learn's.
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


def test_more_rows_than_one_chunk_are_all_counted():
    rng = np.random.default_rng(5)
    labels, scores = rng.random(150_001) < 0.1, rng.normal(size=150_001)
    counts = RocCounts().add(labels, scores)
    assert counts.positive.sum() == labels.sum() and counts.negative.sum() == (~labels).sum()
    assert counts.auc() == pytest.approx(sklearn.metrics.roc_auc_score(labels, scores), abs=2e-5)


# The ladder


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


# The interval


def structural_components(labels, scores):
    """DeLong's variance from the kernel of all pairs, without counts."""
    kernel = (np.sign(scores[labels][:, None] - scores[~labels][None, :]) + 1) / 2
    by_positive, by_negative = kernel.mean(axis=1), kernel.mean(axis=0)
    variance = by_positive.var(ddof=1) / labels.sum() + by_negative.var(ddof=1) / (~labels).sum()
    return kernel.mean(), variance


def test_the_interval_is_delongs_on_the_logit_scale():
    rng = np.random.default_rng(2)
    labels = rng.random(120) < 0.4
    scores = np.round((rng.normal(size=120) + labels) * 8) / 16
    auc, variance = structural_components(labels, scores)
    reach = 1.959963984540054 * math.sqrt(variance) / (auc * (1 - auc))
    centre = math.log(auc / (1 - auc))
    expected = [1 / (1 + math.exp(-(centre - reach))), 1 / (1 + math.exp(-(centre + reach)))]
    assert RocCounts().add(labels, scores).confidence_interval() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("positives", "negatives"), [(60, 140), (200, 1800)])
def test_the_interval_covers_the_true_auc_as_often_as_it_says(positives, negatives):
    draws, shift = 2000, 1.2
    truth = (1 + math.erf(shift / 2)) / 2  # P(N(shift, 1) > N(0, 1))
    rng = np.random.default_rng(20)
    labels = np.arange(positives + negatives) < positives
    covered = 0
    for _ in range(draws):
        low, high = RocCounts().add(labels, rng.normal(size=len(labels)) + shift * labels).confidence_interval()
        covered += low <= truth <= high
    assert 0.94 <= covered / draws <= 0.96


def test_perfect_order_gives_an_interval_and_not_a_point():
    low, high = RocCounts().add([0] * 40 + [1] * 10, [0.1] * 40 + [0.9] * 10).confidence_interval()
    assert high == 1 and low == pytest.approx(0.025 ** (1 / 10))
    low, high = RocCounts().add([1] * 40 + [0] * 10, [0.1] * 40 + [0.9] * 10).confidence_interval()
    assert low == 0 and high == pytest.approx(1 - 0.025 ** (1 / 10))


def test_whole_weights_are_repeated_rows_to_the_interval():
    labels, scores = np.array([0, 0, 1, 1, 0, 1]), np.array([0.1, 0.6, 0.4, 0.9, 0.3, 0.2])
    repeats = np.array([3, 1, 2, 5, 4, 1])
    weighted = RocCounts().add(labels, scores, repeats)
    assert weighted == RocCounts().add(np.repeat(labels, repeats), np.repeat(scores, repeats))


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
def test_a_level_that_is_not_a_share_is_an_error(level):
    with pytest.raises(ValueError, match=r"between 0 and 1, got .*0\.95"):
        RocCounts().add([0, 1], [0, 1]).confidence_interval(level)


# One class, garbage, and what stays as it was


@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_a_missing_class_gives_nan_everywhere(labels):
    counts = RocCounts().add(labels, [0.5] * len(labels))
    values = [counts.auc(), counts.auc(0.5), *counts.bounds(), *counts.confidence_interval()]
    assert np.isnan(values).all()
    rates = counts.roc_curve()[:2]
    assert np.isnan(rates[0]).all() or np.isnan(rates[1]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1, 1], [0.1, 0.2]), r"shape \(3,\) and scores of shape \(2,\)"),
        (([[0], [1]], [0.1, 0.2]), r"shape \(2, 1\) and scores of shape \(2,\)"),
        (([0, 2, -1], [0.1, 0.2, 0.3]), r"0 or 1, got \[-1, 2\]"),
        (([0, np.nan], [0.1, 0.2]), r"0 or 1, got \[nan\]"),
        (([0, 1], [0.1, np.nan]), r"got NaN in 1 of 2"),
        (([0, 1], [0.1, 0.2], [1, -3]), r"0 or more, got \[-3\.0\]"),
        (([0, 1], [0.1, 0.2], [1, np.inf]), r"finite and 0 or more, got \[inf\]"),
        (([0, 1], [0.1, 0.2], [1, 2, 3]), r"shape \(3,\) for scores of shape \(2,\)"),
        (([0, 1], [0.1, 0.2], [1e308, 1e308]), r"more than a float64 holds"),
    ],
)
def test_garbage_is_an_error_that_names_it_and_counts_nothing(arguments, message):
    counts = RocCounts().add([0, 1], [0.3, 0.6])
    before = counts.copy()
    with pytest.raises(ValueError, match=message):
        counts.add(*arguments)
    assert counts == before


def test_garbage_at_the_end_of_many_rows_counts_nothing():
    counts = RocCounts()
    with pytest.raises(ValueError, match="NaN in 1 of 200000"):
        counts.add(np.zeros(200_000), np.r_[np.zeros(199_999), np.nan])
    assert counts == RocCounts()


def test_one_weight_for_each_row_of_several_columns():
    labels, scores = np.array([[0, 1], [1, 0]]), np.array([[0.1, 0.2], [0.3, 0.4]])
    by_row = RocCounts().add(labels, scores, [2, 3])
    assert by_row == RocCounts().add(labels, scores, [[2, 2], [3, 3]])


@pytest.mark.parametrize("max_fpr", [0, -0.1, 1.5, math.nan])
def test_a_rate_outside_its_range_is_an_error(max_fpr):
    with pytest.raises(ValueError, match="max_fpr must be above 0 and at most 1"):
        RocCounts().add([0, 1], [0, 1]).auc(max_fpr=max_fpr)


@pytest.mark.parametrize("resolution", [-1, 13, 7.5, "7", None])
def test_a_resolution_that_no_ladder_has_is_an_error(resolution):
    with pytest.raises(ValueError, match="integer from 0 to 12, got"):
        RocCounts(resolution)


def test_merging_different_resolutions_says_the_way_out():
    fine, coarse = RocCounts(9).add([0, 1], [0.2, 0.4]), RocCounts(5).add([1, 0], [0.2, 0.4])
    with pytest.raises(ValueError, match=r"resolution 5 and 9 do not merge; .* 9 down with \.coarsen\(5\)"):
        coarse.merge(fine)
    assert (fine.coarsen(5) + coarse) == RocCounts(5).add([0, 1, 1, 0], [0.2, 0.4, 0.2, 0.4])
    with pytest.raises(ValueError, match="cannot be made finer"):
        coarse.coarsen(9)
    with pytest.raises(TypeError, match="got dict"):
        coarse.merge({})


def test_plus_leaves_both_sides_alone_and_merge_changes_the_left():
    one, other = RocCounts().add([0], [0.2]), RocCounts().add([1], [0.4])
    both = one + other
    assert one.positive.sum() == 0 and other.negative.sum() == 0
    assert one.merge(other) is one and one == both


# Saved counts


@given(rows(weights=st.floats(0, 1e9)), st.integers(0, 9))
def test_a_dict_goes_through_json_and_back(data, resolution):
    counts = RocCounts(resolution).add(*data)
    assert RocCounts.from_dict(json.loads(json.dumps(counts.to_dict()))) == counts
    assert pickle.loads(pickle.dumps(counts)) == counts


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": None}, "not a dict from RocCounts"),
        ({"version": 2}, "format version 2, this compat_auc reads version 1"),
        ({"resolution": 99}, "resolution must be an integer"),
        ({"bucket": [0]}, "same length"),
        ({"bucket": [1, 99999999]}, "buckets must be 0 to 11515"),
        ({"positive": [1.0, -1.0]}, "0 or more"),
    ],
)
def test_a_damaged_dict_is_an_error(change, message):
    saved = RocCounts().add([0, 1], [0.2, 0.4]).to_dict()
    with pytest.raises(ValueError, match=message):
        RocCounts.from_dict({**saved, **change})


def test_counts_of_another_ladder_do_not_pass_for_ours():
    with pytest.raises(ValueError, match=r"11516 buckets, got positive of shape \(3,\)"):
        RocCounts.from_counts([1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="NaN counts come from"):
        RocCounts.from_counts(np.full(11516, np.nan), np.zeros(11516))


def test_the_picture_shows_the_curve_its_area_and_its_interval():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    rng = np.random.default_rng(3)
    labels = rng.random(300) < 0.5
    counts = RocCounts().add(labels, rng.normal(size=300) + labels)
    low, high = counts.confidence_interval()
    display = counts.plot(name="model")
    np.testing.assert_array_equal(display.line_.get_xdata(), counts.roc_curve()[0])
    assert f"model, 95% interval {low:.3f} to {high:.3f} (AUC = {counts.auc():.2f})" in display.line_.get_label()


def test_counting_imports_no_framework():
    program = (
        "import sys; from compat_auc import RocCounts; RocCounts().add([0, 1], [0.2, 0.4]).auc();"
        "heavy = {'tensorflow', 'keras', 'torch', 'jax', 'sklearn', 'scipy', 'matplotlib'} & {*sys.modules};"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
