"""Turn what programs pass as labels, scores and weights into NumPy arrays of numbers. Imports no framework."""

from __future__ import annotations

from typing import Any

import numpy as np

LABELS = "labels (y_true)"
SCORES = "scores (y_pred)"
WEIGHTS = "a sample_weight"


class NoValues(TypeError):
    """Raised for a tensor that has no values yet, such as one inside a compiled step."""


def numbers(values: Any, what: str, metric: str) -> np.ndarray:
    """The values as an array of bool, integer or float dtype.

    Args:
        values: an array or tensor of any framework, a list, a pandas object, a sparse matrix of SciPy. Objects are
            converted to float64: None becomes NaN.
        what: names the values in an error: `LABELS`, `SCORES` or `WEIGHTS`.
        metric: the name at the start of error messages.

    Raises:
        NoValues: if the values are not known yet.
        ValueError: for text, complex numbers, a masked array, and whatever else is no number.

    >>> numbers([0, 1, None], LABELS, "auc_roc")
    array([ 0.,  1., nan])
    >>> numbers(["yes", "no"], LABELS, "auc_roc")
    Traceback (most recent call last):
    ...
    ValueError: auc_roc expects labels (y_true) of real numbers. Received: ['no' 'yes'] of dtype <U3. For labels \
of text, compare with the positive one: y_true == 'yes'
    """
    if values is None:
        raise ValueError(f"{metric} expects {what} of real numbers. Received: None")
    if np.ma.is_masked(values):
        raise ValueError(
            f"{metric} expects {what} without a mask. Received: a masked array. Leave its rows out by a weight of 0: "
            "sample_weight=~np.ma.getmaskarray(...), and pass the .data of the array."
        )
    try:
        array = _array(values)
    except ValueError as error:  # A list of lists that differ in length.
        raise ValueError(f"{metric} expects {what} as an array: {error}") from error
    if array.dtype.kind in "biuf":
        return array
    # Kind "V" is bfloat16.
    if array.dtype.kind in "OV" and not any(isinstance(value, (str, bytes)) for value in array.flat):
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError, OverflowError):
            pass
    received = f"{_some(array)} of dtype {array.dtype}.{_hint(array, what)}"
    raise ValueError(f"{metric} expects {what} of real numbers. Received: {received}")


def _array(values: Any) -> np.ndarray:
    if hasattr(values, "toarray"):  # A sparse matrix.
        values = values.toarray()
    if hasattr(values, "detach"):  # torch
        values = values.detach().cpu()
    try:
        return np.asarray(values)
    except ValueError:
        raise
    except Exception as error:
        raise NoValues(f"{type(values).__name__} has no values: {error}") from error


def _some(array: np.ndarray) -> np.ndarray:
    try:
        return np.unique(array)[:8]
    except TypeError:  # Values of several types have no order.
        return array.ravel()[:8]


def _hint(array: np.ndarray, what: str) -> str:
    texts = [value for value in _some(array).tolist() if isinstance(value, (str, bytes))]
    if what == LABELS and texts:
        return f" For labels of text, compare with the positive one: y_true == {texts[-1]!r}"
    if array.dtype.kind == "O":
        return ' A missing value can be NaN, such as by .to_numpy("float32", na_value=float("nan")).'
    return ""


def is_ragged(values: Any) -> bool:
    """Whether values are a ``tf.RaggedTensor``."""
    return hasattr(values, "nested_row_splits")


def check_ragged(labels: Any, scores: Any, metric: str) -> None:
    """Raise unless both are ragged, in the same dimensions.

    Raises:
        ValueError: the message says what to pass.
    """
    if not (is_ragged(labels) and is_ragged(scores) and len(labels.nested_row_splits) == len(scores.nested_row_splits)):
        raise ValueError(
            f"{metric} expects labels (y_true) and scores (y_pred) that are ragged in the same way. {RAGGED} Received: "
            f"labels of type {type(labels).__name__}, scores of type {type(scores).__name__}."
        )


RAGGED = "Or pass the flat_values of both, one label for each score."
ROW_LENGTHS = f"expects labels, scores and weights whose rows have the same lengths. {RAGGED}"


def flat_ragged(labels: Any, scores: Any, weights: Any, metric: str) -> tuple[Any, Any, Any]:
    """The flat values of ragged labels and scores, and the weight of each. All must have values.

    Args:
        labels: a ``tf.RaggedTensor``.
        scores: the same, with the same row splits.
        weights: None, one weight in all, an array of one for each row, or a ragged tensor of one for each score.
        metric: the name at the start of error messages.

    Raises:
        ValueError: if only one is ragged, or if their rows differ in length.
    """
    check_ragged(labels, scores, metric)
    splits = [_array(part) for part in scores.nested_row_splits]
    for other in (labels, weights) if is_ragged(weights) else (labels,):
        if not all(np.array_equal(_array(part), split) for part, split in zip(other.nested_row_splits, splits)):
            raise ValueError(f"{metric} {ROW_LENGTHS}")
    if is_ragged(weights):
        weights = _array(weights.flat_values)
    elif weights is not None and np.ndim(weights):
        weights = _array(weights)
        for split in splits:
            weights = np.repeat(weights, np.diff(split), axis=0)
    return _array(labels.flat_values), _array(scores.flat_values), weights
