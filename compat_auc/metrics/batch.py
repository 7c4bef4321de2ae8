"""Read a batch into checked tensors of one shape, ready to be counted. Every metric does this first."""

from __future__ import annotations

from typing import Any, NamedTuple

from compat_auc.backends import Backend, Tensor, static_shape
from compat_auc.counting import checks


class Batch(NamedTuple):
    """Labels, scores and weights as tensors of one shape: (rows,), or (rows, columns) if columns are kept apart.

    Attributes:
        positive: bool, whether a label is 1.
        scores: float32, or float64 if that was asked for and is needed. 0 where the weight is 0.
        weights: of the dtype of the counts, or None if each is 1. A row of weight 0 is ignored.
        poison: None, or a scalar: NaN if the batch is wrong and nothing could be raised, else 0.
    """

    positive: Tensor
    scores: Tensor
    weights: Tensor | None
    poison: Tensor | None


def read_batch(
    backend: Backend,
    y_true: Any,
    y_pred: Any,
    sample_weight: Any,
    metric: str,
    columns: int | None = None,
    any_score: bool = False,
    keep_float64: bool = False,
    ignore_class: int | None = None,
    one_vs_rest: bool = False,
    softmax: bool = False,
) -> Batch:
    """Convert and check a batch.

    Args:
        backend: from `backend_of`.
        y_true: labels, 0 or 1, of any dtype.
        y_pred: scores, one for each label.
        sample_weight: None, or weights of 0 or more: one in all, one for each row, or one for each score.
        metric: the name at the start of error messages.
        columns: the length of the last axis, to keep columns apart; None flattens everything.
        any_score: whether scores may be any number, not only those in [0, 1].
        keep_float64: whether float64 scores stay as they are, and integers become float64 where float32 may not do.
        ignore_class: labels of this value are ignored.
        one_vs_rest: whether labels are class numbers, one for each row. Each column of the scores is then a class.
        softmax: whether scores are logits of a softmax over the last axis. The batch holds its probabilities, float64
            with `keep_float64` where the backend has it.

    Raises:
        ValueError: for shapes that do not fit, and for wrong values where the values are known.
        tensorflow.errors.InvalidArgumentError: the same in a TensorFlow graph, when it runs.
    """
    labels, scores, weights = backend.tensor(y_true), backend.tensor(y_pred), None
    if one_vs_rest:
        labels = _classes_to_columns(backend, labels, scores, ignore_class)
    checks.check_labels(static_shape(labels), static_shape(scores), metric)
    if softmax:
        checks.check_softmax(static_shape(scores), metric)
    complaint = checks.LOGITS if softmax else checks.ANY_SCORES if any_score else checks.of_scores(static_shape(scores))
    flat = [-1] if columns is None else [-1, columns]
    if sample_weight is not None:
        weights = backend.reshape(_of_each(backend, sample_weight, scores, metric), flat)
    scores = logits = backend.as_scores(scores) if keep_float64 else backend.tensor(scores, "float32")
    if softmax:
        scores = backend.softmax(backend.tensor(scores, backend.count_dtype) if keep_float64 else scores)
    if "bool" in str(labels.dtype):
        labels = backend.tensor(labels, "int32")
    labels = backend.reshape(backend.same_size(labels, scores, metric), flat)
    scores = backend.reshape(scores, flat)
    received = backend.reshape(logits, flat) if softmax else scores
    if ignore_class is not None:
        kept = 1 - backend.tensor(backend.equal(labels, ignore_class), backend.count_dtype)
        weights = kept if weights is None else backend.where(kept > 0, weights, backend.zeros_like(kept))
    words = checks.CLASSES if one_vs_rest else checks.LABELS
    in_range = backend.equal(scores, scores) if any_score or softmax else (scores >= 0) & (scores <= 1)
    positive = backend.equal(labels, 1)
    rules = [
        (positive | backend.equal(labels, 0), f"{metric} {words}", labels),
        (in_range, f"{metric} {complaint}", received),
    ]
    return _checked(backend, positive, scores, weights, metric, rules)


def _of_each(backend: Backend, sample_weight: Any, scores: Tensor, metric: str) -> Tensor:
    weights = backend.tensor(sample_weight, backend.count_dtype)
    checks.check_weights(static_shape(weights), static_shape(scores), metric)
    return backend.one_for_each(weights, scores)


def _checked(
    backend: Backend,
    positive: Tensor,
    scores: Tensor,
    weights: Tensor | None,
    metric: str,
    rules: list[checks.Rule],
) -> Batch:
    """Make the batch. The rules are for its labels and scores; they do not hold for what has no weight."""
    if weights is not None:
        counts_for_nothing = backend.equal(weights, 0)
        rules = [(accepted | counts_for_nothing, words, values) for accepted, words, values in rules]
        rules.append(((weights >= 0) & (weights < float("inf")), f"{metric} {checks.WEIGHTS}", weights))
        scores = backend.where(counts_for_nothing, backend.zeros_like(scores), scores)
    scores, poison = backend.enforce(rules, scores)
    return Batch(positive, scores, weights, poison)


def _classes_to_columns(backend: Backend, labels: Tensor, scores: Tensor, ignore_class: int | None) -> Tensor:
    """Labels of 0 and 1 for each class, float32 of the shape of the scores.

    A row keeps its label if that is `ignore_class` or not a class.
    """
    classes = backend.columns(static_shape(scores)[-1], "float32")
    labels = backend.tensor(labels, "float32")
    if len(static_shape(labels)) < len(static_shape(scores)):
        labels = labels[..., None]
    is_class = backend.tensor(backend.equal(labels, classes), "float32")
    known = backend.sum(is_class, -1, keepdims=True)
    if ignore_class is not None:
        known = known * (1 - backend.tensor(backend.equal(labels, ignore_class), "float32"))
    return backend.where(known + backend.zeros_like(is_class) > 0, is_class, labels + backend.zeros_like(is_class))
