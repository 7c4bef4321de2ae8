"""Rank buckets: put each score into one of a fixed set of buckets, the same on every machine and in every batch.

The bit pattern of a float is monotone in its value, so its leading bits (exponent, then some of the mantissa) are a
logarithmic bucket. For scores above one half the bucket comes from ``1 - score``, so that scores near 1 are resolved as
finely as scores near 0. Scores outside [0, 1] (logits, margins) have buckets, too.

A bucket depends on the value alone, never on the dtype that holds it. ``1 - score`` is exact for scores from one half
to 2**24, in float32 and in float64. Above, the bucket comes from ``-score``. In float32 this needs no extra step: there
``1 - score`` is rounded, to ``-score`` or, if the last bit of the score is 1, to the float32 next to it. Both are in
the same bucket, because the edges of buckets end in bits of 0.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

DEFAULT_RESOLUTION = 7
MAX_RESOLUTION = 12

_MANTISSA_BITS = 23
_EXPONENT_BIAS = 127
_HALF = 0.5
# Up to here `1 - score` is exact in float32.
LARGEST_MIRRORED = 2.0**24


class Ladder(NamedTuple):
    """The rank buckets of a resolution.

    Attributes:
        size: number of buckets.
        shift: number of bits to shift a float32 bit pattern right, which leaves its leading bits.
        table: the bucket for each value of the leading bits of ``min(score, 1 - score)``, or of ``-score`` for large
            scores. Its second half is for scores above 1/2.
    """

    size: int
    shift: int
    table: np.ndarray


@lru_cache(maxsize=None)
def ladder(resolution: int = DEFAULT_RESOLUTION) -> Ladder:
    """Build the rank buckets of a resolution: up to ``2**resolution`` buckets for each doubling of the score.

    >>> ladder(7).size
    11516
    """
    if not isinstance(resolution, (int, np.integer)) or not 0 <= resolution <= MAX_RESOLUTION:
        raise ValueError(
            f"resolution must be an integer from 0 to {MAX_RESOLUTION}; the default is {DEFAULT_RESOLUTION}. "
            f"Received: {resolution!r}"
        )
    inside = _ranks(resolution, centre=-1, span=16)
    outside = _ranks(resolution, centre=1, span=8)
    # In ascending order: from -inf to the negative scores next to zero, one bucket for zero, then up to one half.
    zero = int(outside[-1])
    half = (_EXPONENT_BIAS - 1) << resolution
    positive = zero + inside[np.minimum(np.arange(len(inside)), half)]
    negative = zero - outside
    lower = np.concatenate([positive, negative])
    size = 2 * (int(lower.max()) + 1)
    # Two bytes a bucket where they suffice: a table of more than 256 kB slows a compiled training step down.
    table = np.concatenate([lower, size - 1 - lower]).astype(np.uint16 if size <= 1 << 16 else np.int32)
    table.flags.writeable = False
    return Ladder(size=size, shift=_MANTISSA_BITS - resolution, table=table)


def _ranks(resolution: int, centre: int, span: int) -> np.ndarray:
    """Rank of every magnitude, by its exponent and leading mantissa bits. Zero and all denormals have rank 0.

    The resolution is full within `span` octaves of 2**centre. It is a quarter of that up to twice as far, a sixteenth
    up to four times as far, and so on. Scores are rare in the far octaves, so memory is better spent near.
    """
    distance = np.abs(np.arange(256) - _EXPONENT_BIAS - centre)
    halvings = 2 * np.ceil(np.log2(np.maximum((distance + 1) / span, 1))).astype(np.int64)
    mantissa_bits = np.maximum(resolution - halvings, 0)
    # Exponent 0 means zero or a denormal. Hardware may flush denormals to zero, so they all share one bucket. Exponent
    # 255 is infinity, which has a bucket above every finite score.
    mantissa_bits[[0, 255]] = 0
    first_rank = np.concatenate([[0], np.cumsum(1 << mantissa_bits)[:-1]])
    pattern = np.arange(256 << resolution)
    exponent, mantissa = pattern >> resolution, pattern & ((1 << resolution) - 1)
    return first_rank[exponent] + (mantissa >> (resolution - mantissa_bits[exponent]))


def bucket(scores: Any, resolution: int = DEFAULT_RESOLUTION) -> np.ndarray:
    """Bucket of each score, from 0 (-inf) to ``ladder(resolution).size - 1`` (inf), in the order of scores.

    scores: array of any shape and any real dtype, without NaN. Returns int32 of the same shape. The dtype that holds a
    value never changes its bucket. An integer beyond 2**53 counts as the float64 nearest to it.

    >>> bucket([0.25, 0.5, 0.75, 1.0]).tolist()
    [5629, 5757, 5886, 8571]
    """
    _, shift, table = ladder(resolution)
    scores = as_scores(scores)
    mirrored: np.ndarray = 1 - scores
    if scores.dtype == np.float64 and scores.max(initial=0) > LARGEST_MIRRORED:
        mirrored = np.where(scores > LARGEST_MIRRORED, -scores, mirrored)
    leading_bits = _float32_pattern(np.minimum(scores, mirrored)) >> shift
    return np.take(table, leading_bits + (scores > _HALF) * np.uint32(len(table) // 2)).astype(np.int32)


def as_scores(values: Any) -> np.ndarray:
    """The values as a float32 or float64 array, the two dtypes whose bits `bucket` reads."""
    values = np.asarray(values)
    if values.dtype in (np.float32, np.float64):
        return values
    narrow = values.dtype.kind == "f" and values.dtype.itemsize <= 4
    return values.astype(np.float32 if narrow else np.float64)


def as_odd_float32(values: np.ndarray) -> np.ndarray:
    """Float64 as float32, for a framework without float64: a value between two float32 becomes the one of odd bits.

    The edges of buckets are even. So a value that is no edge does not become one, and keeps its bucket if it is an
    integer. (A fraction near 1 does not: float32 cannot resolve it.)

    >>> as_odd_float32(np.array([2.0**25, 2.0**25 + 1, 2.0**26 - 1])).tolist()
    [33554432.0, 33554436.0, 67108860.0]
    """
    cut = _cut(values)
    return (cut.view(np.uint32) | (cut != values)).view(np.float32)


def _float32_pattern(values: np.ndarray) -> np.ndarray:
    """The float32 bits, as uint32. A float64 is cut, not rounded, so that no value crosses the edge of a bucket."""
    return np.asarray(_cut(values) if values.dtype == np.float64 else values, order="C").view(np.uint32)


def _cut(values: np.ndarray) -> np.ndarray:
    """Float64 values as float32, rounded towards 0."""
    cut = np.asarray(values, order="C").view(np.uint64) & np.uint64(0xFFFFFFFFE0000000)
    with np.errstate(over="ignore", under="ignore"):
        return cut.view(np.float64).astype(np.float32)


@lru_cache(maxsize=None)
def edges(resolution: int = DEFAULT_RESOLUTION) -> np.ndarray:
    """Smallest float64 score of each bucket, found by bisection on `bucket`, so that the two cannot disagree.

    Returns float64 of shape (size,), never decreasing. ``score >= edges()[i]`` holds exactly for buckets i and up.
    """
    targets = np.arange(ladder(resolution).size)
    # The bits of ascending doubles are ascending 64-bit integers once those of the negative ones are mirrored.
    low = np.full(targets.shape, _order(-np.inf))
    high = np.full(targets.shape, _order(np.inf))
    while np.any(low < high):
        middle = (low >> 1) + (high >> 1) + (low & high & 1)
        reached = bucket(_from_order(middle), resolution) >= targets
        high = np.where(reached, middle, high)
        low = np.where(reached, low, middle + 1)
    smallest = _from_order(high)
    smallest.flags.writeable = False
    return smallest


def _order(value: float) -> np.int64:
    bits = np.float64(value).view(np.int64)
    return bits if bits >= 0 else np.int64(np.iinfo(np.int64).min) - bits


def _from_order(order: np.ndarray) -> np.ndarray:
    return np.where(order >= 0, order, np.iinfo(np.int64).min - order).view(np.float64)
