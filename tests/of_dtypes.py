"""Scores of every real dtype that Hypothesis draws, many of them at the edges of buckets, and their exact values."""

import math
from fractions import Fraction

import numpy as np
from drawn import any_score
from hypothesis import strategies as st

from compat_auc.counting.buckets import edges

try:  # It comes with JAX and TensorFlow.
    from ml_dtypes import bfloat16
except ImportError:
    bfloat16 = np.float16

DTYPES = [*map(np.dtype, ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]), np.dtype(bfloat16)]


def is_float(dtype):
    return dtype.kind == "f" or dtype == bfloat16


def whole_numbers(low, high):
    """From `low` to `high`, often a power of 2, or beside one."""
    beside = st.tuples(st.sampled_from([-1, 1]), st.integers(0, 64), st.integers(-3, 3))
    clipped = beside.map(lambda drawn: min(max(drawn[0] * 2 ** drawn[1] + drawn[2], low), high))
    return st.one_of(st.integers(low, high), clipped)


def scores_of(dtype):
    """One score, as a scalar of the dtype, without NaN."""
    if dtype.kind == "b":
        return st.booleans().map(np.bool_)
    if not is_float(dtype):
        return whole_numbers(int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)).map(dtype.type)
    values = st.one_of(
        any_score, whole_numbers(-(2**66), 2**66).map(float), st.sampled_from([*edges(7).tolist(), *edges(12).tolist()])
    )
    return st.builds(_neighbour, values, st.integers(-2, 2), st.just(dtype)).filter(lambda score: score == score)


def _neighbour(value, steps, dtype):
    """The value in a float dtype, moved by some units in the last place."""
    with np.errstate(all="ignore"):
        bits = np.array([value]).astype(dtype).view(f"i{dtype.itemsize}")
        return (bits + bits.dtype.type(steps)).view(dtype)[0]


@st.composite
def arrays_of(draw, dtypes, max_size=12):
    """An array of scores of one of the dtypes, in which scores repeat."""
    dtype = draw(st.sampled_from(dtypes))
    pool = draw(st.lists(scores_of(dtype), min_size=1, max_size=6))
    return np.array(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=max_size)), dtype)


def exact(score):
    """The value of a scalar of any dtype, as a fraction or an infinity."""
    number = float(score) if is_float(score.dtype) else int(score)
    return number if math.isinf(number) else Fraction(number)
