"""Contract 8: each way to run a model's steps, and each kind of data, logs the same number."""

import numpy as np
import oracle
import pytest

from compat_auc import auc_roc


def check(stack, model, x, y, *data, **options):
    value = stack.evaluate(model, *(data or (x, y)), **options)["auc_roc"]
    assert value == pytest.approx(oracle.thresholded_auc(y, model.predict(x, verbose=0)), abs=1e-6)


@pytest.mark.parametrize("options", [{"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 8}], ids=str)
def test_compile_options(options, make_model, stack, data):
    x, y = data
    model = make_model([auc_roc], **options)
    model.fit(x, y, epochs=1, verbose=0)
    check(stack, model, x, y, batch_size=32)


def test_mixed_precision(keras, stack, data):
    x, y = data
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        inputs = keras.layers.Input(shape=(6,))
        model = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))
        model.compile("sgd", "binary_crossentropy", metrics=stack.metrics([auc_roc]))
        scores = model.predict(x, verbose=0)
        assert scores.dtype == "float16"
        check(stack, model, x, y)
    finally:
        keras.mixed_precision.set_global_policy("float32")


def batches(x, y):
    for start in range(0, len(x), 100):
        rows = slice(start, start + 100)
        yield x[rows], y[rows]


def test_generator(make_model, stack, data):
    x, y = data
    check(stack, make_model([auc_roc]), x, y, batches(x, y), steps=6)


def test_ragged_last_batch(make_model, stack, data):
    x, y = data
    check(stack, make_model([auc_roc]), x[:597], y[:597], batch_size=64)


def test_class_weight_leaves_the_metric_alone(make_model, data):
    x, y = data
    model = make_model([auc_roc])
    logs = model.fit(x, y, class_weight={0: 1.0, 1: 7.0}, epochs=1, verbose=0).history
    expected = oracle.thresholded_auc(y, model.predict(x, verbose=0))
    assert logs["auc_roc"] == pytest.approx([expected], abs=1e-6)


def test_sample_weight_weighs_weighted_metrics(make_model, stack, data):
    x, y = data
    weights = np.where(x[:, 2] > 0, 5.0, 0.1).astype("float32")
    model = make_model([], weighted_metrics=[auc_roc])
    logs = stack.evaluate(model, x, y, sample_weight=weights)
    expected = oracle.thresholded_auc(y, model.predict(x, verbose=0), weights)
    assert logs[stack.weighted_key] == pytest.approx(expected, abs=1e-6)
    assert expected != pytest.approx(oracle.thresholded_auc(y, model.predict(x, verbose=0)), abs=1e-3)


@pytest.mark.parametrize("dtype", ["bool", "int32", "uint8", "float64"])
def test_dtypes_of_labels(dtype, stack, data):
    _, y = data
    scores = (0.3 * y + 0.7 * np.random.RandomState(2).rand(len(y))).astype("float32")
    metric = auc_roc()
    stack.update(metric, y.astype(dtype), scores)
    assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(y, scores), abs=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_dtypes_of_scores(dtype, stack, data):
    _, y = data
    scores = (0.3 * y + 0.7 * np.random.RandomState(2).rand(len(y))).astype(dtype)
    metric = auc_roc()
    stack.update(metric, y, scores)
    assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(y, scores), abs=1e-6)
