"""The confidence interval against DeLong's formula over all pairs, and against simulated populations."""

import math

import numpy as np
import pytest

from compat_auc.counting.roc_counts import RocCounts


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


@pytest.mark.slow
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
