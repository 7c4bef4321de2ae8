"""What compat_auc has besides `auc_roc`, on every release that the README names: a check or two of each."""

import json

import numpy as np
import pytest
import stacks
from rows import LABELS, SCORES, auc_of
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, RocCallback, auc_roc, legacy_auc_roc, runtime, streaming_auc
from compat_auc.command import cli

without_multi_backend = pytest.mark.lanes(*stacks.KERAS_3, *stacks.OF_TENSORFLOW)


def test_data_at_once():
    assert auc_roc(LABELS, SCORES) == pytest.approx(8 / 9, abs=1e-6)


@without_multi_backend
def test_rank_auc(make_model, data):
    x, y = data
    metric = RankAUC()
    model = make_model(metrics=[metric], frozen=False, activation=None, loss="mse")
    logs = model.fit(x, y, validation_data=(x, y), epochs=2, verbose=0).history
    assert {key for key in logs if "auc" in key} == {"rank_auc", "val_rank_auc"}
    assert logs["val_rank_auc"][-1] == pytest.approx(roc_auc_score(y, model.predict(x, verbose=0)[:, 0]), abs=2e-3)


@without_multi_backend
def test_rank_auc_counts(stack):
    metric = RankAUC()
    stack.update(metric, LABELS, SCORES)
    low, high = metric.counts().bounds()
    assert low <= 8 / 9 <= high
    assert stack.value(metric) == pytest.approx(8 / 9, abs=1e-6)


@without_multi_backend
def test_rank_auc_of_labels(make_model, data, stack):
    x, y = data
    model = make_model(units=2, metrics=[RankAUC(multi_label=True, num_labels=2)])
    labels = np.stack([y, np.roll(y, 7)], 1)
    expected = roc_auc_score(labels, model.predict(x, verbose=0))
    assert stack.evaluate(model, x, labels)["rank_auc"] == pytest.approx(expected, abs=2e-3)


@pytest.mark.lanes("keras3", "tf1-keras", *stacks.OF_TENSORFLOW)
def test_streaming_auc(stack):
    tf = stack.tensorflow
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        value, update_op = streaming_auc(tf.constant(SCORES), tf.constant(LABELS))
        session.run(tf.compat.v1.local_variables_initializer())
        assert session.run(update_op) == pytest.approx(8 / 9, abs=1e-6)
        assert session.run(value) == pytest.approx(8 / 9, abs=1e-6)


def test_roc_callback(make_model, data):
    x, y = data
    model = make_model(frozen=False, metrics=["accuracy"])
    callback = RocCallback(training_data=(x[:200], y[:200]), validation_data=(x[200:], y[200:]))
    logs = model.fit(x[:200], y[:200], epochs=2, verbose=0, callbacks=[callback]).history
    exact = roc_auc_score(y[200:], model.predict(x[200:], verbose=0)[:, 0])
    assert [logs[key][-1] for key in logs if key.startswith("val_") and "auc" in key] == [pytest.approx(exact)]


@without_multi_backend
def test_legacy_auc_roc(make_model, data, stack):
    """Read before the update and never reset: one batch logs 0 first, and the AUC of that batch when it comes again."""
    model = make_model(metrics=[legacy_auc_roc])
    logged = [stack.evaluate(model, *data, batch_size=300)["legacy_auc_roc"] for _ in range(2)]
    assert logged == [0, auc_of(model, *data)]


def test_runtime(stack):
    found = runtime()
    assert (found.backend, found.mode) == (stack.backend, "graph" if stack.graph else "eager")
    names = {"keras3": "keras", "tf_keras": "tf_keras", "tf1-keras": "keras"}
    family = stack.lane if stack.is_multi_backend else stack.lane.partition("-")[0]
    assert found.keras == names.get(family, "tf.keras")


@without_multi_backend
def test_doctor(capsys):
    status = cli.main(["doctor", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert status == 0 and report["ok"], report
    areas = {name: pytest.approx(report["sklearn"], abs=2e-3) for name in report["entry_points"]}
    assert report["entry_points"] == areas and "metrics=[auc_roc]" in areas
