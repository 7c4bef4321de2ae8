"""Rows that Hypothesis draws, scores at every kind of edge among them, and the AUC of pairs to hold results against."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

EXTREMES = [
    0.0,
    -0.0,
    1.0,
    0.5,
    math.inf,
    -math.inf,
    5e-324,
    -5e-324,
    1e-45,
    1e-38,
    1.5e-38,
    3.4e38,
    1e39,
    -1e39,
]
EXTREMES += [
    np.nextafter(0.5, 1),
    np.nextafter(0.5, 0),
    np.nextafter(1, 0),
    np.nextafter(1, 2),
    1e300,
    -1e300,
]

any_score = st.one_of(
    st.floats(allow_nan=False),
    st.floats(0, 1),
    st.sampled_from(EXTREMES),
    st.floats(-40, 40).map(lambda logit: 1 / (1 + math.exp(-logit))),
    st.floats(0, 1).map(lambda u: 0.3 + u * 1e-7),
    st.floats(0, 1).map(lambda u: u * 1e-7),
    st.floats(0, 1).map(lambda u: 1 - u * 1e-7),
    st.tuples(st.floats(-1, 1), st.integers(-300, 300)).map(lambda p: p[0] * 10.0 ** p[1]),
)
any_weight = st.one_of(
    st.sampled_from([0.0, 1.0, 2.0, 1e-300, 1e-30, 1e30, 1e290]),
    st.floats(0, 10),
    st.integers(0, 1 << 40).map(float),
)
unweighted = st.just(1.0)
any_dtype = st.sampled_from([np.float16, np.float32, np.float64])


@st.composite
def rows(draw, scores=any_score, weights=unweighted, max_size=40):
    """Labels, scores in one of the three dtypes, and weights; scores repeat often, both classes are there."""
    pool = draw(st.lists(scores, min_size=1, max_size=12))
    row = st.tuples(st.booleans(), st.sampled_from(pool), weights)
    drawn = draw(st.lists(row, min_size=2, max_size=max_size))
    labels = np.array([label for label, _, _ in drawn])
    labels[:2] = [False, True]
    with np.errstate(over="ignore", under="ignore"):
        values = np.array([score for _, score, _ in drawn], np.float64).astype(draw(any_dtype))
    return labels, values, np.array([weight for _, _, weight in drawn])


def pair_auc(labels, scores, weights):
    """The definition: the share of (positive, negative) pairs in order, ties one half, in exact fractions."""
    positives = [(s, Fraction(w)) for label, s, w in zip(labels, scores.tolist(), weights) if label]
    negatives = [(s, Fraction(w)) for label, s, w in zip(labels, scores.tolist(), weights) if not label]
    won = total = Fraction(0)
    for p, p_weight in positives:
        for n, n_weight in negatives:
            total += p_weight * n_weight
            won += p_weight * n_weight * (Fraction(1, 2) if p == n else int(p > n))
    return won / total if total else None


def assert_within(exact, bounds):
    low, high = bounds
    assert Fraction(low) <= exact <= Fraction(high)
