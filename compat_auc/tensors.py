"""The arithmetic of RankAUC on tensors: rows to counts, counts to areas, on every backend.

Pure functions; state is `rank`'s business. What ``keras.ops`` has comes from there, by way of `backends`. It
does not give the bits of a float, and one sum is worth having in each framework's fastest form: those two are
here.
"""

from collections import namedtuple
from functools import lru_cache
from types import ModuleType
from typing import Any, Optional, Tuple

import numpy as np

from compat_auc.backends import operations
from compat_auc.ladder import ladder
from compat_auc.runtime import keras_backend

# ops: functions under the names of keras.ops. backend: "tensorflow", "jax" or "torch". dtype: of the counts.
Stack = namedtuple("Stack", ["ops", "backend", "dtype"])

# Buckets are kept in rows of 16. A prefix sum in two steps, within the rows and between them, takes a third
# of the time that TensorFlow's own takes over 11,516 buckets.
BLOCK = 16
_WITHIN_BLOCK = np.triu(np.ones((BLOCK, BLOCK)), 1) + np.eye(BLOCK) / 2
# From this many rows on, TensorFlow's count in several threads is faster than its sum by segments.
_MANY_ROWS = 1 << 15
# Float64 without the 29 bits that float32 has no room for: cut, not rounded, as ladder.bucket does.
_CUT = -(1 << 29)


def stack(keras: ModuleType) -> Stack:
    """What a Keras computes with. Counts are float64, but on JAX by default, and on Apple's GPUs."""
    backend = keras_backend(keras)
    return Stack(operations(keras), backend, _count_dtype[backend]())


def blocks(resolution: int) -> int:
    """Rows of 16 that hold the buckets of a resolution."""
    return -(-ladder(resolution).size // BLOCK)


def tally(stack: Stack, labels: Any, scores: Any, weights: Optional[Any], resolution: int, num_labels: int) -> Any:
    """Weight in each bucket: shape (num_labels, 2, blocks, 16), the negatives before the positives.

    labels, scores, weights: tensors of one shape (rows, num_labels); scores float32 or float64; weights of
    the dtype of the counts, or None for 1 each.
    """
    ops, size = stack.ops, BLOCK * blocks(resolution)
    place = _bucket(stack, scores, resolution) + size * ops.cast(ops.equal(labels, 1), "int32")
    if num_labels > 1:
        place = place + ops.convert_to_tensor(2 * size * np.arange(num_labels, dtype=np.int32))
    weights = None if weights is None else ops.reshape(weights, [-1])
    counts = _sum_by_place[stack.backend](ops.reshape(place, [-1]), weights, 2 * size * num_labels, stack.dtype)
    return ops.reshape(counts, [num_labels, 2, blocks(resolution), BLOCK])


def _bucket(stack, scores, resolution):
    # The same steps as ladder.bucket, which says why.
    above = scores > 0.5
    rank = _rank[stack.backend](stack.ops.where(above, 1 - scores, scores), resolution)
    return stack.ops.where(above, ladder(resolution).size - 1 - rank, rank)


def areas(stack: Stack, counts: Any) -> Tuple[Any, Any, Any]:
    """AUC, positive weight and negative weight of each label, from counts as `tally` gives them.

    The AUC is NaN where a class is missing: 0 / 0.
    """
    ops, negative, positive = stack.ops, counts[:, 0], counts[:, 1]
    of_block = ops.sum(negative, -1)
    before = _cumsum(stack, of_block) - of_block
    if stack.dtype == "float64":
        within = negative @ ops.convert_to_tensor(_WITHIN_BLOCK, "float64")
    else:  # Accelerators multiply float32 matrices in fewer bits than they add.
        within = _cumsum(stack, negative) - negative / 2
    negatives, positives = ops.sum(of_block, -1), ops.sum(positive, (-2, -1))
    # Each factor is divided by its own total, because the product of two huge totals could overflow.
    won = (positive / positives[:, None, None]) * ((before[..., None] + within) / negatives[:, None, None])
    return ops.sum(won, (-2, -1)), positives, negatives


def _cumsum(stack, values):
    # Keras 3.15's own cumsum (and matmul) makes float64 float32 under torch.
    return stack.ops.cumsum(values, -1) if stack.backend == "tensorflow" else values.cumsum(-1)


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


def _rank_in_tensorflow(values, resolution):
    import tensorflow as tf

    _, table, shift = ladder(resolution)
    if values.dtype == tf.float64:
        cut = tf.bitwise.bitwise_and(tf.bitcast(values, tf.int64), tf.constant(_CUT, tf.int64))
        values = tf.cast(tf.bitcast(cut, tf.float64), tf.float32)
    bits = tf.bitwise.right_shift(tf.bitcast(values, tf.int32), shift)
    return tf.gather(table, tf.bitwise.bitwise_and(bits, len(table) - 1))


def _rank_in_jax(values, resolution):
    import jax.numpy as jnp
    from jax.lax import bitcast_convert_type

    _, table, shift = ladder(resolution)
    if values.dtype == jnp.float64:
        cut = bitcast_convert_type(values, jnp.int64) & _CUT
        values = bitcast_convert_type(cut, jnp.float64).astype(jnp.float32)
    return jnp.asarray(table)[(bitcast_convert_type(values, jnp.int32) >> shift) & (len(table) - 1)]


def _rank_in_torch(values, resolution):
    import torch

    table = _torch_table(resolution, values.device)
    if values.dtype == torch.float64:
        values = (values.contiguous().view(torch.int64) & _CUT).view(torch.float64).to(torch.float32)
    return table[(values.contiguous().view(torch.int32) >> ladder(resolution).shift) & (len(table) - 1)]


@lru_cache(maxsize=None)
def _torch_table(resolution, device):
    import torch

    return torch.tensor(ladder(resolution).table, device=device)


def _sum_in_tensorflow(place, weights, size, dtype):
    import tensorflow as tf

    if weights is None:
        weights = tf.ones_like(place, dtype)
    in_threads = getattr(tf.raw_ops, "DenseBincount", None)  # TensorFlow 1.15 has none; can go with it.
    if in_threads and (place.shape[0] or 0) >= _MANY_ROWS:
        return in_threads(input=place, size=np.int32(size), weights=weights, binary_output=False)
    return tf.math.unsorted_segment_sum(weights, place, size)


def _sum_in_jax(place, weights, size, dtype):
    import jax.numpy as jnp

    return jnp.zeros(size, dtype).at[place].add(jnp.ones((), dtype) if weights is None else weights)


def _sum_in_torch(place, weights, size, dtype):
    import torch

    return torch.bincount(place, weights, minlength=size).to(getattr(torch, dtype))


def _dtype_in_jax():
    import jax.numpy as jnp

    return str(jnp.result_type(float))


def _dtype_in_torch():
    import torch

    return "float32" if torch.get_default_device().type == "mps" else "float64"


_rank = {"tensorflow": _rank_in_tensorflow, "jax": _rank_in_jax, "torch": _rank_in_torch}
_sum_by_place = {"tensorflow": _sum_in_tensorflow, "jax": _sum_in_jax, "torch": _sum_in_torch}
_count_dtype = {"tensorflow": lambda: "float64", "jax": _dtype_in_jax, "torch": _dtype_in_torch}
