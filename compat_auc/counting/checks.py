"""Rules for the shapes and values of a batch, and the text of every error message. Imports no framework."""

from __future__ import annotations

import re
from typing import Any, Optional, Sequence, Tuple

import numpy as np

ACTIVATIONS = ("sigmoid", "softmax")

Shape = Sequence[Optional[int]]
Expectation = Tuple[Any, str, Any]

SHAPES = (
    "expects one label for each score, or one class number for each row of a softmax (labels of shape (rows,) or "
    "(rows, 1) beside scores of shape (rows, classes)). Received:"
)
LABELS = "expects labels (y_true) that are 0 or 1. Received:"
CLASSES = "expects labels (y_true) that are class numbers, from 0 to the columns of the scores less one. Received:"
_OF_OTHERS = (
    "for distances, margins and other scores, use RankAUC(), or RankAUC(lower_is_positive=True) where small means "
    "positive. Received:"
)
SCORES = f"expects scores (y_pred) in [0, 1]; for logits, use auc_roc(from_logits=True); {_OF_OTHERS}"
_OF_SEVERAL_COLUMNS = (
    'expects scores (y_pred) in [0, 1]; for logits, use auc_roc(from_logits="softmax") if each row has exactly '
    'one label of 1, or auc_roc(from_logits="sigmoid") if it may have any number of them; '
    f"{_OF_OTHERS}"
)
LOGITS = "expects logits (y_pred) whose softmax is a number: no NaN, no inf. Received:"
ANY_SCORES = "expects scores (y_pred) that are numbers, not NaN. Received:"
SOFTMAX = (
    'with from_logits="softmax" expects scores (y_pred) with a column for each class, at least two. For one column, '
    "use from_logits=True."
)
SOFTMAX_ROWS = (
    "expects the scores (y_pred) of a softmax, which add up to 1 in each row, beside labels (y_true) that are class "
    'numbers. Logits need from_logits="softmax". For other scores, such as those of sigmoids, pass one label for each '
    "score, such as one-hot labels. "
    "Received: rows that add up to"
)
# How far the sum of a softmax may be from 1. In bfloat16 each score is off by up to 1 / 256 of itself.
SOFTMAX_TOLERANCE = 0.01
WEIGHTS = "expects a sample_weight that is finite and not negative. Received:"


def check_labels(labels: Shape | None, scores: Shape, metric: str = "auc_roc") -> None:
    """Raise unless there is one label for each score, or a class number for each row of several columns.

    A last axis of length 1 does not count. None is unknown.

    Raises:
        ValueError: the message names both shapes.

    >>> check_labels((32,), (32, 1))
    >>> check_labels((32,), (32, 4))
    >>> check_labels((32, 3), (32, 2))
    Traceback (most recent call last):
    ...
    ValueError: auc_roc expects one label for each score, or one class number for each row of a softmax (labels of \
shape (rows,) or (rows, 1) beside scores of shape (rows, classes)). Received: labels (y_true) of shape (32, 3), scores \
(y_pred) of shape (32, 2).
    """
    if labels is None:
        return
    fit = _may_be_equal(labels, scores) or _may_be_equal(_less_last(labels), _less_last(scores))
    if are_class_numbers(labels, scores) is not False:
        fit = fit or _may_be_equal(labels[: len(scores) - 1], scores[:-1])
    if not fit:
        raise ValueError(
            f"{metric} {SHAPES} labels (y_true) of shape {tuple(labels)}, scores (y_pred) of shape {tuple(scores)}."
        )


def are_class_numbers(labels: Shape | None, scores: Shape | None) -> bool | None:
    """Whether labels are class numbers: the scores have several columns, and the labels have one value for them all.

    None if the shapes do not tell. A shape of None is unknown, and so is a length of None.

    >>> are_class_numbers((32,), (32, 4)), are_class_numbers((32, 1), (32, 4)), are_class_numbers((32, 4), (32, 4))
    (True, True, False)
    """
    if labels is None or scores is None:
        return None
    if len(scores) < 2 or scores[-1] == 1 or not 0 <= len(scores) - len(labels) <= 1:
        return False
    if len(labels) == len(scores) and labels[-1] != 1:
        return None if labels[-1] is None else False
    return None if scores[-1] is None else True


def check_weights(weights: Shape, scores: Shape, metric: str = "auc_roc") -> None:
    """Raise unless there is one sample weight in all, one for each row, or one for each score.

    Axes of length 1 at the end do not count, so weights of shape (n,) and (n, 1) both fit the rows of (n, k).

    Raises:
        ValueError: the message names both shapes.

    >>> check_weights((32,), (32, 5))
    >>> check_weights((5,), (32, 5))
    Traceback (most recent call last):
    ...
    ValueError: auc_roc expects one sample weight for each row or for each score. Received: sample_weight of shape \
(5,) for scores (y_pred) of shape (32, 5).
    """
    rows = list(weights)
    while rows and rows[-1] == 1:
        rows.pop()
    if not _may_be_equal(rows, scores[: len(rows)]):
        raise ValueError(
            f"{metric} expects one sample weight for each row or for each score. Received: sample_weight of shape "
            f"{tuple(weights)} for scores (y_pred) of shape {tuple(scores)}."
        )


