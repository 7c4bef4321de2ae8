"""A core of the contract, which runs in under a minute on every release that the README names.

tests/contract has the whole of it, on ten stacks. Here each check is small, and is run on all of them: see run.py.
"""

import json
import os
import warnings

import numpy as np
import oracle
import pytest
import stacks
from rows import LABELS, SCORES, auc_of
from sklearn.metrics import roc_auc_score

import compat_auc
from compat_auc import auc_roc

of_keras_2 = pytest.mark.lanes(*stacks.OF_TENSORFLOW)
without_multi_backend = pytest.mark.lanes(*stacks.KERAS_3, *stacks.OF_TENSORFLOW)
# Accuracy beside an AUC.
fails_on_old_torch = pytest.mark.fails_on(
    "keras3-torch",
    release="keras<3.10",
    raises=NotImplementedError,
    reason="Keras 3.0 to 3.9 on torch cannot compile accuracy beside an AUC",
)


def test_the_installed_package_is_tested():
    assert "site-packages" in compat_auc.__file__


# Compile: each form, and the number that evaluate gives.


@fails_on_old_torch
def test_beside_accuracy(make_model, give, data, stack):
    model = make_model(metrics=["accuracy", give.metric()])
    logs = stack.evaluate(model, *data)
    assert logs["auc_roc"] == auc_of(model, *data)
    scores = model.predict(data[0], verbose=0)
    assert abs(logs["auc_roc"] - roc_auc_score(data[1], scores[:, 0])) <= oracle.resolution(data[1], scores) + 1e-6


@pytest.mark.fails_on(*stacks.KERAS_3, raises=ValueError, reason="Keras 3 takes only a list, tuple or dict of metrics")
@pytest.mark.fails_on(
    *stacks.GRAPH, raises=TypeError, reason="Keras 2 in graph mode takes only a list or dict of metrics"
)
@pytest.mark.fails_on(
    "keras2",
    release="tensorflow<2.2",
    raises=TypeError,
    reason="Keras in TensorFlow 2.0 and 2.1 takes only a list or dict of metrics",
)
def test_bare(make_model, give, data, stack):
    model = make_model(metrics=give.metric())
    assert stack.evaluate(model, *data)["auc_roc"] == auc_of(model, *data)


@without_multi_backend
def test_by_name(make_model, data, stack):
    model = make_model(metrics=["auc_roc"])
    assert stack.evaluate(model, *data)["auc_roc"] == auc_of(model, *data)


@fails_on_old_torch
def test_dict_of_lists(make_model, give, data, stack):
    model = make_model(metrics={"out": ["accuracy", give.metric()]})
    assert stack.evaluate(model, *data)["auc_roc"] == auc_of(model, *data)


def test_weighted_metrics(make_model, give, data, stack):
    x, y = data
    model = make_model(metrics=[], weighted_metrics=[give.metric()])
    weights = np.random.RandomState(0).uniform(0, 2, len(y)).astype("float32")
    logs = stack.evaluate(model, x, y, sample_weight=weights)
    (value,) = [logs[key] for key in logs if "auc_roc" in key]
    assert value == auc_of(model, x, y, weights=weights)


def test_configured(make_model, give, data, stack):
    model = make_model(metrics=[give.metric(num_thresholds=50)])
    assert stack.evaluate(model, *data)["auc_roc"] == auc_of(model, *data, num_thresholds=50)


@pytest.mark.lanes(*stacks.KERAS_3, "tf_keras", "keras2")
def test_run_eagerly(make_model, give, data, stack):
    model = make_model(metrics=[give.metric()], run_eagerly=True)
    assert stack.evaluate(model, *data)["auc_roc"] == auc_of(model, *data)


# Several outputs.


def outputs_of(make_model, stack, data, metrics):
    x, y = data
    model = make_model(outputs=("a", "b"), metrics=metrics)
    labels = [y, 1 - y]
    logs = stack.evaluate(model, x, labels)
    for name, scores, expected in zip("ab", model.predict(x, verbose=0), labels):
        assert logs[name + "_auc_roc"] == pytest.approx(oracle.thresholded_auc(expected, scores), abs=1e-6)


def test_two_outputs(make_model, give, data, stack):
    outputs_of(make_model, stack, data, {"a": give.metric(), "b": [give.metric()]})


def test_two_outputs_lists(make_model, give, data, stack):
    outputs_of(make_model, stack, data, [[give.metric()], [give.metric()]])


@pytest.mark.fails_on(*stacks.KERAS_3, raises=ValueError, reason="Keras 3 wants one entry of metrics for each output")
def test_two_outputs_one_list(make_model, give, data, stack):
    outputs_of(make_model, stack, data, [give.metric()])


# Fit, models one after the other, callbacks.


@fails_on_old_torch
def test_fit(make_model, give, data):
    x, y = data
    model = make_model(metrics=["accuracy", give.metric()])
    logs = model.fit(x, y, validation_split=0.3, epochs=2, verbose=0).history
    assert {key for key in logs if "auc" in key} == {"auc_roc", "val_auc_roc"}
    assert logs["auc_roc"] == [auc_of(model, x[:210], y[:210])] * 2
    assert logs["val_auc_roc"] == [auc_of(model, x[210:], y[210:])] * 2


def test_folds(make_model, keras, give, data):
    x, y = data
    for fold in range(2):
        keras.backend.clear_session()
        rows = slice(100 * fold, 100 * fold + 100)
        model = make_model(seed=fold, frozen=False, metrics=[give.metric()])
        logs = model.fit(x, y, validation_data=(x[rows], y[rows]), epochs=2, verbose=0).history
        assert {key for key in logs if "auc" in key} == {"auc_roc", "val_auc_roc"}
        assert logs["val_auc_roc"][-1] == auc_of(model, x[rows], y[rows])


