"""The arithmetic of RankAUC on tensors: rows to counts, counts to areas, on every backend.

Pure functions; state is `rank`'s business. What ``keras.ops`` has comes from there, by way of `backends`. It
does not give the bits of a float, and one sum is worth having in each framework's fastest form: those two are here.
"""

from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple, Optional, Tuple

import numpy as np

from compat_auc.backends import add_at, count_dtype, cumsum, operations, static_shape
from compat_auc.counting.buckets import ladder
from compat_auc.stack import in_graph_mode, keras_backend


class Stack(NamedTuple):
    """What a Keras computes with.

    Attributes:
        ops: functions under the names of ``keras.ops``.
        backend: "tensorflow", "jax" or "torch".
        dtype: of the counts, "float64" or "float32".
    """

    ops: Any
    backend: str
    dtype: str


# Buckets are kept in rows of 8. A prefix sum in two steps, within the rows and between them, takes a third of the time
# that TensorFlow's own takes over 11,516 buckets.
BLOCK = 8
_WITHIN_BLOCK = np.triu(np.ones((BLOCK, BLOCK)), 1) + np.eye(BLOCK) / 2
# Float64 without the 29 bits that float32 has no room for: cut, not rounded, as ladder.bucket does.
_CUT = -(1 << 29)


def stack(keras: ModuleType) -> Stack:
    """The `Stack` of a Keras."""
    return Stack(operations(keras), keras_backend(keras), count_dtype(keras))


