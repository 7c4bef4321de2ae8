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
from compat_auc.callback.compiled_metric import logged
from compat_auc.callback.curves import MAX_CURVES, MAX_POINTS, best, curve, curve_of_rows, draw, keep
from compat_auc.callback.tensorboard import Board

X, Y = np.zeros((6, 2)), np.array([0, 1, 0, 1, 1, 0])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"validation_data": (X, Y[:5])}, r"validation_data.*same number of rows.*\[6, 5\]"),
        ({"training_data": (X, Y, np.ones(4))}, r"training_data.*same number of rows.*\[6, 6, 4\]"),
        ({"training_data": (X, Y), "sample_weight": np.ones(4)}, r"training_data.*\[6, 6, 4\]"),
        ({"training_data": ([X, X[:3]], Y)}, r"\[6, 3, 6\]"),
        ({"validation_data": (X, np.stack([Y, Y + 1], 1))}, "0 or 1.*2"),
        ({"validation_data": (X, {"a": Y, "b": np.stack([Y, 3 * Y], 1)})}, "0 or 1.*3"),
        ({"validation_data": (X, np.array(list("ababab")))}, "real numbers.*'a'.*y_true == 'b'"),
        ({"validation_data": (X,)}, r"must be \(x, y\).*tuple of 1"),
        ({"validation_data": X.tolist()}, r"must be \(x, y\).*list of 6"),
        ({"validation_data": 3}, r"must be \(x, y\), or batches.*3"),
        ({"validation_data": iter([(X, Y)])}, "validation_steps=.*function that returns a new generator"),
        ({"training_data": lambda: iter([(X, Y)]), "sample_weight": np.ones(6)}, "in batches: give its weights"),
        ({"training_data": (X, Y, np.ones(6)), "sample_weight": np.ones(6)}, "without another sample_weight"),
        (
            {"validation_data": (X, Y), "validation_steps": 3},
            r"validation_steps is for validation_data that is batches.*\(x, y\)$",
        ),
        ({"interval": 0}, "interval.*1 or more.*0"),
        ({"interval": 0.5}, "interval.*1 or more.*0.5"),
        ({"average": "samples"}, "average must be one of.*'samples'"),
        ({"metric": "auc_roc", "training_data": (X, Y)}, "takes metric= only without data"),
        ({"validation_data": (X, Y - 1)}, r"0 or 1. Received: \[-1\] .*ignore_class=-1"),
        ({"validation_data": (X, Y * 0.9 + 0.05)}, r"0 or 1. Received: \[0.05 0.95\] .*label_smoothing"),
        ({"validation_data": (X, Y - 1, [1, 1, 0, 0, 0, 0])}, r"0 or 1. Received: \[-1\]"),
        ({"validation_data": (X, Y, -Y)}, r"sample_weight that is finite and not negative. Received: \[-1"),
        ({"validation_data": (X, Y, np.ones((6, 2)))}, r"one sample weight for each row.*\(6, 2\).*\(6,\)"),
        ({"validation_data": (X, Y), "ignore_class": 1}, "ignore_class that is None or a number.*Received: 1"),
        (
            {"ignore_class": -1},
            "without data takes no ignore_class: give it to the compiled metric. Received: ignore_class=-1",
        ),
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
    assert "AUC 1.000" in legend[1]
    (axes,) = draw(kept_epochs(1)).axes
    (entry,) = axes.get_legend().get_texts()
    assert entry.get_text().startswith("epoch 1 (first, best, last): AUC 0.970")


def test_picture_of_precision_and_recall():
    labels, scores = rows()
    curves = {"val_roc_auc": [curve_of_rows(1, labels, scores, None, 0.7)]}
    curves["val_average_precision"] = [curve_of_rows(1, labels, scores, None, 0.4567, "PR")]
    roc, pr = draw(curves).axes
    assert (roc.get_xlabel(), pr.get_xlabel(), pr.get_ylabel()) == ("False positive rate", "Recall", "Precision")
    assert [text.get_text() for text in pr.get_legend().get_texts()] == ["epoch 1 (first, best, last): 0.457"]


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
    with pytest.raises(
        ValueError, match=r"keys must be among \['val_roc_auc'\], which have curves. Received: \['loss'\]"
    ):
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


def test_values_without_curves_are_scalars_in_tensorboard(tmp_path, recwarn):
    """A metric of Keras itself keeps no counts to draw."""
    import tensorflow as tf

    callback = RocCallback(metric="auc", verbose=0, tensorboard_dir=str(tmp_path))
    callback.set_model(types.SimpleNamespace(metrics=[], output_names=["out"]))
    callback.on_train_begin()
    logs = {"loss": 0.3, "auc": 0.75}
    callback.on_epoch_end(0, logs)
    callback.on_train_end()
    assert logs["roc_auc"] == 0.75
    (events,) = tmp_path.iterdir()
    written = [value for event in tf.compat.v1.train.summary_iterator(str(events)) for value in event.summary.value]
    assert [(value.tag, value.simple_value) for value in written] == [("roc_auc", 0.75)]
    assert not [one for one in recwarn if "RocCallback" in str(one.message)]


@pytest.mark.parametrize(("positives", "is_few"), [(4, True), (5, False)])
def test_the_legend_says_that_an_interval_is_of_few_rows(positives, is_few):
    pytest.importorskip("matplotlib")
    few = curve_of_rows(1, np.arange(40) < positives, np.arange(40) % 7, None, auc=0.5)
    (panel, *_) = draw({"val_roc_auc": [few]}).axes
    legend = [text.get_text() for text in panel.get_legend().get_texts()]
    assert few.few_rows == ("few rows" in legend[0]) == is_few