def test_two_models_in_turns(make_model, give, data):
    x, y = data
    models = [make_model(seed=seed, metrics=[give.metric()]) for seed in (3, 4)]
    for rows in (slice(0, 150), slice(150, 300)):
        for model in models:
            logged = model.fit(x[rows], y[rows], verbose=0).history["auc_roc"]
            assert logged == [auc_of(model, x[rows], y[rows])]


def falling(model, x, y, callback):
    """Train on labels that are turned round, so that the first of six epochs is the best."""
    validation = (x[200:], (model.predict(x[200:], verbose=0)[:, 0] > 0.5).astype("float32"))
    options = dict(validation_data=validation, epochs=6, batch_size=50, verbose=0, callbacks=[callback])
    return model.fit(x, 1 - y, **options).history["val_auc_roc"]


def test_early_stopping(make_model, keras, give, data):
    model = make_model(frozen=False, rate=1.0, metrics=[give.metric()])
    logged = falling(model, *data, keras.callbacks.EarlyStopping(monitor="val_auc_roc", patience=2, mode="max"))
    assert len(logged) == int(np.argmax(logged)) + 3 < 6


def test_model_checkpoint(make_model, keras, give, data, stack, tmp_path):
    path = str(tmp_path / ("best.weights.h5" if stack.is_keras_3 else "best.h5"))
    options = dict(monitor="val_auc_roc", mode="max", save_best_only=True, save_weights_only=True)
    checkpoint = keras.callbacks.ModelCheckpoint(path, **options)
    logged = falling(make_model(frozen=False, rate=1.0, metrics=[give.metric()]), *data, checkpoint)
    assert os.path.exists(path) and float(checkpoint.best) == pytest.approx(max(logged), abs=1e-6)
    assert logged[-1] < max(logged)


# Save and load, then again with custom_objects.


def saved_and_loaded(make_model, keras, give, data, stack, path):
    x, y = data
    model = make_model(frozen=False, metrics=["accuracy", give.metric()])
    model.fit(x, y, epochs=1, verbose=0)
    expected = auc_of(model, x, y)
    for generation, custom_objects in (("a", None), ("b", give.custom_objects)):
        model.save(path.format(generation))
        model = keras.models.load_model(path.format(generation), custom_objects=custom_objects)
        assert stack.evaluate(model, x, y)["auc_roc"] == expected


@without_multi_backend
@fails_on_old_torch
def test_saved_h5(make_model, keras, give, data, stack, tmp_path):
    saved_and_loaded(make_model, keras, give, data, stack, str(tmp_path / "{}.h5"))


@without_multi_backend
@fails_on_old_torch
@pytest.mark.fails_on(
    "keras2-graph",
    "tf_keras-graph",
    release="keras>=2.13",
    raises=NotImplementedError,
    reason="The .keras format of Keras 2.13 and later reads the optimizer's values, which graph mode does not have",
)
def test_saved_keras(make_model, keras, give, data, stack, tmp_path):
    saved_and_loaded(make_model, keras, give, data, stack, str(tmp_path / "{}.keras"))


@of_keras_2
def test_saved_folder(make_model, keras, give, data, stack, tmp_path):
    saved_and_loaded(make_model, keras, give, data, stack, str(tmp_path / "{}"))


def test_configuration_of_a_metric(keras):
    options = dict(num_thresholds=50, curve="PR", summation_method="minoring", name="pr")
    metric = auc_roc(**options)
    again = type(metric).from_config(json.loads(json.dumps(metric.get_config())))
    assert {key: again.get_config()[key] for key in options} == options


# Weights, garbage, one class.


def test_sample_weight_of_the_metric(stack):
    metric, weights = auc_roc(), np.array([1, 2, 0, 1, 3, 0.5], "float32")
    stack.update(metric, LABELS, SCORES, weights)
    assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(LABELS, SCORES, weights), abs=1e-6)


@pytest.mark.parametrize("value", [9, -1, np.nan], ids=str)
def test_garbage_labels(value, stack):
    metric, labels = auc_roc(), LABELS.copy()
    labels[2] = value
    with pytest.raises(stack.errors, match="(?s)labels .* 0 or 1"):
        stack.update(metric, labels, SCORES)


@pytest.mark.parametrize("value", [3.5, -0.5, np.nan], ids=str)
def test_garbage_scores(value, stack):
    metric, scores = auc_roc(), SCORES.copy()
    scores[2] = value
    with pytest.raises(stack.errors, match="(?s)scores .*from_logits=True"):
        stack.update(metric, LABELS, scores)


def test_garbage_in_a_step(make_model, stack, data):
    x, y = data
    model = make_model(metrics=[auc_roc], activation=None, loss="mse")
    if stack.backend == "jax":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Newer releases of Keras 3 warn of it.
            assert np.isnan(stack.evaluate(model, x, 9 * y)["auc_roc"])
        return
    with pytest.raises(stack.errors, match="(?s)auc_roc expects"):
        stack.evaluate(model, x, 9 * y)


def test_shapes_that_do_not_match(stack):
    with pytest.raises(ValueError, match="one label for each score"):
        stack.update(auc_roc(), np.zeros((5, 1), "float32"), np.zeros((6, 2), "float32"))


def test_one_class_is_nan(make_model, stack, data):
    model = make_model(metrics=[auc_roc])
    assert np.isnan(stack.evaluate(model, data[0], np.ones(300, "float32"))["auc_roc"])
