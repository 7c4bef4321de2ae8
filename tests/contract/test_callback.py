"""RocCallback: sklearn's numbers in the logs, whatever the data are; trouble costs a warning, never the training."""

import copy
import csv
import importlib.util
import os
import struct
import warnings

import numpy as np
import pytest
import stacks
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, RocCallback, auc_roc

# RankAUC is no metric of multi-backend Keras.
WITH_RANK_AUC = pytest.mark.lanes(*[lane for lane in stacks.LANES if lane != "tf1-keras"])


@pytest.fixture
def split(data):
    x, y = data
    return (x[:400], y[:400]), (x[400:], y[400:])


@pytest.fixture
def trained(make_model, split):
    """Two epochs of a model that learns; afterwards its logs and what it predicts for both data."""

    def run(*callbacks, epochs=2, metrics=(), validation_data=None, units=1, y=None, frozen=False):
        (x, labels), (x_val, _) = split
        model = make_model(list(metrics), units=units, frozen=frozen)
        history = model.fit(
            x, labels if y is None else y, epochs=epochs, batch_size=50, verbose=0, callbacks=list(callbacks),
            validation_data=validation_data,
        )  # fmt: skip
        return history.history, model.predict(x, verbose=0), model.predict(x_val, verbose=0)

    return run


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


LABELS = np.random.RandomState(5).rand(600, 3) < [0.2, 0.5, 0.7]


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


def batches(x, y, size=60):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


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


@pytest.mark.parametrize("metric, resolution", [pytest.param("rank", 2e-3, marks=WITH_RANK_AUC), ("auc_roc", 5e-3)])
def test_without_data_from_the_compiled_metric(metric, resolution, trained, split, stack, capsys):
    compiled = RankAUC() if metric == "rank" else auc_roc
    callback = RocCallback()
    logs, _, scores = trained(callback, metrics=[compiled], validation_data=split[1])
    name = "rank_auc" if metric == "rank" else "auc_roc"
    assert logs["roc_auc"] == logs[name] and logs["val_roc_auc"] == logs["val_" + name]
    exact = roc_auc_score(split[1][1], scores)
    assert logs["val_roc_auc"][-1] == pytest.approx(exact, abs=resolution)
    (curves,) = callback.curves.values()
    assert [curve.epoch for curve in curves] == [1, 2] and curves[-1].auc == pytest.approx(exact, abs=resolution)
    printed = capsys.readouterr().out
    assert printed.count("comes from the compiled metric") == 1 and "roc-auc_val: " in printed


@WITH_RANK_AUC
def test_without_data_one_key_a_label(trained, split):
    x, _ = split[0]
    y = LABELS[:400].astype("float32")
    callback = RocCallback(verbose=0)
    metric = RankAUC(multi_label=True, num_labels=3, average=None)
    logs, scores, _ = trained(callback, metrics=[metric], units=3, y=y, validation_data=(x, y))
    for label in range(3):
        exact = roc_auc_score(y[:, label], scores[:, label])
        assert logs["val_roc_auc_%d" % label][-1] == pytest.approx(exact, abs=2e-3)
        assert callback.curves["val_roc_auc_%d" % label][-1].auc == pytest.approx(exact, abs=2e-3)


@WITH_RANK_AUC
def test_without_data_a_label_with_one_class_is_named(trained):
    y = LABELS[:400].astype("float32")
    y[:, 1] = 0
    metric = RankAUC(multi_label=True, num_labels=3)
    (logs, _, _), messages = warned(lambda: trained(RocCallback(verbose=0), metrics=[metric], units=3, y=y))
    assert not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "roc_auc leaves out the labels [1]" in messages[0]


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


def warned(run):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        logs = run()
    return logs, [str(one.message) for one in seen if "RocCallback" in str(one.message)]


