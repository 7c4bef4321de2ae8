"""explain(): against the recorded logs of the old Keras, and against a replay row by row."""

import numpy as np
import oracle
import pytest
from golden import golden
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from compat_auc.legacy import explain

MODELS = ("multilabel", "sigmoid", "softmax")
# Keras 2.1.6 weighs batches by their rows, Keras 2.3.1 does not. The allowance is for the race of the old read: none
# was lost in the recording of TensorFlow 1.8, two of 18 in that of 1.15.
OLD = {"tf1.8-keras2.1": (True, 1e-5), "tf1.15-keras2.3": (False, 5e-4)}


def recorded(stack, model):
    """Labels, scores, and the logs of training and validation in turns."""
    logs = golden.report(stack)["fit"][model]["logs"]
    arrays = golden.load(stack)
    in_turns = [value for epoch in zip(logs["auc_roc"], logs["val_auc_roc"]) for value in epoch]
    return arrays["fit_%s_y" % model], arrays["fit_%s_p" % model], in_turns


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("stack", sorted(OLD))
def test_logged_is_what_the_old_keras_logged(stack, model):
    weigh_batches, race = OLD[stack]
    labels, scores, logs = recorded(stack, model)
    phases = explain(labels, scores, 32, 3, 300, weigh_batches=weigh_batches)
    assert [phase.logged for phase in phases] == pytest.approx(logs, abs=race)
    assert [(phase.epoch, phase.phase) for phase in phases] == [
        (epoch, phase) for epoch in (1, 2, 3) for phase in ("training", "validation")
    ]


@pytest.mark.parametrize("model", MODELS)
def test_auc_is_that_of_sklearn(model):
    labels, scores, _ = recorded("tf1.8-keras2.1", model)
    training, validation = explain(labels, scores, 32, 1, 300)
    assert training.auc == pytest.approx(roc_auc_score(labels[:700].ravel(), scores[:700].ravel()), abs=1e-12)
    assert validation.auc == pytest.approx(roc_auc_score(labels[700:].ravel(), scores[700:].ravel()), abs=1e-12)


def replay(labels, scores, batch_size, epochs, split):
    """The old metric as its definition says, AUC by AUC over all rows seen: logged, and the three steps to the AUC."""
    seen, found = [], []
    for _ in range(epochs):
        for part in (range(split), range(split, len(labels))):
            part = list(part)
            stale, fresh, sizes = [], [], []
            for start in range(0, len(part), batch_size):
                batch = part[start : start + batch_size]
                stale.append(value(labels, scores, seen))
                seen = seen + batch
                fresh.append(value(labels, scores, seen))
                sizes.append(len(batch))
            steps = [np.average(stale, weights=sizes), np.average(fresh, weights=sizes), fresh[-1]]
            found.append([*steps, value(labels, scores, part)])
    return found


def value(labels, scores, rows):
    """TensorFlow 1 gives 0 where nothing is negative, and 1 where only negatives are: its epsilon."""
    of = np.array(labels)[rows] if rows else np.zeros(0)
    if not len(of) or of.all():
        return 0.0
    return oracle.thresholded_auc(of, np.array(scores)[rows]) if of.any() else 1.0


some_rows = st.lists(st.tuples(st.booleans(), st.floats(0, 1, width=32)), min_size=4, max_size=30)


@settings(max_examples=60, deadline=None)
@given(some_rows, st.integers(1, 9), st.integers(1, 3), st.data())
def test_each_cause_is_what_taking_it_away_changes(rows, batch_size, epochs, data):
    labels, scores = zip(*rows)
    validation_rows = data.draw(st.integers(1, len(rows) - 1))
    phases = explain(labels, scores, batch_size, epochs, validation_rows)
    expected = replay(labels, scores, batch_size, epochs, len(rows) - validation_rows)
    for phase, (logged, fresh, last, alone) in zip(phases, expected):
        found = [phase.logged, phase.stale_read, phase.running_mean, phase.never_reset]
        # The epsilon is 1e-6 a term, and there are few rows.
        assert found == pytest.approx([logged, logged - fresh, fresh - last, last - alone], abs=2e-4)
        parts = phase.stale_read + phase.running_mean + phase.never_reset + phase.thresholds
        assert np.isnan(phase.auc) or phase.logged - phase.auc == pytest.approx(parts, abs=1e-12)


