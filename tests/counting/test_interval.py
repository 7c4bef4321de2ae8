"""The confidence interval against its formula over all pairs, simulated populations, and orders that get worse."""

import math
import warnings

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from compat_auc import RocCounts
from compat_auc.counting import interval as intervals
from compat_auc.counting.interval import FewRowsWarning, confidence_interval

few_rows = pytest.mark.filterwarnings("ignore::compat_auc.counting.interval.FewRowsWarning")


def interval(labels, scores, weights=None, level=0.95):
    distinct, bucket = np.unique(scores, return_inverse=True)
    weights = np.ones(len(bucket)) if weights is None else np.asarray(weights, float)
    sides = (np.asarray(labels) == side for side in (1, 0))
    return confidence_interval(*(np.bincount(bucket[rows], weights[rows], len(distinct)) for rows in sides), level)


def from_all_pairs(labels, scores, level=0.95):
    """The docstring's formulas from the kernel of all pairs; Wilson's interval as the two roots of its equation."""
    kernel = (np.sign(scores[labels][:, None] - scores[~labels][None, :]) + 1) / 2
    m, n, auc = *kernel.shape, kernel.mean()
    if auc < 0.5:
        low, high = from_all_pairs(labels, -scores, level)
        return 1 - high, 1 - low
    spreads = []
    for placement in (kernel.mean(1), kernel.mean(0)):
        assumed = min(1, 1 / 2 + 1 / len(placement))
        measured = min(1, placement.var(ddof=1) / (auc * (1 - auc))) if auc < 1 else 0
        errors = 1 - placement
        erring = errors.sum() ** 2 / (errors**2).sum() if auc < 1 else 0
        spreads.append(max(measured, (10 * assumed + erring * measured) / (10 + erring)))
    pairs = m * n / (1 + (n - 1) * spreads[0] + (m - 1) * spreads[1])
    z = scipy.stats.norm.ppf((1 + level) / 2)
    # (auc - a)**2 == z**2 * a * (1 - a) / pairs
    return tuple(sorted(np.roots([1 + z * z / pairs, -2 * auc - z * z / pairs, auc * auc]).real))


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("shift", [-2, 0.3, 1, 2.5])
def test_the_interval_is_the_formula_over_all_pairs(level, shift):
    rng = np.random.default_rng(2)
    labels = rng.random(120) < 0.2
    scores = np.round((rng.normal(size=120) + shift * labels) * 8) / 16
    assert interval(labels, scores, level=level) == pytest.approx(from_all_pairs(labels, scores, level), abs=1e-12)


def draw(shape, auc, positives, negatives, rng):
    labels = np.arange(positives + negatives) < positives
    if shape == "exponential":
        return labels, rng.exponential(size=len(labels)) * np.where(labels, auc / (1 - auc), 1)
    deviation = np.where(labels, 2 if shape == "wide" else 1, 1)
    distance = scipy.stats.norm.ppf(auc) * math.hypot(1, 2 if shape == "wide" else 1)
    return labels, rng.normal(size=len(labels)) * deviation + distance * labels


@few_rows
@pytest.mark.parametrize("shape", ["normal", "wide", "exponential"])
@pytest.mark.parametrize(
    ("positives", "negatives", "auc"), [(2, 100, 0.9), (5, 1000, 0.9), (10, 1000, 0.99), (50, 1000, 0.99), (50, 5, 0.8)]
)
def test_the_interval_of_few_rows_holds_the_auc_as_often_as_it_says(positives, negatives, auc, shape):
    rng = np.random.default_rng(20)
    ends = [interval(*draw(shape, auc, positives, negatives, rng)) for _ in range(300)]
    # With 92 % coverage, fewer than 87 % of 300 are as rare as 1 in 300.
    assert np.mean([low <= auc <= high for low, high in ends]) > 0.87


def newcombe(auc, positives, negatives):
    """Newcombe's method 5 (2006): where the area is 1.96 standard errors of Hanley and McNeil away, classes evened."""
    others = (positives + negatives) / 2 - 1

    def beyond(area):
        variance = area * (1 - area) * (1 + others * ((1 - area) / (2 - area) + area / (1 + area)))
        return (auc - area) ** 2 - 1.959964**2 * variance / (positives * negatives)

    return scipy.optimize.brentq(beyond, 0, auc), scipy.optimize.brentq(beyond, auc, 1)


