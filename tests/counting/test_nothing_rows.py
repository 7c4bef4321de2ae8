"""Rows that count for nothing: as if they had been left out, to the last bit, whatever is in them."""

import numpy as np
import pytest
from drawn import any_score
from hypothesis import given
from hypothesis import strategies as st

from compat_auc import RocCounts, auc_roc

GARBAGE_LABELS = [-1.0, 0.5, 2.0, np.nan, np.inf, 0.0, 1.0]
GARBAGE_SCORES = [np.nan, np.inf, -np.inf, -7.0, 3.0, 0.5]
some_rows = st.lists(st.tuples(st.booleans(), any_score, st.floats(0.01, 10)), min_size=1, max_size=30)
nothing = st.tuples(st.sampled_from(GARBAGE_LABELS), st.sampled_from(GARBAGE_SCORES))


def mixed(rows, garbage, random, label=None):
    """Arrays of the rows, in their order, with the garbage anywhere between; its weights are 0, or its label one."""
    all_rows = [(float(label), score, weight) for label, score, weight in rows]
    for garbage_label, score in garbage:
        wrong = (garbage_label, score, 0.0) if label is None else (label, score, 1.0)
        all_rows.insert(random.randrange(len(all_rows) + 1), wrong)
    return map(np.array, zip(*all_rows))


@given(some_rows, st.lists(nothing, max_size=5), st.randoms(use_true_random=False))
def test_counts_of_weight_0(rows, garbage, random):
    expected = RocCounts().add(*map(np.array, zip(*rows)))
    labels, scores, weights = mixed(rows, garbage, random)
    assert RocCounts().add(labels, scores, weights) == expected


@given(some_rows, st.lists(nothing, max_size=5), st.randoms(use_true_random=False), st.sampled_from([-1, 9.0, np.nan]))
def test_counts_of_an_ignored_class(rows, garbage, random, ignored):
    labels, scores, weights = map(np.array, zip(*rows))
    mixed_labels, mixed_scores, mixed_weights = mixed(rows, garbage, random, ignored)
    counts = RocCounts().add(mixed_labels, mixed_scores, mixed_weights, ignore_class=ignored)
    assert counts == RocCounts().add(labels, scores, weights)
    unweighted = RocCounts().add(mixed_labels, mixed_scores, ignore_class=ignored)
    assert unweighted == RocCounts().add(labels, scores)


def test_more_rows_than_a_chunk():
    rng = np.random.default_rng(0)
    labels, scores, weights = rng.integers(0, 2, 200_000), rng.random(200_000), rng.random(200_000)
    weights[rng.random(200_000) < 0.3] = 0
    kept = weights > 0
    expected = RocCounts().add(labels[kept], scores[kept], weights[kept])
    assert RocCounts().add(np.where(kept, labels, -1), np.where(kept, scores, np.nan), weights) == expected


probabilities = st.lists(
    st.tuples(st.booleans(), st.floats(0, 1), st.floats(0.01, 10)), min_size=2, max_size=30
).filter(lambda rows: len({row[0] for row in rows}) == 2)


@given(probabilities, st.lists(nothing, max_size=5), st.randoms(use_true_random=False))
def test_auc_roc_of_data(rows, garbage, random):
    labels, scores, weights = map(np.array, zip(*rows))
    assert auc_roc(*mixed(rows, garbage, random)) == auc_roc(labels, scores, weights)
    mixed_labels, mixed_scores, mixed_weights = mixed(rows, garbage, random, -1)
    assert auc_roc(mixed_labels, mixed_scores, mixed_weights, ignore_class=-1) == auc_roc(labels, scores, weights)
    assert auc_roc(mixed_labels, mixed_scores, ignore_class=-1) == auc_roc(labels, scores)


def test_a_single_label_of_several_columns():
    labels = np.array([[0, 1], [1, -1], [1, 0]])
    scores = np.array([[0.1, 0.8], [0.7, np.nan], [0.6, 0.3]])
    expected = RocCounts().add([0, 1, 1, 1, 0], [0.1, 0.8, 0.7, 0.6, 0.3])
    assert RocCounts().add(labels, scores, ignore_class=-1) == expected
    assert RocCounts().add(labels, scores, [[1, 1], [1, 0], [1, 1]]) == expected
    assert np.isnan(auc_roc(labels, scores, 0))


@pytest.mark.parametrize("value", [0, 1, True, "a", [-1], (1, 2), {}])
def test_what_cannot_be_ignored(value):
    with pytest.raises(ValueError, match="auc_roc expects an ignore_class that is None or a number other than 0 and 1"):
        auc_roc([0, 1], [0.1, 0.2], ignore_class=value)


def test_auc_roc_names_the_way_out():
    with pytest.raises(ValueError, match=r"Received: \[-1\] .*ignore_class=-1"):
        auc_roc([0, 1, -1], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match=r"Received: \[0.05 0.95\] .*label_smoothing"):
        auc_roc([0.05, 0.95], [0.1, 0.2])
    with pytest.raises(TypeError, match="ignore_class|not both"):
        auc_roc([0, 1], [0.1, 0.2], num_thresholds=3, ignore_class=-1)
