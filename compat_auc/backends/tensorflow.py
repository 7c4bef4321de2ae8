"""The operations in ``tf``, for Keras 2 and 3, eager code, ``tf.function``, XLA and TensorFlow 1 graphs."""

from __future__ import annotations

import contextlib
import threading
from functools import lru_cache
from types import ModuleType
from typing import Any, Callable, ClassVar, Sequence

import numpy as np
import tensorflow as tf

from compat_auc.backends import FLOAT32_BITS, static_shape
from compat_auc.counting import arrays, checks
from compat_auc.counting.buckets import LARGEST_MIRRORED, ladder
from compat_auc.stack import in_graph_mode, is_keras_3, keras_version

# A count in several threads makes all buckets anew, which pays for few buckets or many rows. Measured: 398 buckets and
# 4,096 rows take 15 us in threads, 128 us one by one. 23,040 buckets take 100 us, as long as 3,000 rows one by one. 4.6
# million buckets take 24 ms, as long as 50,000 rows one by one.
_FEW_BUCKETS = 1 << 12
_MANY_ROWS = 1 << 15
_HAS_THREADS = hasattr(tf.raw_ops, "DenseBincount")  # Since TensorFlow 2.3; can go with those before.


class TensorFlow:
    """The operations in ``tf``. All backends have these methods, except `set_to_zero`.

    Args:
        keras: the Keras whose variables are read.
    """

    count_dtype = "float64"

    def __init__(self, keras: ModuleType) -> None:
        self._keras = keras
        self._is_keras_3 = is_keras_3(keras_version(keras))
        self._lock = threading.RLock()

    def tensor(self, data: Any, dtype: str | None = None) -> Any:
        """Convert data to a tensor, and cast it if a dtype is given."""
        tensor = tf.convert_to_tensor(data)
        return tensor if dtype is None else tf.cast(tensor, dtype)

    def as_scores(self, tensor: Any) -> Any:
        """Scores of any real dtype as float32 or float64, as `rank_bucket` needs them; see `counting.buckets`."""
        wide = (tf.float64, tf.int32, tf.int64, tf.uint32, tf.uint64)
        return tf.cast(tensor, tf.float64 if tensor.dtype in wide else tf.float32)

    def value(self, variable: Any) -> Any:
        """The value of a metric's variable, as a tensor. Under ``tf.distribute`` that is the sum over the replicas."""
        return tf.convert_to_tensor(variable.value if self._is_keras_3 else variable)

    def add_to(self, variable: Any, amount: Any) -> Any:
        """Add to a metric's variable, and return the tensor or operation that does so.

        What other threads or workers add at the same time is not lost, because the sum is made where the variable is.
        The ``assign_add`` of Keras 3 (3.15) reads the variable and assigns the sum.
        """
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
    def lock(self) -> Any:
        """A context for what is done once for a metric, such as making its variables."""
        # A strategy runs its replicas one at a time, and switches between them while one makes a variable.
        return contextlib.nullcontext() if tf.distribute.has_strategy() else self._lock

    def after(self, done: Any, tensor: Any) -> Any:
        """The tensor, which in a TensorFlow 1 graph is computed after `done`. Eager code keeps its order."""
        return _after(done, tensor) if in_graph_mode() else tensor

    def read(self, variable: Any) -> np.ndarray:
        """The value of a metric's variable as a float64 array, read outside of any graph."""
        keras = self._keras
        found = keras.ops.convert_to_numpy(variable) if self._is_keras_3 else keras.backend.get_value(variable)
        return np.asarray(found, np.float64)

    def read_now(self, variable: Any) -> np.ndarray | None:
        """The value as `read` gives it, or None where there is none to read: in a compiled step, a graph, a replica."""
        in_replica = tf.distribute.has_strategy() and not tf.distribute.in_cross_replica_context()
        return np.asarray(self.value(variable), np.float64) if tf.executing_eagerly() and not in_replica else None

    def is_compiling(self) -> bool:
        """Whether torch.compile reads this code, which cannot follow all that Python does."""
        return False

    def set_to_zero(self, variables: Sequence[Any]) -> None:
        """Set variables of Keras 2 to zero, in its session if it has one. Keras initializes only its own variables."""
        zeros = [(variable, np.zeros(variable.shape.as_list())) for variable in variables]
        self._keras.backend.batch_set_value(zeros)

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
        """The softmax over the last axis.

        Raises:
            tensorflow.errors.InvalidArgumentError: in a graph that learns only when it runs that there is one column.
        """
        if static_shape(logits)[-1] is None:
            several = tf.raw_ops.Assert(condition=tf.shape(logits)[-1] > 1, data=[checks.SOFTMAX, tf.shape(logits)])
            logits = _after(several, logits)
        return tf.nn.softmax(logits)

    def cumsum(self, values: Any, axis: int, reverse: bool = False) -> Any:
        """The cumulative sum. With `reverse`, each sum is of an entry and those after it."""
        return tf.cumsum(values, axis, reverse=reverse)

    def columns(self, count: int, dtype: str = "int32") -> Any:
        """The numbers from 0 to `count` - 1."""
        return tf.range(count, dtype=dtype)

    def one_for_each(self, weights: Any, scores: Any) -> Any:
        """Weights expanded to the shape of the scores, from one in all, one for each row, or one for each score."""
        for _ in range(len(weights.shape) - len(scores.shape)):
            weights = tf.squeeze(weights, -1)
        for _ in range(len(scores.shape) - len(weights.shape)):
            weights = tf.expand_dims(weights, -1)
        return tf.broadcast_to(weights, tf.shape(scores))

    def first_length(self, tensor: Any) -> Any:
        """How many rows a tensor has, as an int32 scalar."""
        return tf.shape(tensor)[0]

    def infers_shapes(self, scores: Any) -> bool:
        """Whether the scores are not of a model: Keras infers shapes on torch with tensors of ones."""
        return False

    def last_length(self, tensor: Any) -> Any:
        """The length of the last axis: an int where it is known, else an int32 scalar."""
        length = static_shape(tensor)[-1]
        return tf.shape(tensor)[-1] if length is None else length

    def flat_ragged(self, labels: Any, scores: Any, weights: Any, metric: str) -> tuple[Any, Any, Any]:
        """The flat values of ragged tensors; see `counting.arrays.flat_ragged`. A graph compares the rows when it runs.

        Raises:
            ValueError: if only one is ragged, or, in eager code, if their rows differ in length.
            tensorflow.errors.InvalidArgumentError: if the rows differ in length in a graph.
        """
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
        """For each score in [0, 1], how many inner thresholds k / (num_thresholds - 1) are below it, as int32.

        The docstring of the package says why this equals a comparison with each threshold.
        """
        nearest = tf.cast(scores * (num_thresholds - 1) + 0.5, tf.int32)
        threshold = tf.cast(tf.cast(nearest, tf.float64) * (1 / (num_thresholds - 1)), tf.float32)
        return tf.maximum(nearest - tf.cast(scores <= threshold, tf.int32), 0)

    def bucket(self, scores: Any, thresholds: np.ndarray) -> Any:
        """For each score, how many of the ascending thresholds are below it, as int32. Both are float32."""
        return tf.reshape(tf.searchsorted(thresholds, tf.reshape(scores, [-1])), tf.shape(scores))

    def rank_bucket(self, scores: Any, resolution: int) -> Any:
        """The rank bucket of each score, float32 or float64. `counting.buckets.bucket` explains the steps."""
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

    def count(self, place: Any, weights: Any | None, size: int, dtype: str) -> Any:
        """The sum of the weights at each place, of shape ``(size,)``.

        Args:
            place: int32 of shape (rows,), each from 0 to size - 1.
            weights: of shape (rows,) and `dtype`, or None for 1 each.
            size: how many places there are.
            dtype: the dtype of the sums.
        """
        if _HAS_THREADS and size <= _FEW_BUCKETS:
            return _in_threads(place, weights, size, dtype)
        columns = None if weights is None else weights[:, None]
        return self.count_by_label(place[:, None], columns, size, dtype)[0]

    def count_by_label(self, place: Any, weights: Any | None, size: int, dtype: str, poison: Any = None) -> Any:
        """The sum of the weights at each place of each label, of shape (labels, size).

        Args:
            place: int32 of shape (rows, labels), each from 0 to size - 1.
            weights: of shape (rows, labels) and `dtype`, or None for 1 each.
            size: how many places a label has.
            dtype: the dtype of the sums.
            poison: None, or a scalar of `dtype`: 0, or NaN to make NaN of at least one sum of each label.
        """
        rows, labels = static_shape(place)
        assert labels is not None

        def all_at_once() -> Any:
            # The threads share out the rows of one label. Of several labels each thread takes some, so that the buckets
            # it writes to stay in its cache.
            def by_label(values: Any) -> Any:
                return tf.transpose(values) if labels > 1 else values[:, 0]

            added = _in_threads(by_label(place), None if weights is None else by_label(weights), size, dtype)
            return tf.reshape(added if poison is None else added + poison, [labels, size])

        def one_by_one() -> Any:
            index = tf.reshape(place + size * tf.range(labels), [-1, 1])
            added = tf.ones_like(index[:, 0], dtype) if weights is None else tf.reshape(weights, [-1])
            added = added if poison is None else added + poison
            return tf.reshape(tf.scatter_nd(index, added, [labels * size]), [labels, size])

        if not _HAS_THREADS:
            return one_by_one()
        if labels * size <= _FEW_BUCKETS:
            return all_at_once()
        if rows is None:
            return tf.cond(tf.size(place) >= _MANY_ROWS, all_at_once, one_by_one)
        return all_at_once() if rows * labels >= _MANY_ROWS else one_by_one()

    def same_size(self, labels: Any, scores: Any, metric: str) -> Any:
        """Return the labels. A graph that learns the shapes only when it runs then checks the number of labels.

        Raises:
            tensorflow.errors.InvalidArgumentError: if there are more or fewer labels than scores. The message names
                both shapes.
        """
        if None not in (*static_shape(labels)[1:], *static_shape(scores)[1:]):
            return labels
        shapes = [f"{metric} {checks.SHAPES}", "labels (y_true)", tf.shape(labels), "scores (y_pred)", tf.shape(scores)]
        same = tf.raw_ops.Assert(condition=tf.equal(tf.size(labels), tf.size(scores)), data=shapes)
        return _after(same, labels)

    def in_rows(self, labels: Any, scores: Any, metric: str) -> tuple[Any, Any]:
        """Labels as rows, and whether they are class numbers, where only the run of a graph tells.

        Args:
            labels: class numbers, or one label for each score, of unknown shape.
            scores: of shape (rows, classes).
            metric: the name at the start of the error message.

        Returns:
            The labels, of shape (rows, 1) or (rows, classes), and a bool scalar.

        Raises:
            tensorflow.errors.InvalidArgumentError: if there are neither as many labels as scores, nor as many as rows.
        """
        rows, columns = tf.unstack(tf.shape(scores))
        are_class_numbers = tf.equal(tf.size(labels), rows) & (columns > 1)
        shapes = [f"{metric} {checks.SHAPES}", "labels (y_true)", tf.shape(labels), "scores (y_pred)", tf.shape(scores)]
        fit = tf.raw_ops.Assert(condition=are_class_numbers | tf.equal(tf.size(labels), tf.size(scores)), data=shapes)
        return tf.reshape(_after(fit, labels), tf.stack([rows, -1])), are_class_numbers

    def enforce(self, rules: list[checks.Rule], scores: Any) -> tuple[Any, Any | None]:
        """Raise if a rule does not hold and the backend can raise here.

        Args:
            rules: as in `checks`, with tensors.
            scores: the scores that the caller goes on with.

        Returns:
            The scores, which in a graph come after the check; and None, or a float64 scalar that the caller adds to its
            counts. The scalar is 0, or NaN if a rule does not hold, because XLA leaves the check out.

        Raises:
            ValueError: in eager code.
            tensorflow.errors.InvalidArgumentError: when a graph runs.
        """
        if tf.executing_eagerly():
            if not tf.reduce_all([tf.reduce_all(accepted) for accepted, _, _ in rules]):
                checks.check_values([(np.asarray(a), complaint, np.asarray(v)) for a, complaint, v in rules])
            return scores, None
        complaints = tuple(complaint for _, complaint, _ in rules)
        accepted, values = ([_as_vector(rule[part]) for rule in rules] for part in (0, 2))
        if in_graph_mode():  # XLA does not compile it.
            return _after(_poison(complaints, accepted, values), scores), None
        poison = _shared_check(complaints, tuple(v.dtype for v in values))(accepted, values)
        return _after(poison, scores), poison

    def not_converted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, marked so that AutoGraph leaves it as it is."""
        return tf.autograph.experimental.do_not_convert(function)

    def across_replicas(self, compute: Callable[[], Any]) -> Any:
        """Compute where each variable is summed over all replicas of a ``tf.distribute`` strategy.

        Keras 2 does so for the result of every metric. In Keras 3 (3.15.1) a replica reads only what it counted itself:
        `fit` logs the mean of the replicas' AUCs after each batch, and a custom loop that sums them gets an AUC above
        1.
        """
        if not self._is_keras_3 or not tf.distribute.has_strategy() or tf.distribute.in_cross_replica_context():
            return compute()

        def of_all(strategy: Any) -> Any:
            return compute()

        return tf.distribute.get_replica_context().merge_call(of_all)


def _in_threads(place: Any, weights: Any | None, size: int, dtype: Any) -> Any:
    """The sum of the weights at each place, of shape (size,), or (labels, size) for places of shape (labels, rows)."""
    given = tf.zeros([0], dtype) if weights is None else weights
    return tf.raw_ops.DenseBincount(input=place, size=size, weights=given, binary_output=False)


def _after(done: Any, tensor: Any) -> Any:
    """The tensor, with a control dependency on `done`."""
    with tf.control_dependencies([done]):
        return tf.identity(tensor)


def _as_vector(tensor: Any) -> Any:
    return tensor if len(tensor.shape) == 1 else tf.reshape(tensor, [-1])


def _poison(complaints: Sequence[str], accepted: list[Any], values: list[Any]) -> Any:
    """A float64 scalar: 0 if all is accepted. If not, raise with a complaint and its first wrong value; in XLA NaN.

    Args:
        complaints: one for each rule.
        accepted: for each rule a vector of bool.
        values: for each rule a vector of the same length.
    """

    def complain() -> Any:
        asserts: list[Any] = []
        for complaint, right, found in zip(complaints, accepted, values):
            first = tf.gather(found, tf.argmax(tf.cast(tf.logical_not(right), tf.int32)))
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
