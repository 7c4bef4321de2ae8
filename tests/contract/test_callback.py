"""RocCallback: sklearn's numbers in the logs, whatever the data are."""

import copy
import csv
import importlib.util
import os
import struct

import numpy as np
import pytest
import stacks
from callback_data import LABELS, batches, warned
from sklearn.metrics import roc_auc_score

from compat_auc import RocCallback

# RankAUC is no metric of multi-backend Keras.
WITH_RANK_AUC = pytest.mark.lanes(*[lane for lane in stacks.LANES if lane != "tf1-keras"])


def test_logs_and_print_are_sklearns_numbers(trained, split, keras, capsys):
    training, validation = split
    callback = RocCallback(training, validation)
    assert isinstance(callback, keras.callbacks.Callback) and isinstance(callback, RocCallback)
    logs, scores, val_scores = trained(callback)
    exact = roc_auc_score(training[1], scores), roc_auc_score(validation[1], val_scores)
    assert (logs["roc_auc"][-1], logs["val_roc_auc"][-1]) == pytest.approx(exact, abs=1e-12)
    assert len(logs["roc_auc"]) == len(logs["val_roc_auc"]) == 2
    printed = capsys.readouterr().out.rstrip().split("\r")[-1]
    assert printed == "roc-auc_train: %s - roc-auc_val: %s" % tuple(str(round(value, 4)) for value in exact)


def test_only_validation_data_and_silence(trained, split, capsys):
    logs, _, scores = trained(RocCallback(validation_data=split[1], verbose=0))
    assert "roc_auc" not in logs
    assert logs["val_roc_auc"][-1] == pytest.approx(roc_auc_score(split[1][1], scores), abs=1e-12)
    assert "roc-auc" not in capsys.readouterr().out


def test_callbacks_after_it_see_the_numbers(trained, split, keras, stack, tmp_path):
    path = str(tmp_path / ("best.weights.h5" if stack.is_keras_3 else "best.h5"))
    log = str(tmp_path / "log.csv")
    checkpoint = keras.callbacks.ModelCheckpoint(
        path, monitor="val_roc_auc", save_best_only=True, save_weights_only=True, mode="max"
    )
    stopping = keras.callbacks.EarlyStopping(monitor="val_roc_auc", patience=1, mode="max")
    logs, _, _ = trained(
        RocCallback(*split, verbose=0), checkpoint, stopping, keras.callbacks.CSVLogger(log), epochs=4, frozen=True
    )
    assert len(logs["val_roc_auc"]) == 2 and stopping.stopped_epoch == 1
    assert float(checkpoint.best) == pytest.approx(max(logs["val_roc_auc"])) and os.path.exists(path)
    with open(log) as lines:
        assert [float(row["val_roc_auc"]) for row in csv.DictReader(lines)] == pytest.approx(logs["val_roc_auc"])


def test_interval(trained, split, keras, tmp_path):
    logger = keras.callbacks.CSVLogger(str(tmp_path / "log.csv"))
    logs, _, _ = trained(RocCallback(*split, interval=2, verbose=0), logger, epochs=4)
    assert np.isnan(logs["val_roc_auc"]).tolist() == [False, True, False, True]


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
def test_averages(average, trained, split):
    (x, _), (x_val, _) = split
    y, y_val = LABELS[:400].astype("float32"), LABELS[400:].astype("float32")
    callback = RocCallback((x, y), (x_val, y_val), average=average, verbose=0)
    logs, scores, val_scores = trained(callback, units=3, y=y)
    for prefix, labels, predicted in (("", y, scores), ("val_", y_val, val_scores)):
        exact = np.atleast_1d(roc_auc_score(labels, predicted, average=average))
        keys = [prefix + "roc_auc"] if average else [prefix + "roc_auc_%d" % label for label in range(3)]
        assert [logs[key][-1] for key in keys] == pytest.approx(exact.tolist(), abs=1e-12)
    assert len(logs) == 1 + 2 * (1 if average else 3)
    assert len(callback.curves) == (2 if average == "micro" else 6)


@pytest.mark.parametrize("where", ["option", "pair", "third"])
def test_sample_weight(where, trained, split):
    rng = np.random.RandomState(4)
    weights = rng.rand(400), rng.rand(200)
    if where == "third":
        callback = RocCallback((*split[0], weights[0]), (*split[1], weights[1]), verbose=0)
    else:
        given = weights if where == "pair" else weights[0]
        callback = RocCallback(*split, sample_weight=given, verbose=0)
    logs, scores, val_scores = trained(callback)
    assert logs["roc_auc"][-1] == pytest.approx(roc_auc_score(split[0][1], scores, sample_weight=weights[0]))
    of_validation = None if where == "option" else weights[1]
    exact = roc_auc_score(split[1][1], val_scores, sample_weight=of_validation)
    assert logs["val_roc_auc"][-1] == pytest.approx(exact)


class Batches:
    """What a Sequence, a PyDataset and a DataLoader have in common: a length, items, no end of their own."""

    def __init__(self, x, y):
        self.batches = list(batches(x, y))

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


