"""The operations in ``tf``, for Keras 2 and 3, eager code, ``tf.function``, XLA and TensorFlow 1 graphs."""

from __future__ import annotations

import contextlib
from functools import lru_cache
from types import ModuleType
from typing import Any, Callable, ClassVar, ContextManager, Sequence

import numpy as np
import tensorflow as tf

from compat_auc.backends import FLOAT32_BITS, Backend, static_shape
from compat_auc.counting import arrays, checks
from compat_auc.counting.buckets import LARGEST_MIRRORED, ladder
from compat_auc.stack import in_graph_mode, is_keras_3, keras_version

# A count in several threads makes all buckets again, which pays for few buckets or many rows. Measured: 398 buckets and
# 4,096 rows take 15 us in threads, 128 us one by one. 23,040 buckets take 100 us, as long as 3,000 rows one by one. 4.6
# million buckets take 24 ms, as long as 50,000 rows one by one.
_FEW_BUCKETS = 1 << 12
_MANY_ROWS = 1 << 15
_HAS_THREADS = hasattr(tf.raw_ops, "DenseBincount")  # Since TensorFlow 2.3; can go with those before.


class TensorFlow(Backend):
    """The operations in ``tf``."""

    def __init__(self, keras: ModuleType) -> None:
        super().__init__(keras)
        self._is_keras_3: bool = is_keras_3(keras_version(keras))

    def tensor(self, data: Any, dtype: str | None = None) -> Any:
        tensor = tf.convert_to_tensor(data)
        return tensor if dtype is None else tf.cast(tensor, dtype)

    def as_scores(self, tensor: Any) -> Any:
        wide = (tf.float64, tf.int32, tf.int64, tf.uint32, tf.uint64)
        return tf.cast(tensor, tf.float64 if tensor.dtype in wide else tf.float32)

    def value(self, variable: Any) -> Any:
        return tf.convert_to_tensor(variable.value if self._is_keras_3 else variable)

    def add_to(self, variable: Any, amount: Any) -> Any:
        # The sum is made where the variable is. The ``assign_add`` of Keras 3 (3.15) reads the variable and assigns the
        # sum, so that what other threads or workers add meanwhile would be lost.
        target = variable.value if self._is_keras_3 else variable
        if not isinstance(target, tf.Variable):  # The stateless API of Keras 3 has tensors.
            return variable.assign(target + amount)
        strategy = getattr(target, "distribute_strategy", None)
        if strategy is not None and (
            tf.distribute.in_cross_replica_context() or tf.distribute.get_strategy() is not strategy
        ):
            # Of one replica, because the value is the sum over all of them.
            target = strategy.experimental_local_results(target)[0]
        return target.assign_add(amount)

    @property
    def lock(self) -> ContextManager[Any]:
        # A strategy runs its replicas one at a time, and switches between them while one makes a variable.
        return contextlib.nullcontext() if tf.distribute.has_strategy() else self._lock

    def after(self, done: Any, tensor: Any) -> Any:
        return _after(done, tensor) if in_graph_mode() else tensor

    def read(self, variable: Any) -> np.ndarray:
        keras = self._keras
        value = keras.ops.convert_to_numpy(variable) if self._is_keras_3 else keras.backend.get_value(variable)
        return np.asarray(value, np.float64)

    def read_now(self, variable: Any) -> np.ndarray | None:
        in_replica = tf.distribute.has_strategy() and not tf.distribute.in_cross_replica_context()
        return np.asarray(self.value(variable), np.float64) if tf.executing_eagerly() and not in_replica else None

    equal: ClassVar[Callable[..., Any]] = staticmethod(tf.equal)
    reshape: ClassVar[Callable[..., Any]] = staticmethod(tf.reshape)
    concat: ClassVar[Callable[..., Any]] = staticmethod(tf.concat)
    floor: ClassVar[Callable[..., Any]] = staticmethod(tf.floor)
    log: ClassVar[Callable[..., Any]] = staticmethod(tf.math.log)
    log1p: ClassVar[Callable[..., Any]] = staticmethod(tf.math.log1p)
    min: ClassVar[Callable[..., Any]] = staticmethod(tf.reduce_min)
    maximum: ClassVar[Callable[..., Any]] = staticmethod(tf.maximum)
    minimum: ClassVar[Callable[..., Any]] = staticmethod(tf.minimum)
    zeros_like: ClassVar[Callable[..., Any]] = staticmethod(tf.zeros_like)
    sigmoid: ClassVar[Callable[..., Any]] = staticmethod(tf.sigmoid)
    sum: ClassVar[Callable[..., Any]] = staticmethod(tf.reduce_sum)
    where: ClassVar[Callable[..., Any]] = staticmethod(
        tf.compat.v1.where
    )  # tf.where of TensorFlow 1.15 is another function in its v2 namespace.

    def softmax(self, logits: Any) -> Any:
        if static_shape(logits)[-1] is None:
            several = tf.raw_ops.Assert(condition=tf.shape(logits)[-1] > 1, data=[checks.SOFTMAX, tf.shape(logits)])
            logits = _after(several, logits)
        return tf.nn.softmax(logits)

    def cumsum(self, values: Any, axis: int, reverse: bool = False) -> Any:
        return tf.cumsum(values, axis, reverse=reverse)

    def matmul(self, tensor: Any, matrix: np.ndarray) -> Any:
        return tf.matmul(tensor, tf.constant(matrix, tensor.dtype))

    def columns(self, count: int, dtype: str = "int32") -> Any:
        return tf.range(count, dtype=dtype)

    def one_for_each(self, weights: Any, scores: Any) -> Any:
        for _ in range(len(weights.shape) - len(scores.shape)):
            weights = tf.squeeze(weights, -1)
        for _ in range(len(scores.shape) - len(weights.shape)):
            weights = tf.expand_dims(weights, -1)
        return tf.broadcast_to(weights, tf.shape(scores))

    def first_length(self, tensor: Any) -> Any:
        return tf.shape(tensor)[0]

    def infers_shapes(self, scores: Any) -> bool:
        return False

    def last_length(self, tensor: Any) -> Any:
        length = static_shape(tensor)[-1]
        return tf.shape(tensor)[-1] if length is None else length

    def flat_ragged(self, labels: Any, scores: Any, weights: Any, metric: str) -> tuple[Any, Any, Any]:
        if tf.executing_eagerly():
            return arrays.flat_ragged(labels, scores, weights, metric)
        arrays.check_ragged(labels, scores, metric)
        others, flat = [labels], tf.convert_to_tensor(scores.flat_values)
        if arrays.is_ragged(weights):
            others, weights = [labels, weights], weights.flat_values
        elif weights is not None:
            weights = tf.convert_to_tensor(weights)
            for row_of in scores.nested_value_rowids() if len(weights.shape) else ():
                weights = tf.gather(weights, row_of)
        text = f"{metric} {arrays.ROW_LENGTHS}"
        for other in others:
            for split, of_scores in zip(other.nested_row_splits, scores.nested_row_splits):
                same = tf.reduce_all(tf.equal(tf.cast(split, tf.int64), tf.cast(of_scores, tf.int64)))
                data = [text, split, of_scores]
                flat = _after(tf.raw_ops.Assert(condition=same, data=data), flat)
        return labels.flat_values, flat, weights

    def even_bucket(self, scores: Any, num_thresholds: int) -> Any:
        nearest = tf.cast(scores * (num_thresholds - 1) + 0.5, tf.int32)
        threshold = tf.cast(tf.cast(nearest, tf.float64) * (1 / (num_thresholds - 1)), tf.float32)
        return tf.maximum(nearest - tf.cast(scores <= threshold, tf.int32), 0)

    def bucket(self, scores: Any, thresholds: np.ndarray) -> Any:
        return tf.reshape(tf.searchsorted(thresholds, tf.reshape(scores, [-1])), tf.shape(scores))

    def rank_bucket(self, scores: Any, resolution: int) -> Any:
        _, shift, table = ladder(resolution)
        half = len(table) // 2
        mirrored = 1 - scores
        if scores.dtype == tf.float64:
            mirrored = self.where(scores > LARGEST_MIRRORED, -scores, mirrored)
        values = tf.minimum(scores, mirrored)
        if values.dtype == tf.float64:
            cut = tf.bitwise.bitwise_and(tf.bitcast(values, tf.int64), tf.constant(FLOAT32_BITS, tf.int64))
            values = tf.cast(tf.bitcast(cut, tf.float64), tf.float32)
        bits = tf.bitwise.bitwise_and(tf.bitwise.right_shift(tf.bitcast(values, tf.int32), shift), half - 1)
        # A TensorFlow 1 graph has to hold the table. A tf.function uses a tensor outside of it: Keras keeps every
        # model's functions, and copies of their constants would take 2 MB a model (benchmarks/soak.py).
        table = table if in_graph_mode() else _table(resolution)
        return tf.cast(tf.gather(table, bits + half * tf.cast(scores > 0.5, tf.int32)), tf.int32)

    def count(self, buckets: Any, weights: Any | None, size: int, dtype: str) -> Any:
        if _HAS_THREADS and size <= _FEW_BUCKETS:
            return _in_threads(buckets, weights, size, dtype)
        columns = None if weights is None else weights[:, None]
        return self.count_by_label(buckets[:, None], columns, size, dtype)[0]

    def count_by_label(self, buckets: Any, weights: Any | None, size: int, dtype: str, poison: Any = None) -> Any:
        rows, labels = static_shape(buckets)
        assert labels is not None

        def all_at_once() -> Any:
            # The threads share out the rows of one label. Of several labels each thread takes some, so that the buckets
            # it writes to stay in its cache.
            def by_label(values: Any) -> Any:
                return tf.transpose(values) if labels > 1 else values[:, 0]

            added = _in_threads(by_label(buckets), None if weights is None else by_label(weights), size, dtype)
            return tf.reshape(added if poison is None else added + poison, [labels, size])

        def one_by_one() -> Any:
            index = tf.reshape(buckets + size * tf.range(labels), [-1, 1])
            added = tf.ones_like(index[:, 0], dtype) if weights is None else tf.reshape(weights, [-1])
            added = added if poison is None else added + poison
            return tf.reshape(tf.scatter_nd(index, added, [labels * size]), [labels, size])

        if not _HAS_THREADS:
            return one_by_one()
        if labels * size <= _FEW_BUCKETS:
            return all_at_once()
        if rows is None:
            return tf.cond(tf.size(buckets) >= _MANY_ROWS, all_at_once, one_by_one)
        return all_at_once() if rows * labels >= _MANY_ROWS else one_by_one()

    def same_size(self, labels: Any, scores: Any, metric: str) -> Any:
        if None not in (*static_shape(labels)[1:], *static_shape(scores)[1:]):
            return labels
        shapes = [f"{metric} {checks.SHAPES}", "labels (y_true)", tf.shape(labels), "scores (y_pred)", tf.shape(scores)]
        same = tf.raw_ops.Assert(condition=tf.equal(tf.size(labels), tf.size(scores)), data=shapes)
        return _after(same, labels)

    def in_rows(self, labels: Any, scores: Any, metric: str) -> tuple[Any, Any]:
        rows, columns = tf.unstack(tf.shape(scores))
        are_class_numbers = tf.equal(tf.size(labels), rows) & (columns > 1)
        shapes = [f"{metric} {checks.SHAPES}", "labels (y_true)", tf.shape(labels), "scores (y_pred)", tf.shape(scores)]
        fit = tf.raw_ops.Assert(condition=are_class_numbers | tf.equal(tf.size(labels), tf.size(scores)), data=shapes)
        return tf.reshape(_after(fit, labels), tf.stack([rows, -1])), are_class_numbers

    def enforce(self, expectations: list[checks.Expectation], scores: Any) -> tuple[Any, Any | None]:
        if tf.executing_eagerly():
            if not tf.reduce_all([tf.reduce_all(accepted) for accepted, _, _ in expectations]):
                checks.check_values([(np.asarray(a), complaint, np.asarray(v)) for a, complaint, v in expectations])
            return scores, None
        complaints = tuple(complaint for _, complaint, _ in expectations)
        accepted, values = ([_as_vector(expectation[part]) for expectation in expectations] for part in (0, 2))
        if in_graph_mode():  # XLA does not compile it.
            return _after(_poison(complaints, accepted, values), scores), None
        poison = _shared_check(complaints, tuple(v.dtype for v in values))(accepted, values)
        return _after(poison, scores), poison

    def not_converted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return tf.autograph.experimental.do_not_convert(function)

    def across_replicas(self, compute: Callable[[], Any]) -> Any:
        # Keras 2 sums over the replicas for the result of every metric. In Keras 3 (3.15.1) a replica reads only what
        # it counted itself: `fit` logs the mean of the replicas' AUCs after each batch, and a custom loop that sums
        # them gets an AUC above 1.
        if not self._is_keras_3 or not tf.distribute.has_strategy() or tf.distribute.in_cross_replica_context():
            return compute()

        def of_all(strategy: Any) -> Any:
            return compute()

        return tf.distribute.get_replica_context().merge_call(of_all)


