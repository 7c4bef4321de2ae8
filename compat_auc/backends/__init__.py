"""The few tensor operations that a metric needs, on every backend, under the names of ``keras.ops``.

Keras 3 brings them. For Keras 2 the same names are given over TensorFlow, so that a metric is written once. `enforce`
is here, too: how to stop at bad input differs by backend.
"""

import functools
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Callable, Optional, Sequence, Tuple

import numpy as np

from compat_auc.counting import checks
from compat_auc.stack import is_keras_3, keras_backend, keras_version

# TensorFlow's count in several threads makes all buckets anew: worth it for few buckets, or for many rows. Measured: of
# 398 buckets it takes 15 us for 4,096 rows and one by one 128; of 23,040 buckets 100 us, as long as one by one for
# 3,000 rows; of 4.6 million buckets 24 ms, as for 50,000 rows.
_FEW_BUCKETS = 1 << 12
_MANY_ROWS = 1 << 15


def operations(keras: ModuleType) -> Any:
    """``keras.ops``, or for Keras 2 a namespace with those of its functions that this package uses."""
    return keras.ops if is_keras_3(keras_version(keras)) else _tensorflow_operations()


def cumsum(backend: str, ops: Any, values: Any, axis: int) -> Any:
    """The cumulative sum in the dtype of the values. Keras 3.15's own makes float64 float32 under torch."""
    return ops.cumsum(values, axis) if backend == "tensorflow" else values.cumsum(axis)


def count_dtype(keras: ModuleType) -> str:
    """float64, so that counts stay exact past 2**24; float32 on Apple's GPUs, and on JAX unless it is told to."""
    backend = keras_backend(keras)
    if backend == "jax":
        return str(sys.modules["jax"].numpy.result_type(float))
    # Keras chooses the device, and does not tell torch.
    no_float64 = backend == "torch" and keras.ops.convert_to_tensor(0.0).device.type == "mps"
    return "float32" if no_float64 else "float64"


def one_for_each(ops: Any, weights: Any, scores: Any) -> Any:
    """Weights of the shape of the scores, from one in all, one a row, or one a score."""
    for _ in range(len(weights.shape) - len(scores.shape)):
        weights = ops.squeeze(weights, -1)
    for _ in range(len(scores.shape) - len(weights.shape)):
        weights = ops.expand_dims(weights, -1)
    return ops.broadcast_to(weights, ops.shape(scores))


def read(keras: ModuleType, variable: Any) -> np.ndarray:
    """The value of a metric's variable, as float64."""
    convert = keras.ops.convert_to_numpy if is_keras_3(keras_version(keras)) else keras.backend.get_value
    return np.asarray(convert(variable), np.float64)


def to_numpy(data: Any) -> np.ndarray:
    """An array or tensor of any framework, or a nested list, as an array."""
    return np.asarray(data.detach().cpu() if hasattr(data, "detach") else data)


def set_to_zero(keras: ModuleType, variables: Sequence[Any]) -> None:
    """Variables of a Keras 2, in its session if it has one. It initializes its own variables only."""
    keras.backend.batch_set_value([(variable, np.zeros(variable.shape.as_list())) for variable in variables])


def add_at(backend: str, counts: Any, place: Any, weights: Optional[Any]) -> Any:
    """Counts with a weight added at each place.

    Args:
        backend: "tensorflow", "jax" or "torch".
        counts: float, of shape (buckets,), which is known.
        place: int32 of shape (rows,), each from 0 to buckets - 1.
        weights: of shape (rows,) and the dtype of the counts, or None for 1 each.
    """
    return _add[backend](counts, place, weights)


def static_shape(tensor: Any) -> Tuple[Optional[int], ...]:
    """The shape as a tuple of int, and None for what is not known yet."""
    return tuple(tensor.shape.as_list() if hasattr(tensor.shape, "as_list") else tensor.shape)


def enforce(backend: str, valid: Any, rules: Sequence[checks.Rule], tensor: Any) -> Any:
    """Raise where the rules do not hold, if the backend can raise here; give back the tensor.

    Args:
        backend: "tensorflow", "jax" or "torch".
        valid: a scalar bool tensor, whether all of the rules hold.
        rules: of `checks.rules`, in tensors.
        tensor: what the caller goes on with; in a TensorFlow graph the check runs before it.

    Raises:
        ValueError: where values are at hand.
        tensorflow.errors.InvalidArgumentError: when a TensorFlow graph runs. XLA leaves it out.
    """
    if backend == "tensorflow" and not sys.modules["tensorflow"].executing_eagerly():
        return _enforce_in_graph(sys.modules["tensorflow"], valid, rules, tensor)
    if _has_value(backend, valid) and not valid:
        checks.check_values(
            [(to_numpy(accepted), complaint, to_numpy(values)) for accepted, complaint, values in rules]
        )
    return tensor


