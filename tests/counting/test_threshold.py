"""RocCounts.threshold against the rows themselves, and against the best of all of scikit-learn's thresholds."""

import json
import math
import pickle

import numpy as np
import pytest
import sklearn.metrics
from drawn import rows
from hypothesis import given
from hypothesis import strategies as st

from compat_auc import RocCounts

near_a_bucket = st.sampled_from([0.25, 0.5, 0.75, 0.875, 0.9375, 1.0, 2.0, -3.0, 100.0])
scores_ = st.one_of(
    st.floats(0, 1),
    st.floats(-1e6, 1e6),
    near_a_bucket,
    st.tuples(near_a_bucket, st.integers(-3, 3)).map(lambda p: p[0] + p[1] * 2.0**-24),
    st.tuples(near_a_bucket, st.integers(-3, 3)).map(lambda p: p[0] + p[1] * 2.0**-52),
)
aims = st.one_of(
    st.just({}),
    st.floats(0, 1).map(lambda share: {"fpr": share}),
    st.floats(0.001, 1).map(lambda share: {"recall": share}),
    st.tuples(st.floats(0.1, 10), st.floats(0.1, 10)).map(lambda cost: {"cost": cost}),
)


@given(rows(scores_, st.integers(1, 5).map(float)), aims)
def test_the_rows_at_the_threshold_are_those_it_reports(data, aim):
    labels, scores, weights = data
    point = RocCounts().add(labels, scores, weights).threshold(**aim)
    wide = np.float64 if scores.dtype == np.float64 else np.float32
    for dtype in (wide, np.float64):
        called = scores.astype(dtype) >= dtype(point.threshold)
        true, false = weights[called & labels].sum(), weights[called & ~labels].sum()
        assert (point.true_positives, point.false_positives) == (true, false)
    assert point.recall == true / weights[labels].sum()
    assert point.fpr == false / weights[~labels].sum()
    assert point.precision == pytest.approx(true / (true + false) if true + false else math.nan, nan_ok=True)


def rated(seed=0, values=16):
    """Scores of few values, each in a separate bucket: the best threshold is the best of all."""
    rng = np.random.default_rng(seed)
    labels = rng.random(300) < 0.3
    return labels, np.clip(np.round(rng.normal(size=300) + 2 * labels + 5), 0, values) / values


@pytest.mark.parametrize("seed", range(5))
def test_is_the_best_of_all_thresholds_of_scikit_learn(seed):
    labels, scores = rated(seed)
    counts = RocCounts().add(labels, scores)
    fprs, recalls, _ = sklearn.metrics.roc_curve(labels, scores, drop_intermediate=False)
    point = counts.threshold()
    assert point.recall - point.fpr == pytest.approx((recalls - fprs).max(), abs=1e-15)
    for share in (0.01, 0.1, 0.5, 1.0):
        point = counts.threshold(fpr=share)
        assert point.fpr <= share and point.recall == recalls[fprs <= share].max()
        point = counts.threshold(recall=share)
        assert point.recall >= share and point.fpr == fprs[recalls >= share].min()
    precisions, recalls_, _ = sklearn.metrics.precision_recall_curve(labels, scores)
    for share in (0.3, 0.6, 0.9):
        point = counts.threshold(precision=share)
        assert point.precision >= share and point.recall == recalls_[precisions >= share].max()
    positives, negatives = labels.sum(), (~labels).sum()
    for cost in ((1, 1), (1, 20), (7.5, 0.5)):
        point = counts.threshold(cost=cost)
        paid = cost[0] * point.false_positives + cost[1] * (positives - point.true_positives)
        assert paid == pytest.approx((cost[0] * fprs * negatives + cost[1] * (1 - recalls) * positives).min())


def test_any_scores_are_served_as_well_as_buckets_can():
    rng = np.random.default_rng(1)
    labels = rng.random(20_000) < 0.1
    scores = (rng.normal(size=20_000) + 1.5 * labels).astype(np.float32)
    fprs, recalls, _ = sklearn.metrics.roc_curve(labels, scores)
    counts = RocCounts().add(labels, scores)
    point = counts.threshold()
    assert (recalls - fprs).max() - (point.recall - point.fpr) < 0.005
    point = counts.threshold(fpr=0.01)
    assert 0 <= recalls[fprs <= 0.01].max() - point.recall < 0.01


def test_of_equally_good_thresholds_the_highest():
    # At 0.75 and at 0.25, the recall less the false positive rate is 1/2; both cost 2.
    counts = RocCounts().add([1, 0, 1, 0], [0.75, 0.5, 0.25, 0.125])
    assert counts.threshold().threshold == pytest.approx(0.75, rel=0.01)
    assert counts.threshold(cost=(1, 1)).threshold == pytest.approx(0.75, rel=0.01)
    assert counts.threshold(recall=0.5).threshold == pytest.approx(0.75, rel=0.01)