def check_values(expectations: Sequence[Expectation]) -> None:
    """Raise for the first expectation that is not met everywhere. The expectations hold NumPy arrays.

    Args:
        expectations: each a tuple: where it is met, the text of the error, and the values.

    Raises:
        ValueError: the message names up to eight of the wrong values.

    >>> labels = np.array([0.0, 1.0, 9.0])
    >>> check_values([((labels == 0) | (labels == 1), f"auc_roc {LABELS}", labels)])
    Traceback (most recent call last):
    ...
    ValueError: auc_roc expects labels (y_true) that are 0 or 1. Received: [9.] If the labels are class numbers, they \
go from 0, and the scores have a column for each class, as a softmax gives them.
    """
    for accepted, words, values in expectations:
        if not np.all(accepted):
            raise ValueError(complaint(words, values[~accepted], values))


def complaint(words: str, wrong: np.ndarray, values: np.ndarray | None = None) -> str:
    """The text of an error: the words, up to eight of the wrong values, and, for labels, what to do about them.

    >>> complaint(f"auc_roc {LABELS}", np.array([-1.0, -1.0])).partition("0 or 1. ")[2]
    'Received: [-1.] If a label of -1 means "unknown", leave it out: ignore_class=-1.'
    """
    are_labels = words.endswith((LABELS, CLASSES))
    hint = label_hint(wrong, wrong if values is None else values, words.endswith(CLASSES)) if are_labels else ""
    return f"{words} {np.unique(wrong)[:8]}{hint}"


def label_hint(wrong: np.ndarray, labels: np.ndarray, of_classes: bool = False) -> str:
    """What to do about wrong labels: a space and sentences, or "" if the values suggest no cause.

    Args:
        wrong: the wrong labels.
        labels: all labels.
        of_classes: whether labels are class numbers.

    >>> label_hint(np.array([0.05, 0.95]), np.array([0.05, 0.95]))
    ' Labels between 0 and 1 come from label smoothing: let the loss smooth them (label_smoothing=...), and give the \
metric labels of 0 and 1. Or they are the scores: labels come first, then scores.'
    >>> label_hint(np.array([2, 2]), np.array([1, 2, 2, 1]))
    ' If the labels are 1 and 2, subtract 1: y_true - 1.'
    """
    if wrong.dtype.kind not in "iuf":
        return ""
    if np.isnan(wrong).any():
        return ' If a label of NaN means "unknown", leave it out: ignore_class=float("nan").'
    if np.any(wrong == -1):
        are_signs = np.all(np.abs(labels) == 1) and np.any(labels == 1)
        negative = " If -1 means negative, give y_true > 0." if are_signs else ""
        return negative + ' If a label of -1 means "unknown", leave it out: ignore_class=-1.'
    if np.all((wrong > 0) & (wrong < 1)):
        return (
            " Labels between 0 and 1 come from label smoothing: let the loss smooth them (label_smoothing=...), and "
            "give the metric labels of 0 and 1. Or they are the scores: labels come first, then scores."
        )
    if not np.any(labels == 0) and (of_classes or np.all(wrong == 2)):
        return f" If the labels {'are numbered from 1' if of_classes else 'are 1 and 2'}, subtract 1: y_true - 1."
    if np.all((wrong > 1) & (wrong == np.floor(wrong))) and not of_classes:
        return (
            " If the labels are class numbers, they go from 0, and the scores have a column for each class, as a "
            "softmax gives them."
        )
    return ""


# A graph cannot look at all labels, so it says this of every wrong label.
HINT_OF_GRAPHS = (
    'A label of -1 or NaN that means "unknown" is left out by ignore_class=-1 or ignore_class=float("nan"). Labels of '
    "-1 and 1 become 0 and 1 by y_true > 0, and labels of 1 and 2 by y_true - 1. Labels between 0 and 1 come from "
    "label smoothing: let the loss smooth them (label_smoothing=...). Or they are the scores: labels come first, then "
    "scores. Class numbers need one column of scores for each class."
)


def graph_hint(words: str) -> str:
    """What a TensorFlow graph says after a wrong value: `HINT_OF_GRAPHS` for labels, else nothing."""
    return HINT_OF_GRAPHS if words.endswith((LABELS, CLASSES)) else ""