def endless(x, y):
    while True:
        yield from batches(x, y, 100)


@pytest.mark.parametrize("kind", ["function", "generator", "sequence", "tf.data", "list"])
def test_kinds_of_data(kind, trained, split, stack):
    x_val, y_val = split[1]
    options = {}
    if kind == "tf.data":
        tf = pytest.importorskip("tensorflow") if stack.backend != "tensorflow" else stack.tensorflow
        given = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(64)
    elif kind == "generator":
        given, options = endless(x_val, y_val), {"validation_steps": 2}
    else:
        given = {
            "function": lambda: batches(x_val, y_val),
            "sequence": Batches(x_val, y_val),
            "list": (x_val, y_val.tolist()),
        }[kind]
    logs, _, scores = trained(RocCallback(validation_data=given, verbose=0, **options))
    assert logs["val_roc_auc"][-1] == pytest.approx(roc_auc_score(y_val, scores), abs=1e-6)
    assert not np.isnan(logs["val_roc_auc"]).any()


def two_by_two(keras):
    a, b = keras.layers.Input(shape=(6,), name="a"), keras.layers.Input(shape=(6,), name="b")
    both = keras.layers.concatenate([a, b])
    outputs = [keras.layers.Dense(1, activation="sigmoid", name=name)(both) for name in ("click", "buy")]
    model = keras.models.Model([a, b], outputs)
    model.compile("sgd", "binary_crossentropy")
    return model


@pytest.mark.parametrize("named", [True, False], ids=["by_name", "by_order"])
def test_several_inputs_and_outputs(named, keras, data):
    x, y = data
    model = two_by_two(keras)
    inputs, labels = [x, -x], [y, 1 - y]
    wanted = {"click": y, "buy": 1 - y} if named else labels
    callback = RocCallback((inputs, wanted), (lambda: iter([(inputs, wanted)])), verbose=0)
    logs = model.fit(inputs, labels, epochs=1, verbose=0, callbacks=[callback]).history
    for name, truth, scores in zip(("click", "buy"), labels, model.predict(inputs, verbose=0)):
        exact = roc_auc_score(truth, scores)
        assert [logs[name + "_roc_auc"][0], logs["val_" + name + "_roc_auc"][0]] == pytest.approx([exact] * 2, abs=1e-6)


@pytest.mark.lanes("keras3-torch")
def test_torch_data_loader(trained, split):
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    x_val, y_val = split[1]
    loader = DataLoader(TensorDataset(torch.tensor(x_val), torch.tensor(y_val)), batch_size=64)
    logs, _, scores = trained(RocCallback(validation_data=loader, verbose=0))
    assert logs["val_roc_auc"][-1] == pytest.approx(roc_auc_score(y_val, scores), abs=1e-6)


def test_copies_work(trained, split):
    """Tuners train with deep copies of callbacks."""
    logs, scores, _ = trained(copy.deepcopy(RocCallback(split[0], verbose=0)))
    assert logs["roc_auc"][-1] == pytest.approx(roc_auc_score(split[0][1], scores))


def test_a_class_derived_from_it(trained, split, keras):
    class Mine(RocCallback):
        def on_epoch_end(self, epoch, logs=None):
            super().on_epoch_end(epoch, logs)
            logs["twice"] = 2 * logs["roc_auc"]

    mine = Mine(split[0], verbose=0)
    logs, _, _ = trained(mine)
    assert isinstance(mine, keras.callbacks.Callback) and logs["twice"] == [2 * value for value in logs["roc_auc"]]


def test_curves_and_tensorboard(trained, split, stack, tmp_path):
    callback = RocCallback(*split, verbose=0, tensorboard_dir=str(tmp_path))
    (logs, _, _), messages = warned(lambda: trained(callback))
    (first, last) = callback.curves["val_roc_auc"]
    assert (first.auc, last.auc) == pytest.approx(logs["val_roc_auc"], abs=1e-12) and first.low < first.auc < first.high
    assert last.fpr[0] == last.tpr[0] == 0 and last.fpr[-1] == last.tpr[-1] == 1 and len(last.fpr) <= 202
    trapezoids = float(np.sum(np.diff(last.fpr) * (last.tpr[1:] + last.tpr[:-1]) / 2))
    assert trapezoids == pytest.approx(last.auc, abs=0.01)
    import tensorflow as tf

    (events,) = tmp_path.iterdir()
    written = [
        (event.step, value)
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    ]
    scalars = [value.simple_value for _, value in written if value.tag == "val_roc_auc"]
    assert scalars == pytest.approx(logs["val_roc_auc"], abs=1e-6)
    pictures = [(step, value.image) for step, value in written if value.tag == "roc_auc curves"]
    if importlib.util.find_spec("matplotlib") is None:
        assert not pictures and any("pip install compat-auc[plot]" in message for message in messages)
    else:
        assert [step for step, _ in pictures] == [0, 1] and not messages
        png = pictures[0][1].encoded_image_string
        assert png.startswith(b"\x89PNG")
        assert struct.unpack(">II", png[16:24]) == (pictures[0][1].width, pictures[0][1].height)
