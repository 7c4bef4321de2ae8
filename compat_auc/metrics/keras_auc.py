"""The metric class that `auc_roc` stands for: ``keras.metrics.AUC``, counted exactly and on checked input.

Keras gives the state, the options, the formula and the serialization. What differs from ``keras.metrics.AUC``:

- Input is checked. Where nothing can be raised (JAX, XLA), garbage makes the result NaN until the next reset.
- Counts are float64 where the backend has it. Keras adds up float32, which stands still at 2**24.
- A class that is missing makes the result NaN, not 0.
- In a TensorFlow 1 graph, ``tf.compat.v1.metrics.auc`` counts each batch.
- ``summation_method`` has TensorFlow 1's names, too, its default, and for PR curves its meaning.
"""

import functools
import operator
import types
from types import ModuleType

import numpy as np

from compat_auc import backends
from compat_auc.counting import checks
from compat_auc.metrics.classes import metric_class
from compat_auc.metrics.identifiers import NamedByText
from compat_auc.metrics.streaming import BatchCounter
from compat_auc.stack import in_graph_mode, is_multi_backend, keras_backend

# Keras's "interpolation" is what TensorFlow 1 called "careful_interpolation"; on a ROC curve both are trapezoids.
_KERAS_NAMES = {"trapezoidal": "interpolation", "careful_interpolation": "interpolation"}

# Under a PR curve TensorFlow 1 had trapezoids, too, by default, and sums that Keras computes otherwise.
_PR_HEIGHTS = {
    "trapezoidal": lambda ops, left, right: (left + right) / 2,
    "minoring": lambda ops, left, right: ops.minimum(left, right),
    "majoring": lambda ops, left, right: ops.maximum(left, right),
}
_TF1_EPSILON = 1e-6


def auc_class(keras: ModuleType) -> type:
    """The metric class for a Keras, registered with it as "compat_auc>AucRoc"."""
    return metric_class("AucRoc", keras, keras.metrics.AUC, (NamedByText, _AucRocOfKeras3), (_AucRocOfKeras2,))


class _AucRoc:
    """What the classes for Keras 2 and Keras 3 share. They give `_keras` and `_count_dtype`."""

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="trapezoidal",
        name="auc_roc",
        dtype=None,
        thresholds=None,
        from_logits=False,
        **options,
    ):
        method = getattr(summation_method, "value", summation_method)
        super().__init__(
            num_thresholds=num_thresholds,
            curve=curve,
            summation_method=_KERAS_NAMES.get(method, method),
            name=name,
            dtype=dtype or backends.count_dtype(self._keras),
            thresholds=thresholds,
            **options,
        )
        self._summation_name = method
        self._from_logits = from_logits
        self._by_label = options.get("multi_label", False)

    def get_config(self):
        return {
            **super().get_config(),
            "summation_method": self._summation_name,
            "from_logits": self._from_logits,
        }

    def update_state(self, y_true, y_pred, sample_weight=None):
        ops, dtype = backends.operations(self._keras), self._count_dtype
        labels, scores = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        checks.check_labels(backends.static_shape(labels), backends.static_shape(scores))
        labels, scores, weights = ops.cast(labels, dtype), ops.cast(scores, "float32"), None
        if sample_weight is not None:
            weights = ops.convert_to_tensor(sample_weight)
            checks.check_weights(backends.static_shape(weights), backends.static_shape(scores))
            weights = ops.cast(weights, dtype)
        labels = backends.enforce_size(keras_backend(self._keras), labels, scores)
        rules = checks.rules(ops.equal, labels, scores, weights, self._from_logits)
        valid = functools.reduce(operator.and_, [ops.all(accepted) for accepted, _, _ in rules])
        scores = backends.enforce(keras_backend(self._keras), valid, rules, scores)
        if self._from_logits:
            scores = ops.sigmoid(scores)
        if self._by_label and not self._built:
            self._build(scores.shape)
        counts = self._count(labels, scores, self._weigh_scores(weights, scores))
        poison = ops.cast(ops.where(valid, 0.0, np.nan), dtype)
        return [total.assign_add(count + poison) for total, count in zip(self._totals(), counts)]

    def _totals(self):
        return [self.true_positives, self.false_negatives, self.true_negatives, self.false_positives]

    def _weigh_scores(self, weights, scores):
        """One weight for each score, the label's own included; None where each is 1."""
        ops = backends.operations(self._keras)
        if weights is not None:
            weights = backends.one_for_each(ops, weights, scores)
        if not self._by_label and getattr(self, "label_weights", None) is not None:
            by_label = ops.cast(self.label_weights, self._count_dtype) * ops.cast(
                ops.ones_like(scores), self._count_dtype
            )
            weights = by_label if weights is None else weights * by_label
        return weights

    def _count(self, labels, scores, weights):
        """The batch's counts in the order of `_totals`, each of shape (thresholds,) or (thresholds, labels)."""
        ops = backends.operations(self._keras)
        # float32, which TensorFlow 1 compared in: a score that equals a threshold is not above it.
        inner = np.asarray(self.thresholds[1:-1], "float32")
        columns, size = backends.static_shape(scores)[-1] if self._by_label else 1, len(inner) + 1
        place = ops.searchsorted(inner, ops.reshape(scores, [-1]))
        place = place + size * ops.reshape(ops.cast(ops.equal(labels, 1), "int32"), [-1])
        if self._by_label:
            column = ops.cast(ops.zeros_like(scores), "int32") + np.arange(columns, dtype="int32")
            place = place * columns + ops.reshape(column, [-1])
        weights = None if weights is None else ops.reshape(weights, [-1])
        nothing = ops.zeros([2 * size * columns], self._count_dtype)
        in_bucket = backends.add_at(keras_backend(self._keras), nothing, place, weights)
        in_bucket = ops.reshape(in_bucket, [2, size, columns] if self._by_label else [2, size])
        above = ops.flip(backends.cumsum(keras_backend(self._keras), ops, ops.flip(in_bucket, 1), 1), 1)
        above = ops.concatenate([above, ops.zeros_like(above[:, :1])], 1)
        false_positives, true_positives = above[0], above[1]
        return [
            true_positives,
            true_positives[:1] - true_positives,
            false_positives[:1] - false_positives,
            false_positives,
        ]

    def result(self):
        ops = backends.operations(self._keras)
        riemann = self.curve.value == "PR" and self._summation_name in _PR_HEIGHTS
        area = self._riemann_sum_of_pr() if riemann else super().result()
        positives = self.true_positives[0] + self.false_negatives[0]
        negatives = self.true_negatives[0] + self.false_positives[0]
        # Not so for NaN either, the mark of garbage.
        has_both_classes = ops.all((positives > 0) & (negatives > 0))
        return ops.where(has_both_classes, area, ops.cast(np.nan, area.dtype))

    def _riemann_sum_of_pr(self):
        """TensorFlow 1's sums under a PR curve. Its epsilon makes the last precision 1; Keras has 0 there."""
        ops = backends.operations(self._keras)
        hits = self.true_positives + _TF1_EPSILON
        precision = hits / (self.true_positives + self.false_positives + _TF1_EPSILON)
        recall = hits / (self.true_positives + self.false_negatives + _TF1_EPSILON)
        heights = _PR_HEIGHTS[self._summation_name](ops, precision[:-1], precision[1:])
        area = ops.sum((recall[:-1] - recall[1:]) * heights, 0)
        if not self._by_label:
            return area
        weights = ops.ones_like(area) if self.label_weights is None else ops.cast(self.label_weights, area.dtype)
        return ops.sum(area * weights, 0) / ops.sum(weights, 0)


