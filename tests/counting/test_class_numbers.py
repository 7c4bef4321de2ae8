"""Class numbers beside the columns of a softmax, logits, and ragged rows: the same counts as from plain rows."""

import types

import numpy as np
import pytest
import scipy.special

from compat_auc import RocCounts, auc_roc
from compat_auc.counting import checks
from compat_auc.counting.activation import activated

LOGITS = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [1.0, 4.0, 0.5], [-2.0, 0.0, 1.5]])
SOFTMAX = scipy.special.softmax(LOGITS, -1)
CLASSES = np.array([0, 2, 1, 0])
ONE_HOT = np.eye(3)[CLASSES]


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
@pytest.mark.parametrize("dtype", ["int64", "float32", "uint8"])
def test_class_numbers_count_as_one_hot_labels(shape, dtype):
    labels = CLASSES.astype(dtype).reshape(shape)
    assert RocCounts().add(labels, SOFTMAX) == RocCounts().add(ONE_HOT, SOFTMAX)
    weights = [1, 2, 3, 4]
    assert RocCounts().add(labels, SOFTMAX, weights) == RocCounts().add(ONE_HOT, SOFTMAX, weights)
    steps = SOFTMAX.reshape(2, 2, 3)
    assert RocCounts().add(CLASSES.reshape(2, 2), steps) == RocCounts().add(ONE_HOT, SOFTMAX)
    assert RocCounts().add(CLASSES.reshape(2, 2, 1), steps) == RocCounts().add(ONE_HOT, SOFTMAX)


@pytest.mark.parametrize("ignored", [-1, 2, 7, np.nan])
def test_an_ignored_class_leaves_out_its_rows(ignored):
    labels = np.where([False, True, False, False], ignored, CLASSES)
    kept = [0, 2, 3]
    expected = RocCounts().add(ONE_HOT[kept], SOFTMAX[kept])
    assert RocCounts().add(labels, SOFTMAX, ignore_class=ignored) == expected
    broken = np.where([[False], [True], [False], [False]], np.nan, SOFTMAX)
    assert RocCounts().add(labels, broken, ignore_class=ignored) == expected


@pytest.mark.parametrize(("wrong", "named"), [(3, "3."), (-1, "-1."), (0.5, "0.5"), (np.nan, "nan")])
def test_a_number_of_no_class_is_an_error(wrong, named):
    labels = np.where([False, True, False, False], wrong, CLASSES)
    with pytest.raises(ValueError, match=rf"class numbers, from 0 to .* Received: \[\s*{named}"):
        RocCounts().add(labels, SOFTMAX)


def test_rows_that_are_no_softmax_are_an_error():
    scores = SOFTMAX * [[1], [1.1], [1], [1]]
    with pytest.raises(ValueError, match=r"add up to 1 in each row.*Received: rows that add up to \[1\.1"):
        RocCounts().add(CLASSES, scores)
    with pytest.raises(ValueError, match=r"add up to \[0\.9"):
        RocCounts().add(CLASSES, SOFTMAX * 0.9)
    weights = [1, 0, 1, 1]
    assert RocCounts().add(CLASSES, scores, weights) == RocCounts().add(ONE_HOT, SOFTMAX, weights)
    # 1 / 128 and 63 / 64 are exact in float32, so these rows add up to exactly 1 + 1 / 128 and 1 - 1 / 64.
    near = np.array([[0.5, 0.5, 1 / 128]], np.float32)
    assert RocCounts().add([0], near) == RocCounts().add([[1, 0, 0]], near)
    with pytest.raises(ValueError, match="add up to"):
        RocCounts().add([0], np.array([[0.5, 0.25, 0.25 - 1 / 64]], np.float32))


def test_logits_of_a_softmax():
    expected = RocCounts().add(ONE_HOT, SOFTMAX)
    assert RocCounts().add(CLASSES, LOGITS, from_logits="softmax") == expected
    assert RocCounts().add(ONE_HOT, LOGITS, from_logits="softmax") == expected
    large = LOGITS.astype(np.float32) + np.float32(100_000)
    assert RocCounts().add(CLASSES, large, from_logits="softmax").auc() == expected.auc()
    with pytest.raises(ValueError, match="at least two. .* Received: scores of shape \\(4, 1\\)"):
        RocCounts().add(CLASSES > 0, LOGITS[:, :1], from_logits="softmax")
    with pytest.raises(ValueError, match="whose softmax is a number"):
        RocCounts().add([0], [[np.inf, 0.0]], from_logits="softmax")


