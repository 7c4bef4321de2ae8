"""The messages that the guide begins with are what this stack says to the old function, and the drop-in is the cure."""

import os

import pytest

from compat_auc import auc_roc

GUIDE = os.path.join(os.path.dirname(__file__), "..", "..", "migration_guide.md")
TF1 = ("tf1", "tf1-keras")
MODERN = ("keras3", "tf_keras", "keras2")


@pytest.fixture(scope="module")
def guide():
    with open(GUIDE, encoding="utf-8") as f:
        return f.read().partition("## The dialects")[0]


def with_contrib(y_true, y_pred):
    import tensorflow as tf

    return tf.contrib.metrics.streaming_auc(y_pred, y_true)[1]


def with_tf_metrics(y_true, y_pred):
    import tensorflow as tf

    return tf.compat.v1.metrics.auc(y_true, y_pred)[1]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        pytest.param(with_contrib, "Attempting to use uninitialized value", marks=pytest.mark.lanes(*TF1)),
        pytest.param(with_tf_metrics, "Attempting to use uninitialized value", marks=pytest.mark.lanes(*TF1)),
        pytest.param(with_contrib, "has no attribute 'contrib'", marks=pytest.mark.lanes(*MODERN, "oldest")),
        pytest.param(with_tf_metrics, "tf.function only supports singleton", marks=pytest.mark.lanes(*MODERN)),
        pytest.param(with_tf_metrics, "tried to create variables on non-first", marks=pytest.mark.lanes("oldest")),
    ],
)
def test_the_old_function_fails_as_the_guide_says_and_auc_roc_does_not(function, message, make_model, data, guide):
    x, y = data
    with pytest.raises(Exception, match=message):
        make_model([function]).fit(x, y, verbose=0)
    assert message in guide
    assert "auc_roc" in make_model([auc_roc]).fit(x, y, verbose=0).history


@pytest.mark.lanes("tf_keras", "tf_keras-graph", "keras2", "keras2-graph", "oldest", *TF1)
def test_early_stopping_without_its_metric(make_model, data, keras, guide, caplog, recwarn):
    x, y = data
    stop = keras.callbacks.EarlyStopping(monitor="auc_roc", mode="max")
    make_model(["accuracy"]).fit(x, y, verbose=0, callbacks=[stop])
    said = " ".join([*caplog.messages, *(str(one.message) for one in recwarn)])
    expected = "Early stopping conditioned on metric `auc_roc` which is not available"
    assert expected in said and expected in guide
    caplog.clear()
    recwarn.clear()
    make_model([auc_roc]).fit(x, y, verbose=0, callbacks=[stop])
    assert not any(expected in str(one) for one in [*caplog.messages, *(one.message for one in recwarn)])


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch")
def test_a_monitor_of_no_metric_on_keras_3(make_model, data, keras, guide):
    x, y = data
    stop = keras.callbacks.EarlyStopping(monitor="auc_roc")
    message = "Keras isn't able to automatically determine whether that metric should be maximized or minimized"
    with pytest.raises(ValueError, match=message):
        make_model(["accuracy"]).fit(x, y, verbose=0, callbacks=[stop])
    assert message in guide
    make_model([auc_roc]).fit(x, y, verbose=0, callbacks=[stop])


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2", "oldest")
def test_numbered_names_are_those_of_keras_and_not_of_auc_roc(make_model, data, keras):
    x, y = data
    for mine, theirs in ((auc_roc, "auc_roc"), (None, "auc_1")):
        keras.backend.clear_session()
        logs = [make_model([mine or keras.metrics.AUC()]).fit(x, y, verbose=0).history for _ in range(2)]
        assert theirs in logs[1]