class _AucRocOfKeras3(_AucRoc):
    def __init__(self, *args, **options):
        self._count_dtype = backends.count_dtype(self._keras)
        super().__init__(*args, **options)

    def add_variable(self, shape, initializer, dtype=None, **options):
        # Keras 3 makes variables of floatx, whatever the dtype of the metric.
        return super().add_variable(shape, initializer, dtype=dtype or self._count_dtype, **options)

    def result(self):
        return backends.across_replicas(keras_backend(self._keras), super().result)


class _AucRocOfKeras2(_AucRoc):
    _count_dtype = property(lambda self: self.dtype)

    def __new__(cls, *args, **options):
        metric = super().__new__(cls)
        if in_graph_mode():
            # Keras wraps the update_state of metrics that are not its own in a tf.function, where no session can
            # be had and tf.compat.v1.metrics.auc makes no variables that could be initialized.
            metric.update_state = types.MethodType(cls._update_in_graph, metric)
        return metric

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._batch = BatchCounter(self._keras) if in_graph_mode() else None

    def update_state(self, y_true, y_pred, sample_weight=None):
        import tensorflow as tf

        update = tf.group(super().update_state(y_true, y_pred, sample_weight))
        return [update] if is_multi_backend(self._keras) else update

    def _update_in_graph(self, y_true, y_pred, sample_weight=None):
        update = type(self).update_state(self, y_true, y_pred, sample_weight)
        self.add_update(update)
        return update

    def _count(self, labels, scores, weights):
        if self._batch is None or self._by_label:
            return super()._count(labels, scores, weights)
        return self._batch.count(labels, scores, weights, self.thresholds[1:-1])

    def result(self):
        import tensorflow as tf

        # Under tf.distribute a variable reads as the sum over the replicas, but in TensorFlow 2.5 a slice of it is
        # the first replica's, and Keras's formula, which has both, gave an AUC of 8.6. A tensor is the sum.
        # Multi-backend Keras mixes in zeros of float32. Its counts are exact; only their ratios are float32.
        dtype = tf.float32 if is_multi_backend(self._keras) else self.dtype
        names = ("true_positives", "false_negatives", "true_negatives", "false_positives")
        variables = {name: getattr(self, name) for name in names}
        vars(self).update({name: tf.cast(variable, dtype) for name, variable in variables.items()})
        try:
            return super().result()
        finally:
            vars(self).update(variables)

    def reset_state(self):
        backends.set_to_zero(self._keras, self.weights)
        if self._batch is not None:
            self._batch.clear()
