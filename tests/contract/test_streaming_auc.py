"""streaming_auc in a TensorFlow 1 graph: what tf.contrib.metrics.streaming_auc computed, named and collected."""

import numpy as np
import pytest
from golden import golden

from compat_auc import streaming_auc


@pytest.fixture
def tf(stack):
    return stack.tensorflow


def feed(tf, arrays):
    return [None if a is None else tf.compat.v1.placeholder(a.dtype, (None, *a.shape[1:])) for a in arrays]


@pytest.mark.parametrize("name", golden.inputs(both_classes=False))
def test_recorded_tensorflow_1(name, tf):
    """Also with one class, and whatever TensorFlow 1 made of it."""
    recordings = [golden.cases(stack, api="tf.contrib.metrics.streaming_auc")[name] for stack in golden.STACKS]
    cases = recordings[0]
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        labels, predictions, weights = placeholders = feed(tf, cases[0].arrays())
        updates = [streaming_auc(predictions, labels, weights, **case.options)[1] for case in cases]
        session.run(tf.compat.v1.local_variables_initializer())
        values = []
        for rows in cases[0].batches():
            fed = {p: a[rows] for p, a in zip(placeholders, cases[0].arrays()) if a is not None}
            values.append(session.run(updates, fed))
    for recording in recordings:
        for case, found in zip(recording, np.transpose(values)):
            assert found == pytest.approx(case.values, abs=1e-6), (case.stack, case.options)


def test_names_and_collections(tf):
    keys = tf.compat.v1.GraphKeys
    with tf.Graph().as_default() as graph:
        scores, labels = tf.constant([0.1, 0.9]), tf.constant([0.0, 1.0])
        value, update_op = streaming_auc(scores, labels, None, 100, ["values"], ["updates"], "PR", "mine")
        assert graph.get_collection("values") == [value] and graph.get_collection("updates") == [update_op]
        streaming_auc(scores, labels)
        counters = ["true_positives", "false_negatives", "true_negatives", "false_positives"]
        names = [f"{scope}/{counter}:0" for scope in ("mine", "auc") for counter in counters]
        assert [v.name for v in graph.get_collection(keys.LOCAL_VARIABLES)] == names
        assert [v.name for v in graph.get_collection(keys.METRIC_VARIABLES)] == names
        assert graph.get_collection(keys.GLOBAL_VARIABLES) == []


def test_value_lags_and_update_does_not(tf):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        value, update_op = streaming_auc(tf.constant([0.1, 0.9]), tf.constant([0.0, 1.0]))
        session.run(tf.compat.v1.local_variables_initializer())
        assert session.run(value) == 0
        assert session.run(update_op) == pytest.approx(1, abs=1e-5)
        assert session.run(value) == pytest.approx(1, abs=1e-5)


def test_scores_out_of_range_and_unknown_curve(tf):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        scores = tf.compat.v1.placeholder(tf.float32, [2])
        _, update_op = streaming_auc(scores, tf.constant([0.0, 1.0]))
        session.run(tf.compat.v1.local_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"predictions must be in \[0, 1\]"):
            session.run(update_op, {scores: [0.1, 1.9]})
        with pytest.raises(ValueError, match="LIFT"):
            streaming_auc(tf.constant([0.1, 0.9]), tf.constant([0.0, 1.0]), curve="LIFT")
        with pytest.raises(ValueError):
            streaming_auc(tf.constant([0.1, 0.9]), tf.constant([0.0, 1.0, 1.0]))


def test_called_eagerly_it_says_what_to_do(tf, stack):
    if stack.graph:  # A program without eager execution has nothing to be told.
        assert not tf.executing_eagerly()
        return
    with pytest.raises(
        RuntimeError, match=r"metric = compat_auc.auc_roc\(\).*metric.update_state\(labels, predictions"
    ):
        streaming_auc(tf.constant([0.1, 0.9]), tf.constant([0.0, 1.0]))