def test_one_class_is_nan():
    training, validation = explain([0, 1, 1, 1], [0.2, 0.6, 0.5, 0.9], 2, 1, 2)
    assert training.auc == 1 and np.isnan(validation.auc) and np.isnan(validation.thresholds)
    assert not np.isnan(validation.logged)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"y_true": [0, 1, 2, 1]}, "0 or 1.*2"),
        ({"y_true": [0, 1, 1]}, r"\(3,\).*\(4,\)"),
        ({"y_pred": [0.1, 0.2, 3.0, 0.4]}, r"\[0, 1\].*3"),
        ({"batch_size": 0}, "batch_size must be a whole number, at least 1.*0"),
        ({"epochs": 0}, "epochs must be a whole number, at least 1.*0"),
        ({"num_thresholds": 1}, "num_thresholds must be a whole number, at least 2.*1"),
        ({"validation_rows": 4}, "validation_rows must be a number of rows from 0 to 3.*4"),
    ],
)
def test_numbers_out_of_range(change, message):
    good = {"y_true": [0, 1, 0, 1], "y_pred": [0.1, 0.2, 0.3, 0.4], "batch_size": 2, "epochs": 1, "validation_rows": 2}
    with pytest.raises(ValueError, match=message):
        explain(**{**good, **change})


def test_auc_is_of_the_scores_as_they_are():
    """As float32 these scores are all one."""
    labels, scores = np.tile([0, 1], 5), 0.5 + np.arange(10) * 1e-9
    (phase,) = explain(labels, scores, 2, 1, 0)
    assert phase.auc == roc_auc_score(labels, scores) == 0.6
    assert phase.logged == explain(labels, scores.astype(np.float32), 2, 1, 0)[0].logged


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], 4, 1, 0), r"of one or more rows. Received: shape \(0,\)"),
        ((1, 0.5, 4, 1, 0), r"of one or more rows. Received: shape \(\)"),
        ((np.zeros((0, 3)), np.zeros((0, 3)), 4, 1, 0), r"of one or more rows. Received: shape \(0, 3\)"),
        (([0, 1], [0.2, 0.4], None, 1, 0), "batch_size must be a whole number, at least 1. Received: None"),
        (([0, 1], [0.2, 0.4], 4.5, 1, 0), "batch_size must be a whole number, at least 1. Received: 4.5"),
        (([0, 1], [0.2, 0.4], True, 1, 0), "batch_size must be a whole number, at least 1. Received: True"),
        (([0, 1], [0.2, 0.4], 4, 1.5, 0), "epochs must be a whole number, at least 1. Received: 1.5"),
        (([0, 1], [0.2, 0.4], 4, 1, 0.2), "validation_rows must be a number of rows .* not a fraction. Received: 0.2"),
        (([0, 1], [0.2, 0.4], 4, 1, "1"), "validation_rows must be a number of rows .* Received: '1'"),
        (([0, 1], [0.2, 0.4], 4, 1, 0, 2.5), "num_thresholds must be a whole number, at least 2. Received: 2.5"),
    ],
)
def test_numbers_of_another_kind_are_an_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        explain(*arguments)


def test_numbers_of_numpy_are_whole_numbers():
    labels, scores = [0, 1, 1, 0], [0.1, 0.6, 0.8, 0.7]
    assert explain(labels, scores, np.int64(2), np.int32(1), np.int64(2)) == explain(labels, scores, 2, 1, 2)


def test_the_picture_shows_every_phase_and_every_cause():
    pytest.importorskip("matplotlib")
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, 60)
    phases = explain(labels, np.clip(labels * 0.3 + rng.random(60) * 0.6, 0, 1), 10, 2, 20)
    left, right = phases.plot().axes
    assert len(left.get_yticklabels()) == len(phases) == 4
    logged, *steps, last = right.patches  # bars: from zero, then from where the one before ends
    assert (logged.get_x(), last.get_x()) == (0, 0)
    assert logged.get_width() == phases[1].logged
    ends = np.cumsum([logged.get_width(), *(bar.get_width() for bar in steps)])
    assert [bar.get_x() for bar in steps] == pytest.approx(ends[:-1])
    assert ends[-1] == pytest.approx(last.get_width()) == phases[1].auc
    assert len({bar.get_facecolor() for bar in right.patches}) == 6
    assert phases.plot(3).axes[1].get_title() == "validation, epoch 2"
