"""The operations in ``jax.numpy``, on values and under transformations such as ``jit``."""

from __future__ import annotations

import functools
from typing import Any, Callable, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from compat_auc.backends import FLOAT32_BITS, Backend
from compat_auc.counting import checks
from compat_auc.counting.buckets import LARGEST_MIRRORED, as_odd_float32, as_scores, ladder

# Up to here every whole number is a float32.
_EXACT = 1 << 24
# So that sums of numbers below 256 are exact in int32, and rounding is small where weights are fractions.
_ROWS_WITH_WEIGHTS = 1 << 20


@functools.partial(jax.jit, static_argnames=["size"])
def _weighed(buckets: Any, weights: Any, size: int) -> tuple[Any, Any]:
    """The sum of the weights in each bucket, as two float32: exact for whole weights that add up to less than 2**40."""

    def summed(values: Any) -> Any:
        return jnp.zeros(size, values.dtype).at[buckets].add(values)

    def at_once() -> tuple[Any, Any]:
        return summed(weights), jnp.zeros(size, weights.dtype)

    def in_digits() -> tuple[Any, Any]:
        quotient, top = jnp.floor(weights / 256), jnp.floor(weights / 65536)
        digits = weights - 256 * quotient, quotient - 256 * top, top
        low, middle, high = (summed(digit.astype(jnp.int32)) for digit in digits)
        middle = middle + (low >> 8)
        high = high + (middle >> 8)
        return high.astype(jnp.float32) * 65536, ((middle & 255) * 256 + (low & 255)).astype(jnp.float32)

    total, is_whole = jnp.sum(weights), jnp.all(weights == jnp.floor(weights))
    # A sum of float32 may itself be off, so the digits begin early.
    return jax.lax.cond((total >= _EXACT / 2) & (total < 2.0**40) & is_whole, in_digits, at_once)


def _in_32_bits(integers: np.ndarray) -> np.ndarray:
    """Integers of 64 bits as float32 if they need it. JAX without float64 would keep their last 32 bits only."""
    fit = not np.any(integers.astype(np.int32) != integers)
    return integers if fit else as_odd_float32(as_scores(integers))


