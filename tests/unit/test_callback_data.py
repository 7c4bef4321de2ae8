"""The rows that RocCallback gets from data and a model, and what is measured on them."""

import types

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from compat_auc.callback.compiled_metric import of_metric
from compat_auc.callback.data import Rows, feed
from compat_auc.callback.measurement import of_rows
from compat_auc.counting.by_label import LEFT_OUT, label_areas

X, Y = np.zeros((6, 2)), np.array([0, 1, 0, 1, 1, 0])


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
        ([[X, [Y, Y, Y]]], 0.5, r"must have labels for the outputs \('a', 'b'\). Received: labels for 3 outputs"),
        ([[X, Y]], 0.5, r"must have labels for the outputs \('a', 'b'\). Received: labels for 1 outputs"),
        ([[X, {"c": Y, "b": Y}]], 0.5, r"must have labels for the outputs \('a', 'b'\). Received: also \['c'\]"),
        ([[X, [Y, Y]]], np.nan, r"RocCallback \(validation_data, output 'a'\) expects scores .* not NaN"),
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

    found = feed(
        (np.zeros((4, 2)), labels),
        "validation_data",
        None,
        None,
        None if ignored else weights,
        {"ignore_class": ignored},
    )
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