def test_one_class_is_nan_and_one_warning(trained, split):
    (x_val, _) = split[1]
    callback = RocCallback(split[0], (x_val, np.ones(200)), verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback, epochs=3))
    assert np.isnan(logs["val_roc_auc"]).all() and len(logs["val_roc_auc"]) == 3
    assert not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "val_roc_auc is NaN" in messages[0] and "one class" in messages[0]


@WITH_RANK_AUC
def test_one_class_without_data(trained, split):
    options = {"metrics": [RankAUC()], "validation_data": (split[1][0], np.ones(200))}
    (logs, _, _), messages = warned(lambda: trained(RocCallback(), **options))
    assert np.isnan(logs["val_roc_auc"]).all() and not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "['val_roc_auc'] is NaN" in messages[0]


def test_training_and_validation_in_two_callbacks(trained, split):
    two = RocCallback(validation_data=split[1], verbose=0), RocCallback(split[0], verbose=0)
    (logs, scores, val_scores), messages = warned(lambda: trained(*two))
    assert logs["roc_auc"][-1] == pytest.approx(roc_auc_score(split[0][1], scores))
    assert logs["val_roc_auc"][-1] == pytest.approx(roc_auc_score(split[1][1], val_scores)) and not messages


def test_a_label_with_one_class_is_left_out_of_the_mean_and_named(trained, split):
    x, _ = split[0]
    y = LABELS[:400].astype("float32")
    y[:, 1] = 0
    (logs, scores, _), messages = warned(lambda: trained(RocCallback((x, y), verbose=0), units=3, y=y))
    exact = np.mean([roc_auc_score(y[:, label], scores[:, label]) for label in (0, 2)])
    assert logs["roc_auc"][-1] == pytest.approx(exact)
    assert len(messages) == 1 and "leaves out the labels [1]" in messages[0]


def test_a_generator_that_ends_early(trained, split):
    callback = RocCallback(split[0], batches(*split[1]), validation_steps=3, verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback, epochs=3))
    assert np.isnan(logs["val_roc_auc"]).tolist() == [False, True, True]
    assert len(logs["loss"]) == 3 and not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "validation_data ended after 1 of 3 batches" in messages[0]


@pytest.mark.parametrize(
    "labels, message", [(np.zeros((200, 2)), r"\(200, 2\).*\(200, 1\)"), (np.arange(200), "0 or 1")], ids=str
)
def test_wrong_labels_in_batches_do_not_stop_the_training(labels, message, trained, split):
    callback = RocCallback(split[0], lambda: [(split[1][0], labels)], verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback))
    assert np.isnan(logs["val_roc_auc"]).all() and not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(messages[0])


def test_validation_that_the_callback_does_not_have(trained, split):
    (logs, _, _), messages = warned(lambda: trained(RocCallback(split[0], verbose=0), validation_data=split[1]))
    assert "val_roc_auc" not in logs and "val_loss" in logs and "roc_auc" in logs
    assert len(messages) == 1 and "validation_data=(x_val, y_val)" in messages[0]


def test_two_callbacks_in_one_fit(trained, split):
    first, second = RocCallback(split[0], verbose=0), RocCallback(split[1], verbose=0)
    (logs, scores, _), messages = warned(lambda: trained(first, second))
    assert logs["roc_auc"][-1] == pytest.approx(roc_auc_score(split[0][1], scores))
    assert len(messages) == 1 and "already have ['roc_auc']" in messages[0]
    other = RocCallback(split[1], verbose=0, name="other_roc_auc")
    (logs, _, val_scores), messages = warned(lambda: trained(first, other))
    assert logs["other_roc_auc"][-1] == pytest.approx(roc_auc_score(split[1][1], val_scores)) and not messages


@pytest.mark.parametrize("metric", [None, "nothing"])
def test_no_data_and_no_metric_of_that_name(metric, trained):
    (logs, _, _), messages = warned(lambda: trained(RocCallback(metric=metric, verbose=0)))
    assert np.isnan(logs["roc_auc"]).all() and len(logs["loss"]) == 2
    assert len(messages) == 1 and "['loss']" in messages[0] and (metric or "RankAUC") in messages[0]


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