def blocks(resolution: int) -> int:
    """Rows of 8 that hold the buckets of a resolution."""
    return -(-ladder(resolution).size // BLOCK)


def tally(stack: Stack, counts: Any, labels: Any, scores: Any, weights: Optional[Any], resolution: int) -> Any:
    """Counts with these rows added: shape (num_labels, 2, blocks, 8), the negatives before the positives.

    labels, scores, weights: tensors of one shape (rows, num_labels); scores float32 or float64; weights of the
    dtype of the counts, or None for 1 each.
    """
    ops, size, shape = stack.ops, BLOCK * blocks(resolution), static_shape(counts)
    place = _bucket(stack, scores, resolution) + size * ops.cast(ops.equal(labels, 1), "int32")
    if shape[0] > 1:
        place = place + ops.convert_to_tensor(2 * size * np.arange(shape[0], dtype=np.int32))
    weights = None if weights is None else ops.reshape(weights, [-1])
    added = add_at(stack.backend, ops.reshape(counts, [-1]), ops.reshape(place, [-1]), weights)
    return ops.reshape(added, shape)


def _bucket(stack, scores, resolution):
    # The same steps as ladder.bucket, which says why.
    _, shift, table = ladder(resolution)
    half = len(table) // 2
    leading_bits = _leading_bits[stack.backend](stack.ops.minimum(scores, 1 - scores), shift, half - 1)
    return _take[stack.backend](resolution, leading_bits + half * stack.ops.cast(scores > 0.5, "int32"))


def areas(stack: Stack, counts: Any) -> Tuple[Any, Any, Any]:
    """AUC, positive weight and negative weight of each label, from counts as `tally` gives them.

    The AUC is NaN where a class is missing: 0 / 0.
    """
    ops, negative, positive = stack.ops, counts[:, 0], counts[:, 1]
    negative_blocks, positive_blocks = ops.sum(negative, -1), ops.sum(positive, -1)
    negatives, positives = ops.sum(negative_blocks, -1), ops.sum(positive_blocks, -1)
    # Shares of the negatives that a positive beats. Shares and not counts: a product of huge totals could overflow.
    in_earlier_blocks = (cumsum(stack.backend, ops, negative_blocks, -1) - negative_blocks) / negatives[:, None]
    if stack.dtype == "float64":
        within_block = negative @ (ops.convert_to_tensor(_WITHIN_BLOCK, "float64") / negatives[:, None, None])
    else:  # Accelerators multiply float32 matrices in fewer bits than they add.
        within_block = (cumsum(stack.backend, ops, negative, -1) - negative / 2) / negatives[:, None, None]
    won = ops.sum(positive_blocks * in_earlier_blocks, -1) + ops.sum(positive * within_block, (-2, -1))
    return won / positives, positives, negatives


def average(ops: Any, areas_of_labels: Tuple[Any, Any, Any], kind: str) -> Any:
    """Mean of the areas, "macro" or "weighted" by the positives, of the labels that have both classes.

    NaN where no label has both classes: 0 / 0.
    """
    area, positives, negatives = areas_of_labels
    defined = (positives > 0) & (negatives > 0)
    nothing = ops.zeros_like(area)
    weight = ops.where(defined, positives if kind == "weighted" else ops.ones_like(area), nothing)
    return ops.sum(ops.where(defined, area, nothing) * weight, 0) / ops.sum(weight, 0)


def add_exactly(counts: Any, rest: Any, added: Any) -> Tuple[Any, Any]:
    """Add to counts that are each the sum of two float32: exact for whole numbers up to 2**48.

    Knuth's two-sum, then Dekker's normalization (1971): `rest` holds what does not fit into `counts`.
    """
    total = counts + added
    share = total - counts
    lost = (counts - (total - share)) + (added - share) + rest
    new = total + lost
    return new, lost - (new - total)


def _leading_bits_in_tensorflow(values, shift, mask):
    import tensorflow as tf

    if values.dtype == tf.float64:
        cut = tf.bitwise.bitwise_and(tf.bitcast(values, tf.int64), tf.constant(_CUT, tf.int64))
        values = tf.cast(tf.bitcast(cut, tf.float64), tf.float32)
    return tf.bitwise.bitwise_and(tf.bitwise.right_shift(tf.bitcast(values, tf.int32), shift), mask)


def _leading_bits_in_jax(values, shift, mask):
    import jax.numpy as jnp
    from jax.lax import bitcast_convert_type

    if values.dtype == jnp.float64:
        cut = bitcast_convert_type(values, jnp.int64) & _CUT
        values = bitcast_convert_type(cut, jnp.float64).astype(jnp.float32)
    return (bitcast_convert_type(values, jnp.int32) >> shift) & mask


def _leading_bits_in_torch(values, shift, mask):
    import torch

    if values.dtype == torch.float64:
        values = (values.contiguous().view(torch.int64) & _CUT).view(torch.float64).to(torch.float32)
    return (values.contiguous().view(torch.int32) >> shift) & mask


def _take_in_tensorflow(resolution, index):
    import tensorflow as tf

    # A graph of TensorFlow 1 has to hold the table. A tf.function refers to a tensor outside of it: Keras keeps every
    # model's functions, and with them copies of their constants, 2 MB a model (benchmarks/soak.py).
    table = ladder(resolution).table if in_graph_mode() else _tensorflow_table(resolution)
    return tf.cast(tf.gather(table, index), tf.int32)


@lru_cache(maxsize=None)
def _tensorflow_table(resolution):
    import tensorflow as tf

    with tf.init_scope():
        return tf.constant(ladder(resolution).table)


def _take_in_jax(resolution, index):
    import jax.numpy as jnp

    return jnp.asarray(ladder(resolution).table)[index].astype(jnp.int32)


def _take_in_torch(resolution, index):
    return _torch_table(resolution, index.device)[index]


@lru_cache(maxsize=None)
def _torch_table(resolution, device):
    import torch

    return torch.tensor(ladder(resolution).table.astype(np.int32), device=device)


_leading_bits = {
    "tensorflow": _leading_bits_in_tensorflow,
    "jax": _leading_bits_in_jax,
    "torch": _leading_bits_in_torch,
}
_take = {"tensorflow": _take_in_tensorflow, "jax": _take_in_jax, "torch": _take_in_torch}
