"""Contract 8: each way to run a model's steps, and each kind of data, logs the same number."""

import numpy as np
import oracle
import pytest
import stacks

from compat_auc import auc_roc


def check(stack, model, x, y, *data, **options):
    value = stack.evaluate(model, *(data or (x, y)), **options)["auc_roc"]
    assert value == pytest.approx(oracle.thresholded_auc(y, model.predict(x, verbose=0)), abs=1e-6)


@pytest.mark.fails_on(
    *stacks.GRAPH,
    raises=(TypeError, ValueError),
    reason="Keras 2 in graph mode has none of these arguments of compile",
)
@pytest.mark.fails_on(
    "oldest",
    param="*jit_compile*",
    raises=TypeError,
    reason="Keras before TensorFlow 2.6 has no jit_compile",
)
@pytest.mark.fails_on(
    "keras3-torch",
    param="*steps_per_execution*",
    raises=ValueError,
    reason="Keras 3 (3.15.1) takes only 1 step on torch",
)
@pytest.mark.parametrize("options", [{"run_eagerly": True}, {"jit_compile": True}, {"steps_per_execution": 8}], ids=str)
def test_compile_options(options, make_model, stack, data):
    x, y = data
    model = make_model([auc_roc], **options)
    model.fit(x, y, epochs=1, verbose=0)
    check(stack, model, x, y, batch_size=32)


@pytest.mark.fails_on(
    *stacks.GRAPH,
    raises=(ValueError, AttributeError),
    reason="Keras 2 sets a global policy only with the dtypes of TensorFlow 2, and TensorFlow 1.15 has none",
)
def test_mixed_precision(keras, make_model, stack, data):
    x, y = data
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = make_model([auc_roc])
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


WITH_TENSORFLOW = ("keras3", "tf_keras", "tf_keras-graph", "keras2", "keras2-graph", "oldest", "tf1")


@pytest.mark.lanes(*WITH_TENSORFLOW)
def test_tf_data(make_model, stack, data):
    x, y = data
    batched = stack.tensorflow.data.Dataset.from_tensor_slices((x, y)).batch(100)
    check(stack, make_model([auc_roc]), x, y, batched, steps=6)


@pytest.mark.lanes("keras3", "tf_keras", "keras2", "oldest")
def test_custom_train_step(keras, stack, data):
    tf = stack.tensorflow

    class Custom(keras.models.Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                scores = self(x, training=True)
                loss = tf.reduce_mean(keras.losses.binary_crossentropy(tf.reshape(y, [-1, 1]), scores))
            variables = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            if hasattr(self, "compute_metrics"):
                return self.compute_metrics(x, y, scores, None)
            self.compiled_metrics.update_state(y, scores)  # Before TensorFlow 2.9.
            return {metric.name: metric.result() for metric in self.metrics}

    x, y = data
    inputs = keras.layers.Input(shape=(6,))
    model = Custom(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))
    model.compile("sgd", "binary_crossentropy", metrics=[auc_roc])
    model.optimizer.learning_rate = 0.0
    logs = model.fit(x, y, epochs=2, verbose=0).history
    expected = oracle.thresholded_auc(y, model.predict(x, verbose=0))
    assert logs["auc_roc"] == pytest.approx([expected] * 2, abs=1e-6)
