"""Read a batch into checked tensors of one shape, ready to be counted. Every metric does this first."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from compat_auc.backends import Backend, Tensor, shape_if_known, static_shape
from compat_auc.counting import arrays, checks


class Batch(NamedTuple):
    """Labels, scores and weights as tensors of one shape: (rows,), or (rows, columns) for counts by column.

    Attributes:
        labels: int32, 0 or 1.
        scores: float32, or float64 if that was asked for and is needed. 0 where the weight is 0.
        weights: of the dtype of the counts, or None if each is 1. A row of weight 0 is ignored.
        poison: None, or a scalar: NaN if the batch is wrong and nothing could be raised, else 0.
    """

    labels: Tensor
    scores: Tensor
    weights: Tensor | None
    poison: Tensor | None


class Tensors(NamedTuple):
    """Labels, scores and weights (or None) as tensors, not yet checked."""

    labels: Tensor
    scores: Tensor
    weights: Tensor | None


class BatchReader:
    """Converts and checks batches. A metric makes one, with its options, and calls `tensors` and `batch` at each step.

    Args:
        backend: from `backend_of`.
        metric: the name at the start of error messages.
        any_score: whether scores may be any number, not only those in [0, 1].
        keep_float64: whether float64 scores stay as they are, and integers become float64 where float32 may not do.
        ignore_class: labels of this value are ignored. It may be NaN.
        lower_is_positive: whether small scores mean positive, as distances do. The scores are then ``-score``, or
            ``1 - score`` if they must be in [0, 1].
        softmax: whether scores are logits of a softmax over the last axis. The batch holds its probabilities, float64
            with `keep_float64` where the backend has it.

    Raises:
        ValueError: for an `ignore_class` that is not a number, or is 0 or 1.
    """

    def __init__(
        self,
        backend: Backend,
        metric: str,
        any_score: bool = False,
        keep_float64: bool = False,
        ignore_class: float | None = None,
        lower_is_positive: bool = False,
        softmax: bool = False,
    ) -> None:
        checks.check_ignore_class(ignore_class, metric)
        self._backend = backend
        self._metric = metric
        self._any_score = any_score
        self._keep_float64 = keep_float64
        self._ignore_class = ignore_class
        self._lower_is_positive = lower_is_positive
        self._softmax = softmax

    def tensors(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Tensors:
        """Convert labels, scores and weights. Of ragged tensors, take the flat values.

        Raises:
            ValueError: for text, masked arrays and whatever else is no number; for ragged tensors that do not fit.
        """
        if arrays.is_ragged(y_true) or arrays.is_ragged(y_pred):
            y_true, y_pred, sample_weight = self._backend.flat_ragged(y_true, y_pred, sample_weight, self._metric)
        labels, scores = self._tensor(y_true, arrays.LABELS), self._tensor(y_pred, arrays.SCORES)
        weights = None if sample_weight is None else self._tensor(sample_weight, arrays.WEIGHTS)
        return Tensors(labels, scores, weights)

    def _tensor(self, values: Any, what: str) -> Tensor:
        if not isinstance(values, np.ma.MaskedArray):  # Its mask would be lost.
            try:
                tensor = self._backend.tensor(values)
                checks.check_dtype(str(tensor.dtype), what, self._metric)
                return tensor
            except (TypeError, ValueError, RuntimeError) as error:
                return self._number_tensor(values, what, error)
        return self._number_tensor(values, what)

    def _number_tensor(self, values: Any, what: str, error: Exception | None = None) -> Tensor:
        try:
            return self._backend.tensor(arrays.numbers(values, what, self._metric))
        except arrays.NoValues:
            raise error or arrays.NoValues from None

    def batch(self, labels: Tensor, scores: Tensor, weights: Tensor | None = None, columns: int | None = None) -> Batch:
        """Check a batch.

        Args:
            labels: 0 or 1, of any dtype; or class numbers, of shape (rows,) or (rows, 1) beside the columns of a
                softmax, which count as one-hot labels.
            scores: one for each label.
            weights: None, or 0 or more: one in all, one for each row, or one for each score.
            columns: the length of the last axis, to count by column; None flattens everything.

        Raises:
            ValueError: for shapes that do not fit, and for wrong values where the values are known.
            tensorflow.errors.InvalidArgumentError: the same in a TensorFlow graph, when it runs.
        """
        backend, metric = self._backend, self._metric
        shape = static_shape(scores)
        flat = [-1] if columns is None else [-1, columns]
        if weights is not None:
            weights = backend.tensor(weights, backend.count_dtype)
            checks.check_weights(static_shape(weights), shape, metric)
            weights = backend.reshape(backend.one_for_each(weights, scores), flat)
        scores = received = backend.as_scores(scores) if self._keep_float64 else backend.tensor(scores, "float32")
        if self._softmax:
            checks.check_softmax(shape, metric)
            scores = backend.softmax(backend.tensor(scores, backend.count_dtype) if self._keep_float64 else scores)
        if "bool" in str(labels.dtype):
            labels = backend.tensor(labels, "int32")
        of_labels, words, expectations = shape_if_known(labels), checks.LABELS, []
        checks.check_labels(of_labels, shape, metric)
        are_class_numbers = checks.are_class_numbers(of_labels, shape)
        if are_class_numbers is False:
            labels = backend.same_size(labels, scores, metric)
        else:
            words = checks.CLASSES if are_class_numbers else checks.LABELS
            labels, is_softmax, sums = self._one_hot(labels, scores, are_class_numbers)
            expectations = [
                (backend.reshape(is_softmax, flat), f"{metric} {checks.SOFTMAX_ROWS}", backend.reshape(sums, flat))
            ]
        labels, scores = backend.reshape(labels, flat), backend.reshape(scores, flat)
        are_plain = weights is None and self._ignore_class is None and not self._softmax and not expectations
        if are_plain and backend.are_right(labels, scores, any_score=self._any_score):
            return Batch(backend.tensor(labels, "int32"), self._directed(scores), None, None)
        expectations = [
            self._expected_scores(scores, backend.reshape(received, flat) if self._softmax else scores, shape),
            *expectations,
        ]
        if self._ignore_class is not None:
            kept = 1 - backend.tensor(self._is_ignored(labels), backend.count_dtype)
            weights = kept if weights is None else backend.where(kept > 0, weights, backend.zeros_like(kept))
        return self._checked(labels, scores, weights, words, expectations)

    def _checked(
        self, labels: Tensor, scores: Tensor, weights: Tensor | None, words: str, expectations: list[checks.Expectation]
    ) -> Batch:
        backend, metric = self._backend, self._metric
        positive = backend.equal(labels, 1)
        expectations = [(positive | backend.equal(labels, 0), f"{metric} {words}", labels), *expectations]
        if weights is not None:
            counts_for_nothing = backend.equal(weights, 0)
            expectations = [(accepted | counts_for_nothing, text, values) for accepted, text, values in expectations]
            expectations.append(((weights >= 0) & (weights < float("inf")), f"{metric} {checks.WEIGHTS}", weights))
            scores = backend.where(counts_for_nothing, backend.zeros_like(scores), scores)
        scores, poison = backend.enforce(expectations, scores)
        return Batch(backend.tensor(positive, "int32"), self._directed(scores), weights, poison)

    def _directed(self, scores: Tensor) -> Tensor:
        if not self._lower_is_positive:
            return scores
        return -scores if self._any_score else 1 - scores

    def _expected_scores(self, scores: Tensor, received: Tensor, shape: checks.Shape) -> checks.Expectation:
        if self._softmax or self._any_score:
            words = checks.LOGITS if self._softmax else checks.ANY_SCORES
            return self._backend.equal(scores, scores), f"{self._metric} {words}", received
        return (scores >= 0) & (scores <= 1), f"{self._metric} {checks.of_scores(shape)}", received

    def _is_ignored(self, labels: Tensor) -> Tensor:
        if self._ignore_class != self._ignore_class:
            return ~self._backend.equal(labels, labels)
        if "float" not in str(labels.dtype):  # A dtype may lack the value, as unsigned integers lack -1.
            labels = self._backend.tensor(labels, "float32")
        return self._backend.equal(labels, self._ignore_class)

    def _one_hot(self, labels: Tensor, scores: Tensor, are_numbers: bool | None) -> tuple[Tensor, Tensor, Tensor]:
        """Labels of 0 and 1 for each class, whether each row of scores adds up to 1, and the sums: (rows, classes).

        A row keeps its label if that is `ignore_class` or not a class. Where only the run of a graph tells whether
        labels are class numbers (None), labels for each score stay as they are.
        """
        backend = self._backend
        scores = backend.tensor(scores, "float32")
        count = backend.last_length(scores)
        scores = backend.reshape(scores, [-1, count])
        sums = backend.sum(scores, -1, keepdims=True) + backend.zeros_like(scores)
        is_softmax = (sums >= 1 - checks.SOFTMAX_TOLERANCE) & (sums <= 1 + checks.SOFTMAX_TOLERANCE)
        is_softmax = is_softmax | backend.infers_shapes(scores)
        labels = backend.tensor(labels, "float32")
        are_class_numbers: Tensor = True
        if are_numbers and None not in static_shape(labels):
            labels = backend.reshape(labels, [-1, 1])
        else:
            labels, are_class_numbers = backend.in_rows(labels, scores, self._metric)
            is_softmax = is_softmax | ~are_class_numbers
        is_class = backend.tensor(backend.equal(labels, backend.columns(count, "float32")), "float32")
        has_column = backend.sum(is_class, -1, keepdims=True) * backend.tensor(are_class_numbers, "float32")
        if self._ignore_class is not None:
            has_column = has_column * (1 - backend.tensor(self._is_ignored(labels), "float32"))
        nothing = backend.zeros_like(scores)
        return backend.where(has_column + nothing > 0, is_class + nothing, labels + nothing), is_softmax, sums
