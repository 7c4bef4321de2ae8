"""RankAUC(curve="PR") and scikit-learn's average precision: equal without ties; with ties within the bounds."""

import numpy as np
import pytest
from rank_metric import counted
from sklearn.metrics import average_precision_score

from compat_auc import RankAUC, RocCounts

pytestmark = pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras")


def test_without_ties_it_is_scikit_learns(stack, tolerance):
    labels, scores = np.arange(30) % 3 == 0, np.random.default_rng(1).permutation(30) / 32
    area = stack.value(counted(stack, RankAUC(curve="PR"), labels, scores.astype(np.float32)))
    assert area == pytest.approx(average_precision_score(labels, scores), abs=tolerance)


def test_with_ties_it_is_the_mean_over_their_orders(stack, tolerance):
    """It keeps no scores, so it cannot tell rows that tie from rows in an unknown order. RocCounts can."""
    labels, scores = np.arange(30) % 3 == 0, np.repeat([0.5, 0.25], 15).astype(np.float32)
    exact = average_precision_score(labels, scores)
    metric = counted(stack, RankAUC(curve="PR"), labels, scores)
    # The mean of scikit-learn's over random orders of the rows that tie, with the error of that mean.
    rng, orders = np.random.default_rng(2), 4000
    drawn = [average_precision_score(labels, scores + rng.random(30) / 100) for _ in range(orders)]
    assert stack.value(metric) == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / np.sqrt(orders) + tolerance)
    assert abs(stack.value(metric) - exact) > 0.05
    low, high = metric.counts().average_precision_bounds()
    assert low <= exact <= high
    assert RocCounts().add(labels, scores).average_precision() == pytest.approx(exact, abs=1e-12)