@pytest.mark.parametrize("shape", [(), (4,), (4, 1), (4, 0)])
def test_a_softmax_needs_two_columns(shape):
    with pytest.raises(ValueError, match='from_logits="softmax" expects scores'):
        checks.check_softmax(shape)


@pytest.mark.parametrize("shape", [(4, 2), (None, None), (2, 4, 3)])
def test_shapes_that_a_softmax_may_have(shape):
    checks.check_softmax(shape)


@pytest.mark.filterwarnings("error")
def test_probabilities_of_logits_are_scipys():
    scores = np.array([[-800.0, 0.5, 800.0], [np.inf, -np.inf, 3.0]])
    np.testing.assert_allclose(activated(scores, "sigmoid"), scipy.special.expit(scores), rtol=1e-15)
    np.testing.assert_allclose(activated(scores[:, :2], True), scipy.special.expit(scores[:, :2]), rtol=1e-15)
    np.testing.assert_allclose(activated(scores[:1], "softmax"), scipy.special.softmax(scores[:1], -1), rtol=1e-15)
    assert np.isnan(activated(scores[1:], "softmax")).any()
    assert activated(scores.astype(np.float16), "sigmoid").dtype == np.float64
    assert activated(scores, False) is scores
    labels = [1, 0, 1, 0]
    assert auc_roc(labels, LOGITS[:, 1], from_logits=True) == auc_roc(labels, scipy.special.expit(LOGITS[:, 1]))
    assert auc_roc(ONE_HOT, LOGITS, from_logits="softmax") == auc_roc(ONE_HOT, SOFTMAX)


def ragged(values, *lengths):
    """What is read of a tf.RaggedTensor: the flat values, and where the rows of each dimension begin."""
    splits = [np.cumsum([0, *rows]) for rows in lengths]
    return types.SimpleNamespace(nested_row_splits=splits, flat_values=np.array(values))


RAGGED_LABELS = [0, 1, 1, 0, 1]
RAGGED_SCORES = [0.1, 0.7, 0.3, 0.4, 0.9]
LENGTHS = [2, 0, 3]


@pytest.mark.parametrize(
    ("weights", "flat"),
    [
        (None, None),
        (2.0, 2.0),
        ([2, 5, 3], [2, 2, 3, 3, 3]),
        (ragged([1, 2, 3, 4, 5], LENGTHS), [1, 2, 3, 4, 5]),
    ],
)
def test_ragged_rows_count_as_their_values(weights, flat):
    labels, scores = ragged(RAGGED_LABELS, LENGTHS), ragged(RAGGED_SCORES, LENGTHS)
    assert RocCounts().add(labels, scores, weights) == RocCounts().add(RAGGED_LABELS, RAGGED_SCORES, flat)


def test_a_weight_for_each_row_of_two_ragged_dimensions():
    # Two rows: the first of two parts with two values and one, the second of one part with two.
    lengths = [2, 1], [2, 1, 2]
    labels, scores = ragged(RAGGED_LABELS, *lengths), ragged(RAGGED_SCORES, *lengths)
    assert RocCounts().add(labels, scores, [2, 3]) == RocCounts().add(RAGGED_LABELS, RAGGED_SCORES, [2, 2, 2, 3, 3])


@pytest.mark.parametrize(
    ("labels", "scores", "weights", "message"),
    [
        (ragged(RAGGED_LABELS, LENGTHS), ragged(RAGGED_SCORES, [3, 0, 2]), None, "have the same lengths"),
        (
            ragged(RAGGED_LABELS, LENGTHS),
            ragged(RAGGED_SCORES, LENGTHS),
            ragged([1] * 5, [1, 1, 3]),
            "have the same lengths",
        ),
        (ragged(RAGGED_LABELS, LENGTHS), RAGGED_SCORES, None, "ragged in the same way.*SimpleNamespace.*type list"),
        (RAGGED_LABELS, ragged(RAGGED_SCORES, LENGTHS), None, "ragged in the same way"),
        (
            ragged(RAGGED_LABELS, [2, 1], [2, 1, 2]),
            ragged(RAGGED_SCORES, LENGTHS),
            None,
            "ragged in the same way",
        ),
    ],
)
def test_ragged_rows_that_differ_are_an_error(labels, scores, weights, message):
    with pytest.raises(ValueError, match=f"RocCounts expects .*{message}"):
        RocCounts().add(labels, scores, weights)
