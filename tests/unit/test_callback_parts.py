"""RocCallback before any training: its arguments, its curves and their picture."""

import copy
import pickle
import struct
import subprocess
import sys
import types

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from compat_auc import RocCallback
from compat_auc.callback.compiled_metric import logged, of_metric
from compat_auc.callback.curves import MAX_CURVES, MAX_POINTS, best, curve, curve_of_rows, draw, keep
from compat_auc.callback.data import Rows, feed
from compat_auc.callback.measure import of_rows
from compat_auc.callback.tensorboard import Board
from compat_auc.counting.by_label import LEFT_OUT, label_areas

X, Y = np.zeros((6, 2)), np.array([0, 1, 0, 1, 1, 0])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"validation_data": (X, Y[:5])}, r"validation_data.*same number of rows.*\[6, 5\]"),
        ({"training_data": (X, Y, np.ones(4))}, r"training_data.*same number of rows.*\[6, 6, 4\]"),
        ({"training_data": (X, Y), "sample_weight": np.ones(4)}, r"training_data.*\[6, 6, 4\]"),
        ({"training_data": ([X, X[:3]], Y)}, r"\[6, 3, 6\]"),
        ({"validation_data": (X, Y + 1)}, "0 or 1.*2"),
        ({"validation_data": (X, {"a": Y, "b": 3 * Y})}, "0 or 1.*3"),
        ({"validation_data": (X, np.array(list("ababab")))}, "0 or 1.*'a'"),
        ({"validation_data": (X,)}, r"must be \(x, y\).*tuple of 1"),
        ({"validation_data": X.tolist()}, r"must be \(x, y\).*list of 6"),
        ({"validation_data": 3}, r"must be \(x, y\), or batches.*3"),
        ({"validation_data": iter([(X, Y)])}, "validation_steps=.*function that returns a new generator"),
        ({"training_data": lambda: iter([(X, Y)]), "sample_weight": np.ones(6)}, "in batches: give its weights"),
        ({"training_data": (X, Y, np.ones(6)), "sample_weight": np.ones(6)}, "without another sample_weight"),
        ({"validation_data": (X, Y), "validation_steps": 3}, r"validation_steps=3 is for batches.*\(x, y\)"),
        ({"interval": 0}, "interval.*1 or more.*0"),
        ({"interval": 0.5}, "interval.*1 or more.*0.5"),
        ({"average": "samples"}, "average must be one of.*'samples'"),
        ({"metric": "auc_roc", "training_data": (X, Y)}, "not both"),
        ({"validation_data": (X, Y - 1)}, r"0 or 1. Received: \[-1\] .*ignore_class=-1"),
        ({"validation_data": (X, Y * 0.9 + 0.05)}, r"0 or 1. Received: \[0.05 0.95\] .*label_smoothing"),
        ({"validation_data": (X, Y - 1, [1, 1, 0, 0, 0, 0])}, r"0 or 1. Received: \[-1\]"),
        ({"validation_data": (X, Y, -Y)}, r"sample_weight that is finite and not negative. Received: \[-1"),
        ({"validation_data": (X, Y, np.ones((6, 2)))}, r"one sample weight for each row.*\(6, 2\).*\(6,\)"),
        ({"validation_data": (X, Y), "ignore_class": 1}, "ignore_class that is None or a number.*Received: 1"),
        ({"ignore_class": -1}, "ignore_class is for data; without, give it to the compiled metric"),
        ({"curve": "PRC"}, r"curve must be \"ROC\", \"PR\".*Received: 'PRC'"),
        ({"curve": ("ROC", "ROC")}, r"curve must be.*\('ROC', 'ROC'\)"),
        ({"curve": ()}, r"curve must be.*\(\)"),
        ({"curve": None}, r"curve must be.*None"),
        ({"curve": [["ROC"]]}, r"curve must be.*\[\['ROC'\]\]"),
        ({"name": 3}, r"name must be one for each curve of \['ROC'\]. Received: 3"),
        ({"curve": ("ROC", "PR"), "name": "auc"}, r"name must be one for each curve of \['ROC', 'PR'\].*'auc'"),
        ({"curve": ("ROC", "PR"), "name": ("a", "a")}, "name must be one for each curve"),
    ],
)
def test_arguments_that_are_wrong_before_training(options, message):
    with pytest.raises(ValueError, match="(?s)" + message):
        RocCallback(**options)


def test_an_endless_dataset_needs_steps():
    import tensorflow as tf

    batches = tf.data.Dataset.from_tensor_slices((X, Y)).batch(2).repeat()
    with pytest.raises(ValueError, match="validation_steps="):
        RocCallback(validation_data=batches)
    RocCallback(validation_data=batches, validation_steps=3)