def enforce_size(backend: str, labels: Any, scores: Any, metric: str = "auc_roc") -> Any:
    """Give back the labels; a TensorFlow graph that learns shapes as it runs raises where there are fewer or more.

    Raises:
        tensorflow.errors.InvalidArgumentError: naming both shapes.
    """
    if backend != "tensorflow" or None not in (*static_shape(labels)[1:], *static_shape(scores)[1:]):
        return labels
    tf = sys.modules["tensorflow"]
    shapes = [f"{metric} {checks.SHAPES}", "labels (y_true)", tf.shape(labels), "scores (y_pred)", tf.shape(scores)]
    same = tf.raw_ops.Assert(condition=tf.equal(tf.size(labels), tf.size(scores)), data=shapes)
    with tf.control_dependencies([same]):
        return tf.identity(labels)


def across_replicas(backend: str, compute: Callable[[], Any]) -> Any:
    """Compute where the variables of all replicas of a ``tf.distribute`` strategy are summed.

    Keras 2 does so for the result of every metric. In Keras 3 (3.15.1) a replica reads what it counted itself: `fit`
    logs the mean of the replicas' AUCs after each batch, and a custom loop that sums them gets an AUC above 1.

    Args:
        backend: "tensorflow", "jax" or "torch".
        compute: reads the variables; gives a tensor.
    """
    if backend != "tensorflow":
        return compute()
    distribute = sys.modules["tensorflow"].distribute
    if not distribute.has_strategy() or distribute.in_cross_replica_context():
        return compute()
    return distribute.get_replica_context().merge_call(lambda strategy: compute())


def _enforce_in_graph(tf, valid, rules, tensor):
    def complain():
        found = []
        for accepted, complaint, values in rules:
            accepted, values = tf.reshape(accepted, [-1]), tf.reshape(values, [-1])
            first = tf.gather(values, tf.argmax(tf.cast(tf.logical_not(accepted), tf.int32)))
            found.append(tf.raw_ops.Assert(condition=tf.reduce_all(accepted), data=[complaint, first]))
        with tf.control_dependencies(found):
            return tf.identity(valid)

    with tf.control_dependencies([tf.cond(valid, lambda: tf.identity(valid), complain)]):
        return tf.identity(tensor)


def _has_value(backend, tensor):
    """Not so under JAX's transformations, and not for torch's meta tensors, with which Keras infers shapes."""
    if backend == "jax":
        return not isinstance(tensor, sys.modules["jax"].core.Tracer)
    return backend != "torch" or tensor.device.type != "meta"


@functools.lru_cache(maxsize=None)
def _tensorflow_operations():
    import tensorflow as tf

    return SimpleNamespace(
        all=tf.reduce_all,
        broadcast_to=tf.broadcast_to,
        cast=tf.cast,
        concatenate=tf.concat,
        convert_to_tensor=tf.convert_to_tensor,
        cumsum=tf.cumsum,
        equal=tf.equal,
        expand_dims=tf.expand_dims,
        flip=lambda tensor, axis: tf.reverse(tensor, [axis]),
        maximum=tf.maximum,
        minimum=tf.minimum,
        ones_like=tf.ones_like,
        reshape=tf.reshape,
        searchsorted=tf.searchsorted,
        segment_sum=tf.math.unsorted_segment_sum,
        shape=tf.shape,
        sigmoid=tf.sigmoid,
        squeeze=tf.squeeze,
        sum=tf.reduce_sum,
        where=tf.compat.v1.where,
        zeros=tf.zeros,
        zeros_like=tf.zeros_like,
    )


def _add_in_tensorflow(counts, place, weights):
    tf = sys.modules["tensorflow"]
    in_threads = getattr(tf.raw_ops, "DenseBincount", None)  # TensorFlow 1.15 has none; can go with it.

    def all_at_once():
        given = tf.zeros([0], counts.dtype) if weights is None else weights
        return counts + in_threads(input=place, size=size, weights=given, binary_output=False)

    def one_by_one():
        given = tf.ones_like(place, counts.dtype) if weights is None else weights
        return tf.tensor_scatter_nd_add(counts, place[:, None], given)

    (size,), (rows,) = static_shape(counts), static_shape(place)
    if not in_threads or (size > _FEW_BUCKETS and rows is not None and rows < _MANY_ROWS):
        return one_by_one()
    if size > _FEW_BUCKETS and rows is None:
        return tf.cond(tf.size(place) >= _MANY_ROWS, all_at_once, one_by_one)
    return all_at_once()


def _add_in_jax(counts, place, weights):
    return counts.at[place].add(1 if weights is None else weights)


def _add_in_torch(counts, place, weights):
    return counts + sys.modules["torch"].bincount(place, weights, minlength=len(counts))


_add = {"tensorflow": _add_in_tensorflow, "jax": _add_in_jax, "torch": _add_in_torch}
