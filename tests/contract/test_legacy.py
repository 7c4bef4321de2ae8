"""legacy_auc_roc: today's Keras logs with it what the old Keras logged."""

import numpy as np
import pytest
import stacks
from golden import golden

from compat_auc import auc_roc, legacy_auc_roc

# Multi-backend Keras is where the old function itself still runs.
pytestmark = pytest.mark.lanes(*[lane for lane in stacks.LANES if lane != "tf1-keras"])

# Keras 2.1.6 weighs batches by their rows, Keras 2.3.1 does not. The rest is for the race of the old read, of which
# two of 18 went otherwise in the recording of TensorFlow 1.15.
OLD = {"tf1.8-keras2.1": (True, 2e-5), "tf1.15-keras2.3": (False, 5e-4)}


@pytest.fixture
def fit(make_model, monkeypatch):
    """Train the recorded model as it was recorded: its weights, its data in order, a learning rate of 0."""
    # In graph mode tf.keras shuffles the validation rows within fit, whatever shuffle= says.
    monkeypatch.setattr(np.random, "shuffle", lambda rows: None)

    def run(old, name, metrics):
        recording, arrays = golden.report(old)["fit"][name], golden.load(old)
        weights = [np.array(values) for values in recording["weights"]]
        activation = "softmax" if name == "softmax" else "sigmoid"
        model = make_model(metrics, units=len(weights[1]), activation=activation)
        model.set_weights(weights)
        options = {"validation_split": 0.3, "shuffle": False, "batch_size": 32, "epochs": 3, "verbose": 0}
        history = model.fit(arrays["fit_x"], arrays["fit_%s_y" % name], **options)
        return recording["logs"], history.history, model

    return run


@pytest.mark.parametrize("model", ["multilabel", "sigmoid", "softmax"])
@pytest.mark.parametrize("old", sorted(OLD))
def test_logs_are_those_of_the_old_keras(old, model, fit):
    weigh_batches, race = OLD[old]
    legacy = legacy_auc_roc if weigh_batches else legacy_auc_roc(weigh_batches=False)
    recorded, logs, _ = fit(old, model, [auc_roc, legacy])
    for prefix in ("", "val_"):
        assert logs[prefix + "legacy_auc_roc"] == pytest.approx(recorded[prefix + "auc_roc"], abs=race)
        assert len(set(np.round(logs[prefix + "auc_roc"], 6))) == 1  # The right number does not move: frozen.


def test_keys_and_state_of_a_second_model(fit):
    """Each compile has separate counts, and the key never grows."""
    _, first, _ = fit("tf1.8-keras2.1", "sigmoid", [legacy_auc_roc])
    _, second, _ = fit("tf1.8-keras2.1", "sigmoid", [legacy_auc_roc])
    assert sorted(first) == sorted(second) == ["legacy_auc_roc", "loss", "val_legacy_auc_roc", "val_loss"]
    assert all(second[key] == pytest.approx(first[key]) for key in first)


def test_evaluate_begins_where_training_ended_and_a_fresh_model_at_zero(make_model, stack, data):
    x, y = data
    model = make_model([auc_roc, legacy_auc_roc])
    first = stack.evaluate(model, x, y, batch_size=len(x))
    second = stack.evaluate(model, x, y, batch_size=len(x))
    assert first["legacy_auc_roc"] == 0
    assert second["legacy_auc_roc"] == pytest.approx(first["auc_roc"], abs=1e-5)


def test_garbage_is_no_number(stack):
    labels, scores = np.array([0, 1, 9], "float32"), np.array([0.1, 0.8, 0.3], "float32")
    with pytest.raises(stack.errors, match="(?s)legacy_auc_roc expects labels .* 0 or 1.*9"):
        stack.update(legacy_auc_roc(), labels, scores)
    with pytest.raises(ValueError, match="one label for each score"):
        stack.update(legacy_auc_roc(), labels, np.zeros((4, 2), "float32"))


def test_config(keras):
    metric = legacy_auc_roc(num_thresholds=50, weigh_batches=False, name="old")
    again = type(metric).from_config(metric.get_config())
    assert (again.num_thresholds, again.weigh_batches, again.name) == (50, False, "old")
    with pytest.raises(ValueError, match="at least 2. Received: 1"):
        legacy_auc_roc(num_thresholds=1)


def test_saved_and_loaded(make_model, keras, stack, data, tmp_path):
    x, y = data
    model = make_model([auc_roc, legacy_auc_roc])
    model.evaluate(x, y, verbose=0)
    path = str(tmp_path / "model.h5")
    model.save(path)
    for custom in ({}, {"legacy_auc_roc": legacy_auc_roc, "auc_roc": auc_roc}):
        loaded = keras.models.load_model(path, custom_objects=custom)
        assert stack.evaluate(loaded, x, y, batch_size=len(x))["legacy_auc_roc"] == 0