def test_a_precision_that_is_just_met():
    # At 0.75 both rows are positive, at 0.25 three of four.
    counts = RocCounts().add([1, 1, 0, 1], [0.75, 0.75, 0.25, 0.25])
    assert counts.threshold(precision=1)[1:3] == (2, 0)
    assert counts.threshold(precision=0.75)[1:3] == (3, 1)
    assert RocCounts().add([1, 0], [0.25, 0.25]).threshold(precision=0.5)[1:3] == (1, 1)


def test_a_threshold_between_neighbouring_float32_scores():
    """0.75 is the highest number of its bucket. The lowest float64 above it rounds to 0.75 in float32."""
    scores = np.array([0.75, np.nextafter(np.float32(0.75), np.float32(1))], np.float32)
    threshold = RocCounts().add([0, 1], scores).threshold().threshold
    assert (scores >= np.float32(threshold)).tolist() == [False, True]
    coarse = RocCounts().add([0, 1], scores).coarsen(4)
    assert coarse.threshold() == RocCounts(4).add([0, 1], scores).threshold()
    wide = np.array([0.75, np.nextafter(0.75, 1)])
    counts = RocCounts().add([0, 1], wide)
    for copied in (
        counts,
        pickle.loads(pickle.dumps(counts)),
        RocCounts.from_dict(json.loads(json.dumps(counts.to_dict()))),
    ):
        assert (wide >= copied.threshold().threshold).tolist() == [False, True]
    both = RocCounts().add([0, 1], scores).merge(counts)
    assert (np.r_[wide, scores].astype(float) >= both.threshold().threshold).tolist() == [False, True] * 2


def test_when_no_row_is_to_be_called_positive():
    point = RocCounts().add([1, 0], [0.2, 0.8]).threshold(fpr=0)
    assert point[:5] == (math.inf, 0, 0, 0, 0) and math.isnan(point.precision)
    point = RocCounts().add([1, 0], [0.2, math.inf]).threshold(fpr=0.5)
    assert math.isnan(point.threshold) and point.true_positives == 0
    point = RocCounts().add([1, 0], np.array([math.inf, 0.8], np.float32)).threshold(fpr=0)
    assert point[:3] == (math.inf, 1, 0)
    assert RocCounts().add([1, 0], [-math.inf, -math.inf]).threshold(recall=1).threshold == -math.inf


@pytest.mark.parametrize(
    ("aim", "message"),
    [
        ({"fpr": 0.1, "recall": 0.9}, r"one of fpr, recall, precision and cost. Received: {'fpr': 0.1, 'recall': 0.9}"),
        ({"fpr": -0.1}, "a fpr from 0 to 1, such as 0.1. Received: -0.1"),
        ({"fpr": math.nan}, "a fpr from 0 to 1"),
        ({"fpr": 1.5}, "a fpr from 0 to 1, such as 0.1. Received: 1.5"),
        ({"recall": 0}, "a recall above 0 and at most 1, such as 0.1. Received: 0$"),
        ({"recall": 1.5}, "a recall above 0"),
        ({"precision": 95}, "a precision above 0 and at most 1, such as 0.1. Received: 95"),
        ({"precision": 0}, "a precision above 0"),
        ({"precision": 1.5}, "a precision above 0"),
        ({"precision": 0.5, "cost": (1, 2)}, r"Received: {'precision': 0.5, 'cost': \(1, 2\)}"),
        ({"precision": 0.99}, "precision must be at most 0.5, which one threshold has. Received: 0.99$"),
        ({"cost": 3}, r"two numbers above 0 as cost.*\(1, 20\). Received: 3"),
        ({"cost": (1, -1)}, r"two numbers above 0 as cost.*Received: \(1, -1\)"),
        ({"cost": (1, 2, 3)}, "two numbers above 0 as cost"),
        ({"cost": (0, 1)}, "two numbers above 0 as cost"),
        ({"cost": (1, 0)}, "two numbers above 0 as cost"),
        ({"cost": (math.inf, 1)}, "two numbers above 0 as cost"),
        ({"cost": (1, math.inf)}, "two numbers above 0 as cost"),
    ],
)
def test_an_aim_that_nothing_meets_is_an_error(aim, message):
    with pytest.raises(ValueError, match=message):
        RocCounts().add([1, 0], [0.2, 0.8]).threshold(**aim)


@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_one_class_has_no_threshold(labels):
    with pytest.raises(ValueError, match=r"rows of both classes. Received: RocCounts\("):
        RocCounts().add(labels, [0.5] * len(labels)).threshold()
