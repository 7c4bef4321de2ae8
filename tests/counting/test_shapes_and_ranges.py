"""Which shapes of weights fit, and which scores are probabilities: the limits, and what is just beyond them."""

import numpy as np
import pytest

from compat_auc import RocCounts, auc_roc
from compat_auc.counting import checks


@pytest.mark.parametrize(
    ("weights", "scores"),
    [
        ((), (5,)),
        ((), (5, 2)),
        ((1,), (5,)),
        ((1, 1), (5, 2)),
        ((5,), (5,)),
        ((5, 1), (5,)),
        ((5, 1), (5, 2)),
        ((5, 1, 1), (5, 2)),
        ((5, 2), (5, 2)),
        ((5, 2, 1), (5, 2)),
        ((0,), (0,)),
        ((0, 2), (0, 2)),
        ((None,), (5, 2)),
        ((5, None), (5, 2)),
    ],
)
def test_weights_that_fit(weights, scores):
    checks.check_weights(weights, scores)


@pytest.mark.parametrize(
    ("weights", "scores"),
    [
        ((0,), (5,)),
        ((5, 0), (5, 2)),
        ((2,), (5, 2)),
        ((1, 5), (5,)),
        ((1, 2), (5, 2)),
        ((5, 1, 2), (5, 2)),
        ((5, 2), (5,)),
        ((4,), (5,)),
        ((None, 3), (5, 2)),
    ],
)
def test_weights_that_do_not(weights, scores):
    with pytest.raises(ValueError, match="one sample weight for each row or for each score"):
        checks.check_weights(weights, scores)


FIT = [
    ((5,), (5,), False),
    ((5, 1), (5,), False),
    ((5,), (5, 1), False),
    ((5, 2), (5, 2), False),
    ((5, 2, 1), (5, 2), False),
    ((5, 2), (5, 2, 1), False),
    ((5,), (5, 4), True),
    ((5, 1), (5, 4), True),
    ((5, 2), (5, 2, 4), True),
    ((5, 2, 1), (5, 2, 4), True),
    ((None,), (None, 4), True),
    ((None, None), (None, 4), None),
    ((None, 4), (None, 4), False),
    ((None,), (None, None), None),
    ((5,), (None,), False),
    (None, (5, 4), None),
]


@pytest.mark.parametrize(("labels", "scores", "are_class_numbers"), FIT)
def test_labels_that_fit(labels, scores, are_class_numbers):
    checks.check_labels(labels, scores)
    assert checks.are_class_numbers(labels, scores) is are_class_numbers


@pytest.mark.parametrize(
    ("labels", "scores"),
    [
        ((4,), (5,)),
        ((5, 2), (5,)),
        ((5, 3), (5, 2)),
        ((5, 2, 1), (5, 3)),
        ((5, 1, 2), (5, 2)),
        ((4,), (5, 4)),
        ((4, 1), (5, 4)),
        ((5,), (5, 2, 4)),
        ((5, 3), (5, 2, 4)),
    ],
)
def test_labels_that_do_not(labels, scores):
    with pytest.raises(ValueError, match="one label for each score"):
        checks.check_labels(labels, scores)


@pytest.mark.parametrize(
    ("scores", "several"),
    [
        ((), False),
        ((5,), False),
        ((5, 1), False),
        ((5, 0), False),
        ((5, None), False),
        ((5, 2), True),
        ((None, 3), True),
    ],
)
def test_scores_of_several_columns(scores, several):
    assert checks.has_columns(scores) is several
    assert ("softmax" in checks.of_scores(scores)) is several


def test_0_and_1_are_probabilities():
    assert auc_roc([0, 1, 0, 1], [0.0, 1.0, 0.25, 0.75]) == 1
    assert auc_roc([1, 0], [0.0, 1.0]) == 0


@pytest.mark.parametrize("wrong", [np.nextafter(1, 2), -5e-324, 1.5, -0.5, np.inf, -np.inf, np.nan])
def test_the_next_number_is_none(wrong):
    with pytest.raises(ValueError, match=r"auc_roc expects scores \(y_pred\) in \[0, 1\]"):
        auc_roc([0, 1, 0, 1], [0.2, 0.8, wrong, 0.5])


def test_whole_numbers_larger_than_a_float_are_an_error():
    with pytest.raises(ValueError, match="(?s)of real numbers. Received: .*of dtype object"):
        RocCounts().add([0, 1], [10**400, 1])
