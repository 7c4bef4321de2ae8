"""Which hint an error gives for which wrong labels, and how many of the wrong values it names."""

import re

import numpy as np
import pytest

from compat_auc import RocCounts
from compat_auc.counting import by_label, checks

IS_UNKNOWN = ' If a label of -1 means "unknown", leave it out: ignore_class=-1.'
IS_SMOOTH = (
    " Labels between 0 and 1 come from label smoothing: let the loss smooth them (label_smoothing=...), and give the "
    "metric labels of 0 and 1. Or they are the scores: labels come first, then scores."
)
ARE_CLASSES = (
    " If the labels are class numbers, they go from 0, and the scores have a column for each class, as a softmax "
    "gives them."
)
MAY_BE_NAN = ' A missing value can be NaN, such as by .to_numpy("float32", na_value=float("nan")).'


class Missing:
    """As pandas.NA: no number, and in no order with others."""

    def __repr__(self):
        return "NA"


@pytest.mark.parametrize(
    ("labels", "of_classes", "hint"),
    [
        ([-1, 1, 1], False, " If -1 means negative, give y_true > 0." + IS_UNKNOWN),
        ([-1, 0, 1], False, IS_UNKNOWN),
        ([-1, -1], False, IS_UNKNOWN),
        ([-1, 2], False, IS_UNKNOWN),
        ([0.0, np.nan], False, ' If a label of NaN means "unknown", leave it out: ignore_class=float("nan").'),
        ([0.05, 0.95], False, IS_SMOOTH),
        ([0.05, 1.5], False, ""),
        ([1.5, 0.0], False, ""),
        ([1, 2], False, " If the labels are 1 and 2, subtract 1: y_true - 1."),
        ([1, 3], False, ARE_CLASSES),
        ([0, 1, 2], False, ARE_CLASSES),
        ([1, 3], True, " If the labels are numbered from 1, subtract 1: y_true - 1."),
        ([0, 1, 2], True, ""),
        (["0", "1"], False, ""),
    ],
)
def test_the_hint_for_wrong_labels(labels, of_classes, hint):
    labels = np.array(labels)
    wrong = labels[[str(label) not in ("0", "1", "0.0", "1.0") for label in labels]]
    if labels.dtype.kind == "U":
        wrong = labels
    assert checks.label_hint(wrong, labels, of_classes) == hint
    if not of_classes:
        assert checks.label_hint(wrong, labels) == hint


def test_an_error_names_eight_values_and_helps_with_labels_only():
    values = np.arange(-20.0, -8.0)
    named = "[-20. -19. -18. -17. -16. -15. -14. -13.]"
    assert checks.complaint(f"auc_roc {checks.WEIGHTS}", values) == f"auc_roc {checks.WEIGHTS} {named}"
    assert checks.complaint(checks.WEIGHTS, np.array([-1.0])).endswith("Received: [-1.]")
    text = checks.complaint(f"auc_roc {checks.LABELS}", np.array([-1.0]), np.array([-1.0, 1.0]))
    assert text.endswith("Received: [-1.] If -1 means negative, give y_true > 0." + IS_UNKNOWN)
    assert checks.complaint(checks.CLASSES, np.array([3.0]), np.array([1.0, 3.0])).endswith("y_true - 1.")


@pytest.mark.parametrize(
    ("labels", "scores", "ending"),
    [
        (["no", "yes"], [0.1, 0.2], " For labels of text, compare with the positive one: y_true == 'yes'"),
        (["a", "b", "c"], [0.1, 0.2, 0.3], " y_true == 'c'"),
        ([0, 1], ["a", "b"], " of dtype <U1."),
        ([0, Missing()], [0.1, 0.2], f"Received: [0 NA] of dtype object.{MAY_BE_NAN}"),
        ([0, 1], [0.1, Missing()], f"Received: [0.1 NA] of dtype object.{MAY_BE_NAN}"),
        ([0, 1j], [0.1, 0.2], " of dtype complex128."),
    ],
)
def test_values_that_are_no_numbers(labels, scores, ending):
    with pytest.raises(ValueError, match=re.escape(ending) + "$"):
        RocCounts().add(labels, scores)


@pytest.mark.parametrize("values", [[f"{number:02}" for number in range(12)], [Missing(), *range(11)]])
def test_eight_values_that_are_no_numbers_are_named(values):
    with pytest.raises(ValueError, match="real numbers") as raised:
        RocCounts().add(values, np.zeros(12))
    assert len(str(raised.value).partition("[")[2].partition("]")[0].split()) == 8


@pytest.mark.parametrize(
    ("names", "columns", "message"),
    [
        ("toxic", None, "RankAUC expects label_names as a list of str, one for each column. Received: 'toxic'"),
        (b"toxic", None, "as a list of str, one for each column. Received: b'toxic'"),
        (["toxic", 1], None, "as a list of str, one for each column. Received: ['toxic', 1]"),
        (["toxic", "a b", "c/d"], None, "because they become log keys. Received: ['a b', 'c/d']"),
        (["a", ""], None, "because they become log keys. Received: ['']"),
        (["a", "b", "a"], None, "RankAUC expects label_names that differ. Received: ['a', 'b', 'a']"),
        (["a", "b"], 3, "one name in label_names for each column. Received: ['a', 'b'] for 3 columns"),
        ([], None, "one name in label_names for each column. Received: []"),
    ],
)
def test_names_of_labels_that_are_wrong(names, columns, message):
    with pytest.raises(ValueError, match=re.escape(message) + "$"):
        checks.check_label_names(names, "RankAUC", columns)


def test_names_of_labels_that_fit():
    assert checks.check_label_names(None, "RankAUC") is None
    assert checks.check_label_names(("a-1", "b_2"), "RankAUC", 2) == ["a-1", "b_2"]
    assert checks.check_label_names(["a"], "RankAUC") == ["a"]


def test_a_dtype_that_is_no_number():
    for dtype in ("float32", "bfloat16", "int64", "uint8", "bool"):
        checks.check_dtype(dtype, "labels", "auc_roc")
    message = "auc_roc expects labels of real numbers. Received: dtype complex64"
    with pytest.raises(ValueError, match=message + "$"):
        checks.check_dtype("complex64", "labels", "auc_roc")


def test_the_labels_that_a_mean_leaves_out():
    left_out = by_label.left_out([0.5, 0, 3, 0], [2, 1, 0, 0])
    assert left_out == {1: "no positive", 2: "no negative", 3: "no positive and no negative"}


def test_what_a_graph_says_of_labels():
    assert checks.graph_hint(f"auc_roc {checks.LABELS}") == checks.graph_hint(checks.CLASSES) == checks.HINT_OF_GRAPHS
    assert checks.graph_hint(checks.WEIGHTS) == ""
