"""The metric class that `auc_roc` stands for: ``keras.metrics.AUC`` with checked input and exact counts.

Keras gives the state, the options and the serialization. What differs from ``keras.metrics.AUC``:

- Input is checked. Where no error can be raised (JAX, XLA), wrong input makes the result NaN until the next reset.
- Counts are float64 where the backend has it. Keras adds up in float32, which stops at 2**24.
- If a class is missing, the result is NaN, not 0. A mean over labels leaves such a label out.
- A score is compared with each threshold, as in TensorFlow 1. Keras (not yet in TensorFlow 2.5) rounds the product
  ``score * (num_thresholds - 1)`` in float32. A score at a threshold, or next to one, may land on its other side.
- A row of weight 0, or with the label `ignore_class`, is ignored, whatever its score.
- Labels may be class numbers beside the columns of a softmax. With `lower_is_positive`, small scores mean positive.
- In a TensorFlow 1 graph, ``tf.compat.v1.metrics.auc`` counts each batch.
- ``summation_method`` also takes TensorFlow 1's names. Its default, and its meaning for PR curves, are TensorFlow 1's.
"""

from __future__ import annotations

import inspect
from types import ModuleType
from typing import Any, Callable

import numpy as np

from compat_auc.backends import Tensor, static_shape
from compat_auc.counting import checks
from compat_auc.counting.by_label import left_out
from compat_auc.counting.thresholds import inner_thresholds
from compat_auc.metrics import areas
from compat_auc.metrics.batch import Batch, BatchReader
from compat_auc.metrics.identifiers import NamedByText, NamedWithoutPrefix
from compat_auc.metrics.inspection import Inspected, Totals
from compat_auc.metrics.per_keras import metric_class, set_to_zero
from compat_auc.stack import in_graph_mode, is_multi_backend

# Keras's "interpolation" is what TensorFlow 1 called "careful_interpolation". On a ROC curve it means trapezoids.
_KERAS_NAMES = {"trapezoidal": "interpolation", "careful_interpolation": "interpolation"}


def auc_class(keras: ModuleType) -> type:
    """The metric class for a Keras, registered with it as "compat_auc>AucRoc"."""
    return metric_class("AucRoc", keras, keras.metrics.AUC, (NamedByText, _AucRocOfKeras3), (_AucRocOfKeras2,))


