"""The AUC of data at once, against the definition."""

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from compat_auc import RocCounts, auc_roc
from compat_auc.counting.thresholds import thresholded_auc

rows = st.lists(st.tuples(st.booleans(), st.floats(0, 1, width=32), st.integers(1, 5)), min_size=2, max_size=60).filter(
    lambda rows: len({label for label, _, _ in rows}) == 2
)


@given(rows, st.sampled_from([2, 3, 10, 200, 1000]))
def test_is_the_definition(rows, num_thresholds):
    labels, scores, weights = map(np.array, zip(*rows))
    expected = oracle.thresholded_auc(labels, scores, weights, num_thresholds)
    assert thresholded_auc(labels, scores, weights, num_thresholds) == pytest.approx(expected, abs=1e-9)


@given(rows)
def test_is_within_the_resolution_of_sklearn(rows):
    labels, scores, _ = map(np.array, zip(*rows))
    exact = roc_auc_score(labels, scores)
    assert abs(thresholded_auc(labels, scores) - exact) <= oracle.resolution(labels, scores) + 1e-9


@given(rows)
def test_weights_count_rows(rows):
    labels, scores, weights = map(np.array, zip(*rows))
    repeated = thresholded_auc(np.repeat(labels, weights), np.repeat(scores, weights))
    assert thresholded_auc(labels, scores, weights) == pytest.approx(repeated, abs=1e-9)


def test_one_threshold_is_too_few():
    with pytest.raises(ValueError, match="at least 2. Received: 1"):
        thresholded_auc([0, 1], [0.1, 0.9], num_thresholds=1)


@pytest.mark.parametrize("weight", [1e-320, 1.2e-162, 1e-200, 1e160, 1e308])
def test_the_scale_of_the_weights_means_nothing(weight):
    labels, scores = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    assert thresholded_auc(labels, scores, np.full(4, weight)) == 0.75
    assert thresholded_auc(labels, scores, [weight, weight, 1, 1]) == 0.75
    assert thresholded_auc(labels, scores, [1, 1, weight, weight]) == 0.75


@pytest.mark.parametrize("data", [(), ([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])])
def test_a_part_of_the_curve_needs_more_than_thresholds(data):
    with pytest.raises(TypeError, match=r"Received: max_fpr=0\.1\. In a model use metrics=\[RankAUC\(max_fpr"):
        auc_roc(*data, max_fpr=0.1)


def test_the_way_out_for_a_part_of_the_curve_is_scikit_learns():
    labels, scores = [0, 0, 1, 1, 0, 1], [0.1, 0.4, 0.35, 0.8, 0.7, 0.9]
    expected = roc_auc_score(labels, scores, max_fpr=0.5)
    assert RocCounts().add(labels, scores).auc(max_fpr=0.5) == pytest.approx(expected, abs=1e-9)