@pytest.mark.slow
def test_it_is_of_the_keras_that_the_program_imported():
    program = (
        "import {} as keras, compat_auc\n"
        "one, other = compat_auc.RocCallback(), compat_auc.RocCallback()\n"
        "print(isinstance(one, keras.callbacks.Callback), type(one) is type(other))"
    )
    for keras in ("keras", "tf_keras"):
        done = subprocess.run([sys.executable, "-c", program.format(keras)], capture_output=True, text=True)
        assert done.stdout.split() == ["True", "True"], done.stderr


@pytest.mark.slow
def test_it_trains_keras_3_models_of_a_program_that_imported_tf_keras_too():
    program = (
        "import keras, tf_keras, numpy as np, compat_auc\n"
        "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
        "model.compile('sgd', 'mse')\n"
        "data = np.eye(2), np.array([0, 1])\n"
        "print(sorted(model.fit(*data, verbose=0, callbacks=[compat_auc.RocCallback(data, verbose=0)]).history))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1:] == ["['loss', 'roc_auc']"], done.stderr


def test_values_of_a_metric_are_found_by_output_and_not_by_the_end_of_a_name():
    logs = {"buy_auc_roc": 0.1, "val_buy_auc_roc": 0.2, "legacy_auc_roc": 0.3, "val_legacy_auc_roc": 0.4, "loss": 0.5}
    assert logged(logs, "auc_roc", "roc_auc", ["buy"]) == {"buy_roc_auc": 0.1, "val_buy_roc_auc": 0.2}


def rows(seed=0, count=3000):
    rng = np.random.RandomState(seed)
    labels = rng.rand(count) < 0.3
    return labels, rng.randn(count) + labels


ONE = curve_of_rows(1, *rows(count=50), None, auc=0.5)


def kept_epochs(count, keys=("val_roc_auc",)):
    """Curves of that many epochs under each key; the AUC is highest in the fourth."""
    curves = {}
    for epoch in range(1, count + 1):
        for key in keys:
            keep(curves, key, ONE._replace(epoch=epoch, auc=1 - abs(epoch - 4) / 100))
            assert sum(map(len, curves.values())) <= MAX_CURVES
    return curves


def test_points_of_a_curve_are_points_of_the_whole_curve():
    labels, scores = rows()
    one = curve_of_rows(1, labels, scores, None, roc_auc_score(labels, scores))
    assert len(one.fpr) <= MAX_POINTS + 1 and one.fpr.nbytes + one.tpr.nbytes <= 1640
    thresholds = np.sort(scores)[::-1]
    whole = {(np.float32((scores[~labels] >= t).mean()), np.float32((scores[labels] >= t).mean())) for t in thresholds}
    within = [min(abs(f - a) + abs(t - b) for a, b in whole) for f, t in zip(one.fpr, one.tpr)]
    assert max(within[1:]) < 0.003  # A bucket holds a few of the 3000 rows.
    assert np.trapezoid(one.tpr, one.fpr) == pytest.approx(one.auc, abs=2e-3)


@pytest.mark.parametrize("kind", ["ROC", "PR"])
def test_a_curve_needs_both_classes(kind):
    assert curve(1, np.array([1.0, 2.0]), np.zeros(2), kind=kind) is None


def test_points_of_precision_and_recall_are_points_of_the_whole_curve():
    labels, scores = rows()
    exact = average_precision_score(labels, scores)
    one = curve_of_rows(1, labels, scores, None, exact, "PR")
    precision, recall, _ = precision_recall_curve(labels, scores)
    assert len(one.recall) <= MAX_POINTS + 1 and one.share == labels.mean()
    assert (one.recall[0], one.precision[0], one.recall[-1], one.precision[-1]) == (0, 1, 1, np.float32(one.share))
    within = [np.min(np.abs(recall - r) + np.abs(precision - p)) for r, p in zip(one.recall, one.precision)]
    assert max(within) < 0.02  # Of 3000 rows a bucket holds a few, and the first ones move the precision most.
    assert np.sum(np.diff(one.recall) * one.precision[1:]) == pytest.approx(exact, abs=0.02)


def test_labels_that_count_for_nothing_are_left_out_of_each_column():
    rng = np.random.RandomState(3)
    labels, scores, weights = rng.randint(0, 2, (60, 3)), rng.rand(60, 3), rng.rand(60, 3)
    nothing = rng.rand(60, 3) < 0.3
    marked = np.where(nothing, LEFT_OUT, labels).astype(np.int8), np.where(nothing, np.nan, scores)
    for kind, exact in (("ROC", roc_auc_score), ("PR", average_precision_score)):
        for given in (None, weights):
            expected = [
                exact(labels[kept, i], scores[kept, i], sample_weight=None if given is None else given[kept, i])
                for i, kept in enumerate(~nothing.T)
            ]
            assert label_areas(*marked, given, kind).tolist() == expected


@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_a_mean_over_labels_that_all_lack_a_class_is_nan(average):
    labels = np.array([[0, 1], [0, 1], [0, 1]], np.int8)
    measured = of_rows(0, "key", Rows(labels, np.eye(3, 2), None), "ROC", average)
    assert list(measured.values) == ["key"] and np.isnan(measured.values["key"]) and not measured.curves
    assert measured.complaints == {"key": "key is NaN: each label has one class only"}


class Predicts:
    """A model of these outputs. It predicts the one score for each row of each output."""

    def __init__(self, score, *output_names):
        self.score, self.output_names = score, output_names

    def predict_on_batch(self, x):
        rows = len(x["features"] if isinstance(x, dict) else x)
        scores = [np.full(rows, self.score) for _ in self.output_names]
        return scores if len(scores) > 1 else scores[0]

    def predict(self, x, **options):
        return self.predict_on_batch(x)


@pytest.mark.parametrize(
    "data, score, message",
    [
        ([[X]], 0.5, "validation_data: a batch must be .*<class 'list'>"),
        ([[X, [Y, Y, Y]]], 0.5, r"validation_data has labels for 3 outputs, the model has \('a', 'b'\)"),
        ([[X, Y]], 0.5, r"validation_data has labels for 1 outputs, the model has \('a', 'b'\)"),
        ([[X, {"c": Y, "b": Y}]], 0.5, r"validation_data names outputs \['c'\], the model has \('a', 'b'\)"),
        ([[X, [Y, Y]]], np.nan, "the model predicts NaN for 6 of 6 scores of validation_data, output 'a'"),
    ],
)
def test_what_only_the_model_shows_to_be_wrong(data, score, message):
    batches = feed(iter(data), "validation_data", steps=1)
    with pytest.raises(ValueError, match=message):
        batches.rows(Predicts(score, "a", "b"))


def test_batches_with_inputs_by_name():
    batches = [({"features": X[:4].tolist()}, Y[:4]), ({"features": X[4:].tolist()}, Y[4:])]
    (found,) = feed(lambda: iter(batches), "validation_data").rows(Predicts(0.25, "out")).values()
    assert found.labels.ravel().tolist() == Y.tolist() and found.scores.ravel().tolist() == [0.25] * 6


def test_values_of_a_metric_of_keras_itself_have_no_curve():
    model = types.SimpleNamespace(metrics=[], output_names=["out"])
    logs = {"loss": 0.3, "auc": 0.7, "val_loss": 0.4, "val_auc": 0.6}
    measured = of_metric(0, model, logs, "ROC", "roc_auc", "auc", [])
    assert measured == ({"roc_auc": 0.7, "val_roc_auc": 0.6}, {}, {}, None)


def sequence(ignored=None):
    """Labels of two steps each, of which some count for nothing by their weight or their value; and the kept ones."""
    labels = np.array([[0, 1], [1, 7], [1, 0], [0, 7]], float)
    weights = (labels != 7).astype(float)
    return np.where(labels == 7, 7 if ignored is None else ignored, labels)[..., None], weights


@pytest.mark.parametrize("ignored", [None, -1, np.nan])
def test_steps_of_a_sequence_that_count_for_nothing(ignored):
    labels, weights = sequence(ignored)

    class Model:
        output_names = ("out",)

        def predict(self, x, **options):
            return np.array([[0.1, 0.8], [0.7, np.nan], [0.3, 0.4], [0.2, np.nan]])[..., None]

    found = feed((np.zeros((4, 2)), labels), "validation_data", None, None, None if ignored else weights, ignored)
    (rows_of_it,) = found.rows(Model()).values()
    assert rows_of_it.labels.ravel().tolist() == [0, 1, 1, LEFT_OUT, 1, 0, 0, LEFT_OUT]
    measured = of_rows(0, "key", rows_of_it, "ROC", "macro")
    assert measured.values == {"key": roc_auc_score([0, 1, 1, 1, 0, 0], [0.1, 0.8, 0.7, 0.3, 0.4, 0.2])}
    (kept,) = measured.curves.values()
    assert kept.auc == measured.values["key"] and not measured.complaints


@pytest.mark.parametrize("by_name", ["labels", "weights"])
def test_labels_by_name_and_weights_by_place_or_the_other_way(by_name):
    labels, weights = [Y, 1 - Y], [np.array([1, 1, 1, 1, 0, 0]), np.array([0, 0, 1, 1, 1, 1])]

    class Model:
        output_names = ("a", "b")

        def predict(self, x, **options):
            return [np.arange(6.0), np.arange(6.0)]

    given = {"labels": labels, "weights": weights}
    given[by_name] = dict(zip(Model.output_names, given[by_name]))
    found = feed((X, given["labels"], given["weights"]), "validation_data").rows(Model())
    assert found["a"].labels.ravel().tolist() == [0, 1, 0, 1, LEFT_OUT, LEFT_OUT]
    assert found["b"].labels.ravel().tolist() == [LEFT_OUT, LEFT_OUT, 1, 0, 0, 1]


def test_it_is_pickled_with_its_data():
    callback = RocCallback(validation_data=(X, Y), interval=3, curve=("ROC", "PR"))
    callback.curves = kept_epochs(2)
    for copied in (pickle.loads(pickle.dumps(callback)), copy.deepcopy(callback)):
        assert type(copied) is type(callback) and copied.interval == 3
        assert [one.epoch for one in copied.curves["val_roc_auc"]] == [1, 2]


def test_memory_is_bounded_and_first_best_and_last_stay():
    curves = kept_epochs(40, ["val_roc_auc_%d" % label for label in range(MAX_CURVES // 8)])
    for kept in curves.values():
        assert (kept[0].epoch, best(kept).epoch, kept[-1].epoch) == (1, 4, 40)
        assert [one.epoch for one in kept] == sorted(one.epoch for one in kept)


def test_picture_has_first_best_and_last_epoch():
    (axes,) = draw(kept_epochs(6)).axes
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert [entry.split(":")[0] for entry in legend] == ["epoch 1 (first)", "epoch 4 (best)", "epoch 6 (last)"]
    assert "AUC 1.0000" in legend[1]
    (axes,) = draw(kept_epochs(1)).axes
    (entry,) = axes.get_legend().get_texts()
    assert entry.get_text().startswith("epoch 1 (first, best, last): AUC 0.9700")


def test_picture_of_precision_and_recall():
    labels, scores = rows()
    curves = {"val_roc_auc": [curve_of_rows(1, labels, scores, None, 0.7)]}
    curves["val_average_precision"] = [curve_of_rows(1, labels, scores, None, 0.4567, "PR")]
    roc, pr = draw(curves).axes
    assert (roc.get_xlabel(), pr.get_xlabel(), pr.get_ylabel()) == ("False positive rate", "Recall", "Precision")
    assert [text.get_text() for text in pr.get_legend().get_texts()] == ["epoch 1 (first, best, last): 0.4567"]


def test_five_panels_leave_the_sixth_place_empty():
    assert [axes.get_visible() for axes in draw(kept_epochs(1, "abcde")).axes] == 5 * [True] + [False]


def test_picture_has_a_panel_for_each_label():
    curves = kept_epochs(2, ["roc_auc", *("val_roc_auc_%d" % label for label in range(20))])
    shown = [axes.get_title() for axes in draw(curves).axes if axes.get_visible()]
    assert shown == ["val_roc_auc_%d" % label for label in range(12)]
    assert [axes.get_title() for axes in draw(curves, ["roc_auc", "val_roc_auc_19"]).axes] == [
        "roc_auc",
        "val_roc_auc_19",
    ]


def test_picture_of_nothing():
    with pytest.raises(ValueError, match="no curves yet"):
        RocCallback().plot()
    with pytest.raises(ValueError, match=r"no curves of \['loss'\]; there are \['val_roc_auc'\]"):
        draw(kept_epochs(1), ["loss"])


def test_plot_writes_a_file(tmp_path):
    callback = RocCallback()
    callback.curves = kept_epochs(3)
    path = tmp_path / "roc.png"
    assert callback.plot(str(path)).axes
    assert path.read_bytes().startswith(b"\x89PNG")


def test_the_picture_in_tensorboards_folder_is_as_large_as_it_says(tmp_path):
    import tensorflow as tf

    callback = RocCallback()
    callback.curves = kept_epochs(2)
    board = Board(str(tmp_path))
    board.picture("curves", callback.plot(), 7)
    board.close()
    (events,) = tmp_path.iterdir()
    *_, event = tf.compat.v1.train.summary_iterator(str(events))
    (value,) = event.summary.value
    assert (event.step, value.tag) == (7, "curves")
    png = value.image.encoded_image_string
    assert png.startswith(b"\x89PNG") and struct.unpack(">II", png[16:24]) == (value.image.width, value.image.height)