class _AucRoc(Inspected):
    """What the classes for Keras 2 and Keras 3 share."""

    # Attributes of ``keras.metrics.AUC``.
    num_thresholds: int
    thresholds: list[float]
    curve: Any
    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any
    _built: bool
    _build: Callable[[Any], None]

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: Any = "ROC",
        summation_method: Any = "trapezoidal",
        name: str = "auc_roc",
        dtype: Any = None,
        thresholds: Any = None,
        from_logits: bool | str = False,
        ignore_class: float | None = None,
        lower_is_positive: bool = False,
        **options: Any,
    ) -> None:
        _check_names(options, self._keras)
        method = getattr(summation_method, "value", summation_method)
        super().__init__(
            num_thresholds=num_thresholds,
            curve=curve,
            summation_method=_KERAS_NAMES.get(method, method),
            name=name,
            dtype=dtype or self._backend.count_dtype,
            thresholds=thresholds,
            **options,
        )
        self._summation_name = method
        checks.check_from_logits(from_logits)
        self._from_logits = from_logits if isinstance(from_logits, str) else bool(from_logits)
        self._ignore_class = ignore_class
        self._lower_is_positive = lower_is_positive
        self._reader = BatchReader(
            self._backend,
            "auc_roc",
            any_score=self._from_logits in (True, "sigmoid"),
            softmax=self._from_logits == "softmax",
            ignore_class=ignore_class,
            lower_is_positive=lower_is_positive,
        )
        self._by_label = options.get("multi_label", False)
        # float32, because TensorFlow 1 compared in it: a score that equals a threshold is not above it.
        self._inner = np.asarray(self.thresholds[1:-1], "float32")
        self._is_even = np.array_equal(self._inner, inner_thresholds(self.num_thresholds))

    @property
    def _variable_dtype(self) -> Any:
        # Keras 3 makes variables of floatx, whatever the dtype of the metric.
        return self._backend.count_dtype

    @property
    def _result_dtype(self) -> Any:
        return self._backend.count_dtype

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "summation_method": self._summation_name,
            "from_logits": self._from_logits,
            "ignore_class": self._ignore_class,
            "lower_is_positive": self._lower_is_positive,
        }

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        labels, scores, weights = self._reader.tensors(y_true, y_pred, sample_weight)
        # Of flattened columns with weights, the counts do not tell whether each row has one label.
        may_lack_softmax = self._from_logits is True and (self._by_label or self._weights_of_labels() is None)
        self._note_columns(scores, may_lack_softmax, are_logits=True)
        batch = self._reader.batch(labels, scores, weights, self._counted_columns(scores))
        return [
            self._backend.add_to(variable, self._backend.tensor(count, self._variable_dtype))
            for variable, count in zip(self._totals(), self._confusion(batch))
        ]

    def _counted_columns(self, scores: Tensor) -> int | None:
        """How many columns are counted each by itself; None if all are counted together.

        Raises:
            ValueError: if the scores have other columns than those of earlier batches, or of ``label_weights``.
        """
        label_weights = self._weights_of_labels()
        if not self._by_label and label_weights is None:
            return None
        if self._by_label and not self._built:
            with self._backend.lock:
                if not self._built:  # Another thread may have been first.
                    self._build(scores.shape)
        columns: Any = static_shape(self.true_positives if self._by_label else label_weights)[-1]
        if static_shape(scores)[-1:] not in ((columns,), (None,)):
            raise ValueError(
                f"auc_roc with {columns} labels expects scores (y_pred) whose last axis is {columns}. Received: "
                f"scores of shape {static_shape(scores)}."
            )
        return columns

    def _confusion(self, batch: Batch) -> areas.Confusion:
        """The batch's counts at each threshold, in the order of `_totals`."""
        return areas.confusion(self._backend, self._in_bucket(batch))

    def _totals(self) -> tuple[Any, Any, Any, Any]:
        return self.true_positives, self.false_positives, self.true_negatives, self.false_negatives

    def _weights_of_labels(self) -> Tensor | None:
        """Keras's ``label_weights`` (since TensorFlow 2.2) as a tensor, or None."""
        weights = getattr(self, "label_weights", None)
        return None if weights is None else self._backend.tensor(weights, self._backend.count_dtype)

    def _in_bucket(self, batch: Batch) -> Tensor:
        """The batch's counts between the thresholds, shape (2, thresholds - 1) or (2, thresholds - 1, labels)."""
        backend, size = self._backend, self.num_thresholds - 1
        scores, weights = batch.scores, batch.weights
        if self._from_logits in (True, "sigmoid"):
            scores = backend.sigmoid(scores)
        columns: Any = static_shape(scores)[-1] if self._by_label else 1
        if self._is_even:
            buckets = backend.even_bucket(scores, self.num_thresholds)
        else:
            buckets = backend.bucket(scores, self._inner)
        buckets = buckets + size * batch.labels
        by_label = None if self._by_label else self._weights_of_labels()
        if by_label is not None:
            ones = 1 + backend.tensor(backend.zeros_like(scores), backend.count_dtype)
            weights = by_label * (ones if weights is None else weights)
        if self._by_label:
            buckets = backend.reshape(buckets * columns + backend.columns(columns), [-1])
        weights = None if weights is None else backend.reshape(weights, [-1])
        counts = backend.count(backend.reshape(buckets, [-1]), weights, 2 * size * columns, backend.count_dtype)
        if batch.poison is not None:
            counts = counts + batch.poison
        return backend.reshape(counts, [2, size, columns] if self._by_label else [2, size])

    def _totals_now(self) -> Totals | None:
        if self._by_label and not self._built:
            return None
        positives, negatives = (self._backend.read_now(part) for part in (self.true_positives, self.false_positives))
        if positives is None or negatives is None:
            return None
        return Totals(positives[0].sum(), negatives[0].sum(), are_logits=True)

    def result(self) -> Tensor:
        self._inspect()
        return self._backend.across_replicas(self._area)

    def _area(self) -> Tensor:
        backend = self._backend
        if self._by_label and not self._built:
            return backend.tensor(float("nan"), self._result_dtype)
        counts = areas.Confusion(*[backend.tensor(backend.value(v), self._result_dtype) for v in self._totals()])
        by_label = areas.area(backend, counts, self.curve.value, self._summation_name)
        if not self._by_label:
            return by_label
        weights = self._weights_of_labels()
        weights = None if weights is None else backend.tensor(weights, self._result_dtype)
        tp, fp, tn, fn = (count[0] for count in counts)
        return areas.mean_over_labels(backend, by_label, tp + fn, fp + tn, weights)

    def left_out(self) -> dict[int, str]:
        """The labels that the mean of ``multi_label=True`` leaves out, by their column, with the class that is missing.

        Without `multi_label` all columns are one label, 0.
        """
        if self._by_label and not self._built:
            return {}
        tp, fp, tn, fn = (np.atleast_2d(self._backend.read(variable).T)[:, 0] for variable in self._totals())
        return left_out(tp + fn, fp + tn)