@pytest.mark.slow
@pytest.mark.parametrize(("positives", "negatives"), [(60, 140), (200, 1800), (1000, 9000)])
def test_the_interval_of_many_rows_is_no_wider_than_it_need_be(positives, negatives):
    """Newcombe's knows the shape of these scores, ours does not: up to a tenth wider is what that may cost."""
    rng = np.random.default_rng(20)
    samples = [draw("normal", 0.8, positives, negatives, rng) for _ in range(1000)]
    low, high = np.transpose([interval(*sample) for sample in samples])
    # 1,000 samples of a coverage of 95 % have less than 93.5 % once in 70 times.
    assert np.mean((low <= 0.8) & (high >= 0.8)) >= 0.935
    areas = [sklearn.metrics.roc_auc_score(*sample) for sample in samples[:200]]
    theirs = [np.diff(newcombe(area, positives, negatives)) for area in areas]
    assert np.mean((high - low)[:200]) <= 1.1 * np.mean(theirs)


def test_with_many_rows_it_is_the_interval_of_delongs_variance():
    labels, scores = draw("normal", 0.8, 20_000, 80_000, np.random.default_rng(0))
    placements = {side: np.searchsorted(np.sort(scores[labels != side]), scores[labels == side]) for side in (0, 1)}
    variance = sum(
        placements[side].var(ddof=1) / (labels == side).sum() / (labels != side).sum() ** 2 for side in (0, 1)
    )
    low, high = interval(labels, scores)
    assert (high - low) / (2 * 1.959964 * math.sqrt(variance)) == pytest.approx(1, abs=0.002)


@st.composite
def orders(draw):
    """Whole weights of positives and negatives in buckets, and an order that is perfect for as many rows."""
    positive = np.array(draw(st.lists(st.integers(0, 30), min_size=2, max_size=12)))
    negative = np.array(draw(st.lists(st.integers(0, 300), min_size=len(positive), max_size=len(positive))))
    positive[draw(st.integers(0, len(positive) - 1))] += 1
    negative[draw(st.integers(0, len(positive) - 1))] += 1
    return positive, negative


def of_counts(positive, negative, level=0.95):
    return confidence_interval(np.array(positive, float), np.array(negative, float), level)