def check_dtype(dtype: str, what: str, metric: str) -> None:
    """Raise unless the name of a dtype is one of bool, integer or float numbers.

    Raises:
        ValueError: the message names the dtype.
    """
    if not any(kind in dtype for kind in ("float", "int", "bool")):
        raise ValueError(f"{metric} expects {what} of real numbers. Received: dtype {dtype}")


def check_ignore_class(value: Any, metric: str = "auc_roc") -> None:
    """Raise unless `ignore_class` is None, or a number other than 0 and 1.

    Raises:
        ValueError: the message names the value.

    >>> check_ignore_class(-1)
    >>> check_ignore_class(1)
    Traceback (most recent call last):
    ...
    ValueError: auc_roc expects an ignore_class that is None or a number other than 0 and 1, such as -1. Received: 1
    """
    is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if value is not None and (not is_number or value in (0, 1)):
        raise ValueError(
            f"{metric} expects an ignore_class that is None or a number other than 0 and 1, such as -1. "
            f"Received: {value!r}"
        )


def check_from_logits(value: Any, metric: str = "auc_roc") -> None:
    """Raise unless `from_logits` is True, False or the name of an activation.

    Raises:
        ValueError: the message names the value.

    >>> check_from_logits("softmax")
    >>> check_from_logits("relu")
    Traceback (most recent call last):
    ...
    ValueError: auc_roc expects a from_logits that is False, True, "sigmoid" (the same as True) or "softmax". \
Received: 'relu'
    """
    if not (isinstance(value, (bool, np.bool_)) or (isinstance(value, str) and value in ACTIVATIONS)):
        raise ValueError(
            f'{metric} expects a from_logits that is False, True, "sigmoid" (the same as True) or "softmax". '
            f"Received: {value!r}"
        )


def check_softmax(scores: Shape, metric: str = "auc_roc") -> None:
    """Raise unless the last axis of the scores can hold the classes of a softmax. None is unknown.

    Raises:
        ValueError: the message names the shape.

    >>> check_softmax((32, 3))
    >>> check_softmax((32, 1))
    Traceback (most recent call last):
    ...
    ValueError: auc_roc with from_logits="softmax" expects scores (y_pred) with a column for each class, at least two. \
For one column, use from_logits=True. Received: scores of shape (32, 1).
    """
    if len(scores) < 2 or scores[-1] in (0, 1):
        raise ValueError(f"{metric} {SOFTMAX} Received: scores of shape {tuple(scores)}.")


def of_scores(scores: Shape) -> str:
    """The text of the error for scores outside [0, 1]. What to do about logits depends on the number of columns.

    >>> of_scores((32, 1)) == SCORES
    True
    >>> "softmax" in of_scores((32, 3))
    True
    """
    return _OF_SEVERAL_COLUMNS if has_columns(scores) else SCORES


def has_columns(scores: Shape) -> bool:
    """Whether scores of this shape have several columns, as far as known."""
    return len(scores) > 1 and (scores[-1] or 0) > 1


def check_label_names(names: Any, metric: str, columns: int | None = None) -> list[str] | None:
    """The names of labels as a list, or None.

    Names end up in log keys, file names and formats of them, so they are made of letters, digits, ``_``, ``-``.

    Args:
        names: what the user gave.
        metric: the name at the start of the error.
        columns: how many labels there are, if that is known.

    Raises:
        ValueError: the message says what is wrong.

    >>> check_label_names(["toxic", "insult"], "RankAUC", 2)
    ['toxic', 'insult']
    >>> check_label_names(["toxic", "severe toxic"], "RankAUC")
    Traceback (most recent call last):
    ...
    ValueError: RankAUC expects label_names of letters, digits, "_" and "-", because they become log keys. Received: \
['severe toxic']
    """
    if names is None:
        return None
    if isinstance(names, (str, bytes)) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{metric} expects label_names as a list of str, one for each column. Received: {names!r}")
    names = list(names)
    wrong = [name for name in names if not re.fullmatch(r"[\w-]+", name)]
    if wrong:
        raise ValueError(
            f'{metric} expects label_names of letters, digits, "_" and "-", because they become log keys. '
            f"Received: {wrong}"
        )
    if len(set(names)) < len(names):
        raise ValueError(f"{metric} expects label_names that differ. Received: {names}")
    if not names or columns not in (None, len(names)):
        raise ValueError(
            f"{metric} expects one name in label_names for each column. Received: {names}"
            + ("" if columns is None else f" for {columns} column{'s' * (columns != 1)}")
        )
    return names


def _less_last(shape: Shape) -> Shape:
    return shape[:-1] if len(shape) and shape[-1] == 1 else shape


def _may_be_equal(shape: Shape, other: Shape) -> bool:
    return len(shape) == len(other) and all(a is None or b is None or a == b for a, b in zip(shape, other))