class Jax(Backend):
    """The operations in ``jax.numpy``."""

    @property
    def count_dtype(self) -> str:
        """float32, unless JAX is set to use float64."""
        return str(jnp.result_type(float))

    def tensor(self, data: Any, dtype: str | None = None) -> Any:
        if self.count_dtype != "float64" and str(getattr(data, "dtype", "")) in ("int64", "uint64"):
            data = _in_32_bits(np.asarray(data))
        return jnp.asarray(data, dtype)

    def as_scores(self, tensor: Any) -> Any:
        is_wide = jnp.issubdtype(tensor.dtype, jnp.integer) and tensor.dtype.itemsize >= 4
        if tensor.dtype == jnp.float64 or (is_wide and self.count_dtype == "float64"):
            return tensor.astype(jnp.float64)
        if not is_wide:
            return tensor.astype(jnp.float32)
        # As `as_odd_float32`, which says why.
        low = jax.lax.rem(tensor, jnp.asarray(1 << 8, tensor.dtype))
        high = (tensor - low).astype(jnp.float32)
        odd = jax.lax.bitcast_convert_type(high, jnp.int32) | (low != 0)
        odd = jax.lax.bitcast_convert_type(odd, jnp.float32)
        return jnp.where(jnp.abs(high) < 1 << 24, high + low.astype(jnp.float32), odd)

    def value(self, variable: Any) -> Any:
        return variable.value

    def read_now(self, variable: Any) -> np.ndarray | None:
        value = variable.value
        # An array is deleted when a compiled step gets it for good, and other processes may hold parts of it.
        is_here = not isinstance(value, jax.core.Tracer) and not value.is_deleted() and value.is_fully_addressable
        return np.asarray(value, np.float64) if is_here else None

    equal: ClassVar[Callable[..., Any]] = staticmethod(jnp.equal)
    reshape: ClassVar[Callable[..., Any]] = staticmethod(jnp.reshape)
    concat: ClassVar[Callable[..., Any]] = staticmethod(jnp.concatenate)
    floor: ClassVar[Callable[..., Any]] = staticmethod(jnp.floor)
    log: ClassVar[Callable[..., Any]] = staticmethod(jnp.log)
    log1p: ClassVar[Callable[..., Any]] = staticmethod(jnp.log1p)
    min: ClassVar[Callable[..., Any]] = staticmethod(jnp.min)
    maximum: ClassVar[Callable[..., Any]] = staticmethod(jnp.maximum)
    minimum: ClassVar[Callable[..., Any]] = staticmethod(jnp.minimum)
    zeros_like: ClassVar[Callable[..., Any]] = staticmethod(jnp.zeros_like)
    sigmoid: ClassVar[Callable[..., Any]] = staticmethod(jax.nn.sigmoid)
    softmax: ClassVar[Callable[..., Any]] = staticmethod(jax.nn.softmax)
    sum: ClassVar[Callable[..., Any]] = staticmethod(jnp.sum)
    where: ClassVar[Callable[..., Any]] = staticmethod(jnp.where)

    def cumsum(self, values: Any, axis: int, reverse: bool = False) -> Any:
        return jax.lax.cumsum(values, axis % values.ndim, reverse=reverse)

    def matmul(self, tensor: Any, matrix: np.ndarray) -> Any:
        # By default GPUs and TPUs round the factors.
        return jnp.matmul(tensor, jnp.asarray(matrix, tensor.dtype), precision="highest")

    def won_within_blocks(self, negative: Any, positive: Any) -> Any:
        if len(negative) > 1:
            return super().won_within_blocks(negative, positive)
        # XLA fuses this loop. Measured on a CPU: 50 us, and 150 us with the product; for 150 labels 4.0 ms, and 1.2 ms.
        passed = won = jnp.zeros_like(negative[..., 0])
        for i in range(negative.shape[-1]):
            won = won + positive[..., i] * (passed + negative[..., i] / 2)
            passed = passed + negative[..., i]
        return won

    def columns(self, count: int, dtype: str = "int32") -> Any:
        return jnp.arange(count, dtype=dtype)

    def one_for_each(self, weights: Any, scores: Any) -> Any:
        fitting = weights.shape[: scores.ndim]
        return jnp.broadcast_to(weights.reshape(fitting + (1,) * (scores.ndim - len(fitting))), scores.shape)

    def even_bucket(self, scores: Any, num_thresholds: int) -> Any:
        thresholds = (np.arange(num_thresholds) / (num_thresholds - 1)).astype(np.float32)
        thresholds[0] = -1  # So that a score of 0 is in the lowest bucket.
        nearest = (scores * (num_thresholds - 1) + 0.5).astype(jnp.int32)
        # A wrong score may give any index.
        return nearest - (scores <= jnp.asarray(thresholds).at[nearest].get(mode="clip"))

    def bucket(self, scores: Any, thresholds: np.ndarray) -> Any:
        return jnp.searchsorted(thresholds, scores).astype(jnp.int32)

    def rank_bucket(self, scores: Any, resolution: int) -> Any:
        _, shift, table = ladder(resolution)
        half = len(table) // 2
        mirrored = 1 - scores
        if scores.dtype == jnp.float64:
            mirrored = jnp.where(scores > LARGEST_MIRRORED, -scores, mirrored)
        values = jnp.minimum(scores, mirrored)
        if values.dtype == jnp.float64:
            cut = jax.lax.bitcast_convert_type(values, jnp.int64) & FLOAT32_BITS
            values = jax.lax.bitcast_convert_type(cut, jnp.float64).astype(jnp.float32)
        bits = (jax.lax.bitcast_convert_type(values, jnp.int32) >> shift) & (half - 1)
        index = bits + half * (scores > 0.5)
        return jnp.asarray(table).at[index].get(mode="promise_in_bounds").astype(jnp.int32)

    def count(self, buckets: Any, weights: Any | None, size: int, dtype: str) -> Any:
        if dtype != "float32":
            return jnp.zeros(size, dtype).at[buckets].add(1 if weights is None else weights)
        return functools.reduce(jnp.add, self.parts(buckets, weights, size))

    def parts(self, buckets: Any, weights: Any | None, size: int) -> list[Any]:
        """`count` as float32 vectors whose sum it is: exactly, where `_weighed` is exact."""
        rows = _EXACT if weights is None else _ROWS_WITH_WEIGHTS
        if len(buckets) > rows:
            cuts = [slice(start, start + rows) for start in range(0, len(buckets), rows)]
            cut = [self.parts(buckets[c], None if weights is None else weights[c], size) for c in cuts]
            return [part for parts in cut for part in parts]
        if weights is None:
            return [jnp.zeros(size, jnp.float32).at[buckets].add(1)]
        return list(_weighed(buckets, weights, size))

    def count_by_label(self, buckets: Any, weights: Any | None, size: int, dtype: str, poison: Any = None) -> Any:
        labels = buckets.shape[1]
        index = (buckets + size * jnp.arange(labels)).reshape(-1)
        counts = self.count(index, None if weights is None else weights.reshape(-1), labels * size, dtype)
        return (counts if poison is None else counts + poison).reshape(labels, size)

    def parts_by_label(self, buckets: Any, weights: Any | None, size: int) -> list[Any]:
        labels = buckets.shape[1]
        index = (buckets + size * jnp.arange(labels)).reshape(-1)
        return self.parts(index, None if weights is None else weights.reshape(-1), labels * size)

    def enforce(self, expectations: list[checks.Expectation], scores: Any) -> tuple[Any, Any | None]:
        accepted = expectations[0][0]
        for other, _, _ in expectations[1:]:
            accepted = accepted & other
        valid = jnp.all(accepted)
        if isinstance(valid, jax.core.Tracer):
            return scores, jnp.where(valid, 0.0, jnp.nan).astype(self.count_dtype)
        if not valid:
            checks.check_values([(np.asarray(a), complaint, np.asarray(v)) for a, complaint, v in expectations])
        return scores, None