@few_rows
@given(orders(), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
def test_no_order_has_a_narrower_interval_than_the_perfect_one_nor_a_higher_lower_end(order, level):
    positive, negative = order
    perfect_low, perfect_high = of_counts([0, positive.sum()], [negative.sum(), 0], level)
    low, high = of_counts(positive, negative, level)
    assert perfect_high == 1
    assert high - low >= perfect_high - perfect_low - 1e-12
    assert low <= perfect_low + 1e-12
    worst_low, worst_high = of_counts([positive.sum(), 0], [0, negative.sum()], level)
    assert (worst_low, worst_high) == pytest.approx((0, perfect_high - perfect_low))
    assert high >= worst_high - 1e-12


@few_rows
@given(orders())
def test_the_interval_holds_the_auc_lies_in_0_to_1_and_turns_with_the_order(order):
    positive, negative = order
    auc = ((positive * (np.cumsum(negative) - negative / 2)).sum()) / positive.sum() / negative.sum()
    low, high = of_counts(positive, negative)
    assert 0 <= low <= auc + 1e-12 and auc - 1e-12 <= high <= 1 and low < high
    assert of_counts(positive[::-1], negative[::-1]) == pytest.approx((1 - high, 1 - low), abs=1e-9)
    assert of_counts(negative, positive) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@few_rows
@given(orders(), st.integers(2, 5))
def test_more_rows_of_the_same_kind_narrow_the_interval(order, times):
    (low, high), (low_of_more, high_of_more) = (of_counts(*(side * factor for side in order)) for factor in (1, times))
    assert high_of_more - low_of_more < high - low


def test_one_wrong_pair_does_not_narrow_the_interval():
    labels, positives, negatives = [1] * 50 + [0] * 1000, np.linspace(0.6, 0.9, 50), np.linspace(0, 0.5, 1000)
    widths, lows = [], []
    for worst in (0.5, 0.605, 0.65, 0.8, 0.95):
        negatives[-1] = worst
        low, high = interval(labels, np.r_[positives, negatives])
        widths.append(high - low)
        lows.append(low)
    assert min(widths) >= widths[0] - 1e-12 and max(lows) == lows[0]


@few_rows
def test_constant_scores_say_little():
    low, high = interval([0, 0, 1, 1], [0.3] * 4)
    assert low < 0.15 and high == pytest.approx(1 - low)
    low, high = interval([0, 1] * 1000, [0.3] * 2000)
    # About 3 of 1000 rows of each class may differ, unseen: the rule of three.
    assert 0.002 < high - low < 0.01


def test_perfect_order_gives_an_interval_and_not_a_point():
    low, high = interval([0] * 40 + [1] * 10, [0.1] * 40 + [0.9] * 10)
    z = 1.959963984540054
    pairs = 40 * 10 / (1 + 39 * (1 / 2 + 1 / 10) + 9 * (1 / 2 + 1 / 40))
    assert high == 1 and low == pytest.approx(pairs / (pairs + z * z))
    assert interval([1] * 40 + [0] * 10, [0.1] * 40 + [0.9] * 10) == pytest.approx(
        (0, z * z / (z * z + 1 / ((1 + 9 * (1 / 2 + 1 / 40) + 39 * (1 / 2 + 1 / 10)) / 400)))
    )


def test_five_positives_in_perfect_order_give_the_interval_that_the_guide_names():
    for negatives in (100_000, 1_000_000):
        assert of_counts([0, 5], [negatives, 0]) == pytest.approx((0.65, 1), abs=0.001)


def test_roc_counts_give_the_interval_of_their_buckets():
    rng = np.random.default_rng(0)
    labels = rng.random(300) < 0.3
    scores = np.round(rng.normal(size=300) + labels, 1)
    expected = interval(labels, scores, level=0.9)
    assert RocCounts().add(labels, scores).confidence_interval(0.9) == pytest.approx(expected, abs=1e-12)


def test_whole_weights_are_repeated_rows_to_the_interval():
    labels, scores = np.array([0, 0, 1, 1, 0, 1]), np.array([0.1, 0.6, 0.4, 0.9, 0.3, 0.2])
    repeats = np.array([3, 1, 2, 5, 4, 1])
    repeated = np.repeat(labels, repeats), np.repeat(scores, repeats)
    assert interval(labels, scores, repeats) == interval(*repeated)


@few_rows
@pytest.mark.parametrize("factor", [1e-300, 1e-3, 0.03, 0.1, 0.5, 0.99, 1.01, 3, 1e300])
def test_weights_that_are_fractions_give_an_interval_of_as_many_rows(factor):
    labels, scores = np.array([0, 0, 1, 1, 0, 1]), np.array([0.1, 0.6, 0.4, 0.9, 0.3, 0.2])
    low, high = interval(labels, scores, np.full(6, factor))
    assert 0 <= low < 2 / 3 < high <= 1 or (factor == 1e300 and low == pytest.approx(2 / 3) == high)
    if factor < 0.05:
        assert high - low > 0.9


@pytest.mark.parametrize(
    ("positives", "negatives", "words"),
    [
        (3, 100, "from 3 positives rests"),
        (100, 1, "from 1 negative rests"),
        (4, 2, "4 positives and 2 negatives rests"),
    ],
)
def test_few_rows_are_a_warning_that_says_how_many_and_what_to_do(positives, negatives, words):
    counts = RocCounts().add([1] * positives + [0] * negatives, np.linspace(1, 0, positives + negatives))
    with pytest.warns(FewRowsWarning, match=f"{words} on an assumption.*Count 5 rows or more.*merge") as caught:
        low, high = counts.confidence_interval()
    assert caught[0].filename == __file__
    assert low < 0.7 and high == 1


@pytest.mark.parametrize(
    ("positive", "negative", "words"),
    [
        ([1, 0], [3, 1.5], ["1 positive", "4.5 negatives"]),
        ([4], [5], ["4 positives"]),
        ([5], [1], ["1 negative"]),
        ([5], [5], []),
        ([0], [1], []),
        ([1], [0], []),
    ],
)
def test_the_classes_of_few_rows(positive, negative, words):
    assert intervals.few_rows(np.array(positive), np.array(negative)) == words


def test_five_rows_of_each_class_are_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        interval([1] * 5 + [0] * 5, np.arange(10))


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.nan])
def test_a_level_that_is_not_a_share_is_an_error(level):
    with pytest.raises(ValueError, match=r"between 0 and 1; 0\.95"):
        RocCounts().add([0, 1], [0, 1]).confidence_interval(level)
