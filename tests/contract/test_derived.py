"""Classes that a user derives from RankAUC and auc_roc work like those derived from keras.metrics.AUC."""

import copy
import pickle

import numpy as np
import pytest
import stacks
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, auc_roc

pytestmark = pytest.mark.lanes(*(lane for lane in stacks.LANES if not lane.startswith("tf1")))
LABELS = np.array([0, 0, 1, 1], "float32")
SCORES = np.array([[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]], "float32")


class OneColumn(RankAUC):
    """Takes one column of the scores, which is a new argument."""

    def __init__(self, column=1, name="one_column", **options):
        super().__init__(name=name, **options)
        self.column = column

    def get_config(self):
        return {**super().get_config(), "column": self.column}

    def update_state(self, y_true, y_pred, sample_weight=None):
        return super().update_state(y_true, y_pred[:, self.column : self.column + 1], sample_weight)


def registered(keras):
    """A class that is registered with the Keras, under another name."""
    saving = keras.saving if hasattr(keras, "saving") else keras.utils
    register = getattr(saving, "register_keras_serializable", None) or keras.utils.register_keras_serializable

    @register("tests", "Registered")
    class Registered(OneColumn):
        pass

    return Registered


@pytest.mark.parametrize("column", [0, 1])
def test_it_is_what_it_is_derived_from(column, stack, keras):
    metric = OneColumn(column, resolution=4)
    assert isinstance(metric, OneColumn) and isinstance(metric, RankAUC) and isinstance(metric, keras.metrics.Metric)
    assert isinstance(RankAUC(), RankAUC) and type(metric).__name__ == "OneColumn" and metric.name == "one_column"
    stack.update(metric, LABELS, SCORES)
    assert stack.value(metric) == pytest.approx(roc_auc_score(LABELS, SCORES[:, column]))


@pytest.mark.parametrize("how", [lambda metric: pickle.loads(pickle.dumps(metric)), copy.deepcopy])
def test_copies_keep_options_and_counts(how, stack):
    metric = OneColumn(0, resolution=4)
    stack.update(metric, LABELS, SCORES)
    again = how(metric)
    assert type(again) is type(metric) and again.get_config() == metric.get_config()
    assert stack.value(again) == stack.value(metric) == pytest.approx(0.25)


@pytest.mark.parametrize("by", ["custom_objects", "registered"])
def test_saved_and_loaded(by, stack, keras, make_model, data, tmp_path):
    x, y = data
    cls = OneColumn if by == "custom_objects" else registered(keras)
    model = make_model([cls(1)], units=2, activation="softmax", loss="sparse_categorical_crossentropy")
    before = stack.evaluate(model, x, y)["one_column"]
    assert before == pytest.approx(roc_auc_score(y, model.predict(x, verbose=0)[:, 1]), abs=1e-3)
    path = str(tmp_path / ("model.h5" if stack.graph or stack.lane in ("oldest", "keras2") else "model.keras"))
    model.save(path)
    options = {"custom_objects": {"OneColumn": cls}} if by == "custom_objects" else {}
    loaded = keras.models.load_model(path, **options)
    assert stack.evaluate(loaded, x, y)["one_column"] == pytest.approx(before, abs=1e-6)
    metrics = [inner for metric in loaded.metrics for inner in (metric, *getattr(metric, "metrics", ()))]
    assert any(isinstance(metric, cls) and metric.column == 1 for metric in metrics)


@pytest.mark.parametrize("of", ["the class", "the name"])
def test_derived_from_auc_roc(of, stack, keras, make_model, data):
    base = type(auc_roc()) if of == "the class" else auc_roc

    class LastColumn(base):
        def update_state(self, y_true, y_pred, sample_weight=None):
            return super().update_state(y_true, y_pred[:, 1:], sample_weight)

    x, y = data
    assert issubclass(LastColumn, keras.metrics.AUC)
    metric = LastColumn(num_thresholds=2000, name="last")
    model = make_model([metric], units=2, activation="softmax", loss="sparse_categorical_crossentropy")
    expected = roc_auc_score(y, model.predict(x, verbose=0)[:, 1])
    assert stack.evaluate(model, x, y)["last"] == pytest.approx(expected, abs=1e-3)


def test_the_keras_is_named_and_not_saved(keras):
    class Named(RankAUC, keras=keras):
        pass

    assert isinstance(Named(), keras.metrics.Metric) and "keras" not in Named().get_config()
    for make in (RankAUC, auc_roc, OneColumn):
        metric = make(keras=keras)
        assert isinstance(metric, keras.metrics.Metric) and "keras" not in metric.get_config()