class _AucRocOfKeras3(_AucRoc):
    def add_variable(self, shape: Any, initializer: Any, dtype: Any = None, **options: Any) -> Any:
        return super().add_variable(shape, initializer, dtype=dtype or self._variable_dtype, **options)


class _AucRocOfKeras2(_AucRoc, NamedWithoutPrefix):
    @property
    def _variable_dtype(self) -> Any:
        return self.dtype

    @property
    def _result_dtype(self) -> Any:
        # Multi-backend Keras mixes in float32 zeros. The counts are exact; only their ratios are float32.
        return "float32" if is_multi_backend(self._keras) else self.dtype

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        import tensorflow as tf

        # Return a tensor: TensorFlow 2.0 and 2.1 take no operation.
        with tf.control_dependencies(super().update_state(y_true, y_pred, sample_weight)):
            done = tf.identity(self.true_positives)
        return [done] if is_multi_backend(self._keras) else done

    def _confusion(self, batch: Batch) -> areas.Confusion:
        if self._by_label or not in_graph_mode():
            return super()._confusion(batch)
        return _count_in_graph(self._in_bucket(batch), self._inner)

    def reset_state(self) -> None:
        self._inspect(ends_phase=True)
        set_to_zero(self._keras, self.weights)


def _check_names(options: dict[str, Any], keras: ModuleType) -> None:
    """Raise for options that neither `auc_roc` nor this Keras's AUC has. Keras's own error would name another class."""
    of_keras = inspect.signature(keras.metrics.AUC.__init__).parameters
    wrong = {name: value for name, value in options.items() if name not in of_keras}
    if wrong:
        accepted = {*inspect.signature(_AucRoc.__init__).parameters, *of_keras} - {"self", "options"}
        received = ", ".join(f"{name}={value!r}" for name, value in wrong.items())
        raise TypeError(f"auc_roc takes the options {', '.join(sorted(accepted))}. Received: {received}")


# Up to here all buckets are passed, beyond only those with rows in them. Measured: with 199 buckets a run takes 350 us
# for any batch; with only those that have rows, 320 us for 32 rows and 620 us for 4,096. With 999 buckets it takes
# 4,000 us; with only those that have rows, 440 to 5,000 us.
_FEW_BUCKETS = 200


def _count_in_graph(in_bucket: Any, thresholds: np.ndarray) -> areas.Confusion:
    """Count one batch with ``tf.compat.v1.metrics.auc``, float64 of shape ``(thresholds + 2,)`` each.

    That function counts in float32, which stops at 2**24. Here it counts one batch only, and the caller adds up its
    counts in float64. It compares every row with every threshold. All that it sees of a row is its label and the
    thresholds that it lies between. So it is given one row for each label and bucket, with the sum of the weights. Of
    these rows only the weights change, so TensorFlow makes the comparisons once and keeps them.

    Its variables are made here, and each run sets them to zero first. So no session has to initialize them, and an
    error leaves nothing behind.

    Args:
        in_bucket: the batch's counts between the thresholds, shape (2, thresholds + 1), negatives first.
        thresholds: float32, from 0 to 1, ascending. TensorFlow adds one below 0 and one above 1.
    """
    import tensorflow as tf

    weights, size = tf.reshape(tf.cast(in_bucket, tf.float32), [-1]), len(thresholds) + 1
    labels = np.repeat([False, True], size)
    # A score at a threshold is not above it, so a bucket contains its upper end.
    scores = np.tile(np.append(thresholds, np.float32(1)), 2)
    if size > _FEW_BUCKETS:
        used = tf.reshape(tf.compat.v1.where(weights > 0), [-1])
        labels, scores, weights = [tf.gather(values, used) for values in (labels, scores, weights)]
    zeros = np.zeros(size + 1, np.float32)
    # Resources: TensorFlow's graph optimizer reorders reading and clearing a variable of the old kind.
    variables = {
        name: tf.compat.v1.Variable(zeros, trainable=False, collections=[], use_resource=True, name=name)
        for name in areas.Confusion._fields
    }

    def by_name(_: Any, **options: Any) -> Any:
        return variables[options["name"]]

    cleared = [variable.assign(zeros).op for variable in variables.values()]
    with tf.control_dependencies(cleared), tf.variable_creator_scope(by_name):
        _, update = tf.compat.v1.metrics.auc(labels, scores, weights, thresholds=thresholds.tolist())
    with tf.control_dependencies([update]):
        return areas.Confusion(*[tf.cast(variables[name].read_value(), tf.float64) for name in areas.Confusion._fields])
