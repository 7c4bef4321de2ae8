"""delong_test against the definition over all pairs, another implementation, the bootstrap, and its own level."""

import math

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics
from drawn import any_score, rows
from hypothesis import given
from hypothesis import strategies as st

from compat_auc import RocCounts, delong_test


def by_all_pairs(labels, a, b):
    """AUCs, and the standard error of their difference: DeLong's covariance matrix of the kernel over all pairs."""
    kernels = [(np.sign(s[labels][:, None] - s[~labels][None, :]) + 1) / 2 for s in (a, b)]
    of_positives = np.cov([kernel.mean(1) for kernel in kernels])
    of_negatives = np.cov([kernel.mean(0) for kernel in kernels])
    covariance = of_positives / labels.sum() + of_negatives / (~labels).sum()
    contrast = np.array([1, -1])
    return kernels[0].mean(), kernels[1].mean(), math.sqrt(max(contrast @ covariance @ contrast, 0))


def sample(rows_=200, seed=0, shift=(1.0, 0.8), share=0.3):
    """Two models whose scores go together, as those of two epochs do."""
    rng = np.random.default_rng(seed)
    labels, common = rng.random(rows_) < share, rng.normal(size=rows_)
    return (labels, *(common + 0.7 * rng.normal(size=rows_) + one * labels for one in shift))


@given(rows(), st.lists(any_score, min_size=40, max_size=40), st.integers(0, 2))
def test_is_the_definition_over_all_pairs(data, others, decimals):
    labels, a, _ = data
    labels = np.r_[labels, True, False]
    with np.errstate(over="ignore"):
        a = np.r_[a, 0.3, 0.7].astype(np.float64)
    b = np.array(others)[np.arange(len(a)) % 7 * (decimals + 1)]
    with np.errstate(invalid="ignore"):
        ranks = (np.unique(scores, return_inverse=True)[1] for scores in (a, b))
        auc_a, auc_b, error = by_all_pairs(labels, *ranks)
    if error < 1e-9:
        with pytest.warns(RuntimeWarning, match="delong_test gives NaN"):
            result = delong_test(labels, a, b)
        assert np.isnan(result.pvalue)
    else:
        result = delong_test(labels, a, b)
        assert result.standard_error == pytest.approx(error, rel=1e-9)
        assert result.statistic == pytest.approx((auc_a - auc_b) / error, rel=1e-9, abs=1e-9)
        freedom = min(labels.sum(), (~labels).sum()) - 1
        expected = 2 * scipy.stats.t.sf(abs(auc_a - auc_b) / error, freedom)
        assert result.pvalue == pytest.approx(expected, rel=1e-6, abs=1e-15)
        assert result.degrees_of_freedom == freedom
    assert (result.auc_a, result.auc_b) == pytest.approx((auc_a, auc_b), abs=1e-12)
    assert result.difference == pytest.approx(auc_a - auc_b, abs=1e-12)


def recorded_rows():
    i = np.arange(60)
    labels = (i * 7 % 10 < 4).astype(int)
    a = np.round((i * 37 % 101) / 200 + 0.25 * labels, 6)
    return labels, a, np.round((i * 53 % 97) / 190 + 0.10 * labels, 1)


def test_gives_what_another_implementation_printed():
    """Of MLstatkit 0.1.91, Delong_test(*recorded_rows()). It takes b less a, and its p-value is the normal one."""
    result = delong_test(*recorded_rows())
    assert result.statistic == pytest.approx(2.612892509504782, rel=1e-12)
    assert 2 * scipy.stats.norm.sf(result.statistic) == pytest.approx(0.008977953411936117, rel=1e-11)
    assert result.pvalue == pytest.approx(2 * scipy.stats.t.sf(result.statistic, 24 - 1), rel=1e-11)
    assert (result.auc_a, result.auc_b) == pytest.approx((0.8917824074074073, 0.7100694444444445), rel=1e-14)
    assert result.standard_error**2 == pytest.approx(0.004836472604563385, rel=1e-12)


def test_the_interval_is_the_difference_and_students_reach():
    result = delong_test(*recorded_rows())
    # 24 positives and 36 negatives: 2.0687 of a t distribution of 23 degrees of freedom.
    reach = 2.0686576104190406 * math.sqrt(0.004836472604563385)
    expected = result.difference - reach, result.difference + reach
    assert result.confidence_interval() == pytest.approx(expected, rel=1e-12)
    narrow, wide = result.confidence_interval(0.5), result.confidence_interval(0.999)
    assert wide[0] < expected[0] < narrow[0] < result.difference < narrow[1] < expected[1] < wide[1]
    for level in (0, 1, 95):
        with pytest.raises(ValueError, match="level must be between 0 and 1"):
            result.confidence_interval(level)


def test_the_standard_error_is_that_of_the_bootstrap():
    labels, a, b = sample(400)
    rng, differences = np.random.default_rng(1), []
    for _ in range(1000):
        drawn = np.concatenate([rng.choice(np.flatnonzero(labels == side), (labels == side).sum()) for side in (0, 1)])
        aucs = [sklearn.metrics.roc_auc_score(labels[drawn], scores[drawn]) for scores in (a, b)]
        differences.append(aucs[0] - aucs[1])
    # The standard deviation of 1000 draws is known to 2.2 %.
    assert delong_test(labels, a, b).standard_error == pytest.approx(np.std(differences), rel=0.08)


def test_models_that_do_not_differ_are_told_apart_as_often_as_the_level_says():
    pvalues = np.array([delong_test(*sample(200, seed, (0.8, 0.8))).pvalue for seed in range(1500)])
    for level in (0.01, 0.05, 0.2):
        spread = math.sqrt(level * (1 - level) / len(pvalues))
        assert abs((pvalues < level).mean() - level) < 3.5 * spread