def _in_threads(buckets: Any, weights: Any | None, size: int, dtype: Any) -> Any:
    """The sum of the weights in each bucket, shape (size,), or (labels, size) for buckets of shape (labels, rows)."""
    weights = tf.zeros([0], dtype) if weights is None else weights
    return tf.raw_ops.DenseBincount(input=buckets, size=size, weights=weights, binary_output=False)


def _after(done: Any, tensor: Any) -> Any:
    """The tensor, with a control dependency on `done`."""
    with tf.control_dependencies([done]):
        return tf.identity(tensor)


def _as_vector(tensor: Any) -> Any:
    return tensor if len(tensor.shape) == 1 else tf.reshape(tensor, [-1])


def _poison(complaints: Sequence[str], accepted: list[Any], values: list[Any]) -> Any:
    """A float64 scalar: 0 if all is accepted. If not, raise with a complaint and its first wrong value; in XLA NaN.

    Args:
        complaints: one for each expectation.
        accepted: for each expectation a vector of bool.
        values: for each expectation a vector of the same length.
    """

    def complain() -> Any:
        asserts: list[Any] = []
        for complaint, right, received in zip(complaints, accepted, values):
            first = tf.gather(received, tf.argmax(tf.cast(tf.logical_not(right), tf.int32)))
            data = [complaint, first, checks.graph_hint(complaint)]
            asserts.append(tf.raw_ops.Assert(condition=tf.reduce_all(right), data=data))
        with tf.control_dependencies(asserts):
            return tf.constant(np.nan, tf.float64)

    def accept() -> Any:
        return tf.zeros([], tf.float64)

    together = accepted[0]
    for right in accepted[1:]:  # Labels, scores and weights have one length.
        together = together & right
    return tf.cond(tf.reduce_all(together), accept, complain)


@lru_cache(maxsize=None)
def _shared_check(complaints: Sequence[str], dtypes: Sequence[Any]) -> Any:
    """`_poison`, traced once in a process. Keras 3 keeps the functions of every model (benchmarks/soak.py)."""
    vectors = [[tf.TensorSpec([None], dtype) for dtype in kinds] for kinds in ([tf.bool] * len(dtypes), dtypes)]

    def check(accepted: list[Any], values: list[Any]) -> Any:
        return _poison(complaints, accepted, values)

    return tf.function(check, input_signature=vectors, autograph=False)


@lru_cache(maxsize=None)
def _table(resolution: int) -> Any:
    with tf.init_scope():
        return tf.constant(ladder(resolution).table)