@pytest.mark.filterwarnings("ignore:delong_test gives NaN")
@pytest.mark.parametrize(("positives", "negatives"), [(2, 100), (3, 100), (5, 400), (100, 3)])
def test_few_rows_do_not_tell_models_apart_that_do_not_differ(positives, negatives):
    rng, labels, pvalues = np.random.default_rng(5), np.arange(positives + negatives) < positives, []
    for _ in range(400):
        common, other = rng.normal(size=(2, len(labels)))
        scores = common, 0.5 * common + 0.75**0.5 * other
        pvalues.append(delong_test(labels, *(score + 0.74 * labels for score in scores)).pvalue)
    for level in (0.05, 0.01):
        assert np.mean(np.array(pvalues) < level) < level + 3.5 * math.sqrt(level * (1 - level) / len(pvalues))


def test_two_intervals_that_overlap_do_not_say_that_two_models_are_alike():
    """What the README once said of the interval: the scores go together, and so do the two AUCs."""
    rng = np.random.default_rng(0)
    labels = rng.random(2000) < 0.2
    common = rng.normal(size=2000) + labels
    a, b = common + 0.1 * rng.normal(size=2000), common + 0.6 * rng.normal(size=2000)
    assert delong_test(labels, a, b).pvalue < 1e-3
    of_a, of_b = (RocCounts().add(labels, scores).confidence_interval() for scores in (a, b))
    assert of_a[0] < of_b[1]


def test_the_order_of_the_models_changes_the_sign_only():
    labels, a, b = sample()
    one, other = delong_test(labels, a, b), delong_test(labels, b, a)
    assert (other.statistic, other.pvalue) == pytest.approx((-one.statistic, one.pvalue), rel=1e-12)


def test_whole_weights_are_repeated_rows_and_weight_0_is_none():
    labels, a, b = sample(80)
    weights = np.arange(80) % 4
    repeated = delong_test(*(np.repeat(values, weights) for values in (labels, a, b)))
    garbage = np.where(weights == 0, -1, labels), np.where(weights == 0, np.nan, a), np.where(weights == 0, np.nan, b)
    assert delong_test(*garbage, weights) == pytest.approx(repeated, rel=1e-10)
    kept = weights > 0
    assert delong_test(*garbage, weights) == delong_test(labels[kept], a[kept], b[kept], weights[kept])


def test_columns_of_one_are_rows():
    labels, a, b = sample(50)
    assert delong_test(labels[:, None], a[:, None], b) == delong_test(labels, a, b)


perfect, upside_down = [0.1, 0.2, 0.8, 0.9], [0.9, 0.8, 0.2, 0.1]


@pytest.mark.parametrize(
    ("labels", "a", "b", "reason", "aucs"),
    [
        ([1, 1, 1, 1], perfect, upside_down, "one class only", (np.nan, np.nan)),
        ([], [], [], "one class only", (np.nan, np.nan)),
        ([0, 0, 0, 1], perfect, upside_down, "a single row", (1, 0)),
        ([0, 0, 1, 1], perfect, perfect, "alike", (1, 1)),
        ([0, 1, 0, 1], perfect, np.exp(perfect), "alike", (0.75, 0.75)),
        ([0, 0, 1, 1], [0.5] * 4, [0.1] * 4, "alike", (0.5, 0.5)),
        ([0, 0, 1, 1], perfect, upside_down, "the same for every row", (1, 0)),
        ([0, 0, 1, 1], perfect, [0.5] * 4, "the same for every row", (1, 0.5)),
    ],
)
def test_what_nothing_can_be_said_of(labels, a, b, reason, aucs):
    with pytest.warns(RuntimeWarning, match=f"delong_test gives NaN: .*{reason}"):
        result = delong_test(labels, a, b)
    assert (result.auc_a, result.auc_b) == pytest.approx(aucs, nan_ok=True)
    assert np.isnan([result.statistic, result.pvalue, *result.confidence_interval()]).all()


def test_one_model_that_is_perfect_on_the_rows():
    labels, _, b = sample(100)
    result = delong_test(labels, labels.astype(float), b)
    _, auc_b, error = by_all_pairs(labels, labels.astype(float), b)
    assert (result.auc_a, result.difference) == (1, pytest.approx(1 - auc_b))
    assert result.standard_error == pytest.approx(error)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1], [0.1, 0.2], [0.1, 0.2, 0.3]), r"one label for each score.*\(2,\).*\(3,\)"),
        (([0, -1], [0.1, 0.2], [0.1, 0.2]), r"0 or 1. Received: \[-1\]"),
        (([0, 1], [0.1, 0.2], [0.1, np.nan]), "not NaN"),
        (([0, 1], [0.1, 0.2j], [0.1, 0.2]), "real numbers"),
        (([0, 1], [0.1, 0.2], [0.1, 0.3], [1, -1]), "not negative"),
        (([[0, 1]], [[0.1, 0.2]], [[0.1, 0.2]]), r"one score a row.*Received: scores of shape \(1, 2\)"),
    ],
)
def test_garbage(arguments, message):
    with pytest.raises(ValueError, match=f"delong_test expects .*{message}"):
        delong_test(*arguments)


def test_the_interval_ends_at_a_difference_of_1():
    labels = np.array([0, 0, 0, 1, 1, 1])
    right, wrong = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9], [0.9, 0.8, 0.5, 0.6, 0.2, 0.1]
    # Of nine pairs, `right` has all in order, and `wrong` one: 0.5 below 0.6.
    result = delong_test(labels, right, wrong)
    assert result.difference == pytest.approx(8 / 9) and result.confidence_interval()[1] == 1
    assert delong_test(labels, wrong, right).confidence_interval()[0] == -1
