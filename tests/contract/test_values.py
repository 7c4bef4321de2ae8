"""Contract 4 and 5: the logged number is the thresholded AUC, near sklearn's, and what TensorFlow 1 computed."""

import os
import subprocess
import sys

import numpy as np
import oracle
import pytest
from golden import golden
from sklearn.metrics import roc_auc_score

from compat_auc import auc_roc

# Of those with Keras 2; TensorFlow 1.15 has no multi_label.
WITH_MULTI_LABEL = ("tf_keras", "tf_keras-graph", "keras2", "keras2-graph", "oldest")


def test_state_is_reset_between_epochs_and_before_validation(make_model, data):
    x, y = data
    model = make_model([auc_roc])
    logs = model.fit(x[:400], y[:400], validation_data=(x[400:], y[400:]), epochs=3, verbose=0).history
    scores = model.predict(x, verbose=0)
    assert logs["auc_roc"] == pytest.approx([oracle.thresholded_auc(y[:400], scores[:400])] * 3, abs=1e-6)
    assert logs["val_auc_roc"] == pytest.approx([oracle.thresholded_auc(y[400:], scores[400:])] * 3, abs=1e-6)


@pytest.mark.parametrize("units, activation", [(1, "sigmoid"), (2, "softmax"), (5, "sigmoid")])
@pytest.mark.parametrize("batch_size", [32, 599, 600])
def test_evaluate_is_the_thresholded_auc_and_near_sklearn(units, activation, batch_size, make_model, stack, data):
    x, y = data
    model = make_model([auc_roc], units=units, activation=activation)
    labels = {
        "sigmoid": np.stack([y] + [np.roll(y, k) for k in range(1, units)], 1),
        "softmax": np.stack([1 - y, y], 1),
    }[activation]
    value = stack.evaluate(model, x, labels, batch_size=batch_size)["auc_roc"]
    scores = model.predict(x, verbose=0)
    assert value == pytest.approx(oracle.thresholded_auc(labels, scores), abs=1e-6)
    exact = roc_auc_score(labels.ravel(), scores.ravel())
    assert exact == pytest.approx(oracle.pairs_auc(labels, scores), abs=1e-9)
    assert abs(value - exact) <= oracle.resolution(labels, scores) + 1e-6


@pytest.mark.parametrize("num_thresholds", [2, 3, 200, 1000])
def test_number_of_thresholds(num_thresholds, stack, data):
    _, y = data
    scores = (0.3 * y + 0.7 * np.random.RandomState(2).rand(len(y))).astype("float32")
    metric = auc_roc(num_thresholds=num_thresholds)
    stack.update(metric, y, scores)
    expected = oracle.thresholded_auc(y, scores, num_thresholds=num_thresholds)
    assert stack.value(metric) == pytest.approx(expected, abs=1e-6)


def test_scores_that_equal_a_threshold_are_not_above_it(stack):
    """As float32, in which TensorFlow 1 compared: 0.3 is the fourth of 11 thresholds."""
    labels, scores = np.array([0, 1, 0, 1], "float32"), np.array([0.3, 0.3, 0.25, 0.31], "float32")
    metric = auc_roc(num_thresholds=11)
    stack.update(metric, labels, scores)
    # The first three share the bucket (0.2, 0.3]. Of the four pairs, the two within it count 1/2, the two others 1.
    assert stack.value(metric) == pytest.approx(3 / 4, abs=1e-6)


def test_given_thresholds(stack, data):
    _, y = data
    scores = (0.3 * y + 0.7 * np.random.RandomState(2).rand(len(y))).astype("float32")
    given, even = auc_roc(thresholds=[0.25, 0.5, 0.75]), auc_roc(num_thresholds=5)
    for metric in (given, even):
        stack.update(metric, y, scores)
        assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(y, scores, num_thresholds=5), abs=1e-6)


def test_logits(stack, data):
    _, y = data
    logits = (2 * y - 1 + np.random.RandomState(2).randn(len(y))).astype("float32")
    metric = auc_roc(from_logits=True)
    stack.update(metric, y, logits)
    expected = oracle.thresholded_auc(y, 1 / (1 + np.exp(-logits.astype("float64"))))
    assert stack.value(metric) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("shape", [(), (600,), (600, 1), (600, 3)])
def test_sample_weights(shape, stack):
    rng = np.random.RandomState(5)
    labels = (rng.rand(600, 3) < 0.4).astype("float32")
    scores = (0.3 * labels + 0.7 * rng.rand(600, 3)).astype("float32")
    weights = np.asarray(3 * rng.rand(*shape), "float32")
    metric = auc_roc()
    stack.update(metric, labels, scores, weights)
    full = np.broadcast_to(weights[:, None] if shape == (600,) else weights, labels.shape)
    expected = oracle.thresholded_auc(labels, scores, full)
    assert stack.value(metric) == pytest.approx(expected, abs=1e-6)
    assert expected == pytest.approx(
        roc_auc_score(labels.ravel(), scores.ravel(), sample_weight=full.ravel()), abs=2e-3
    )


def test_counting_is_exact_past_two_to_the_24(stack):
    """A float32 counter at 2**24 does not move when 1 is added. JAX has no float64, so there it may not.

    On torch and in Keras 2.3 the counts are float64, and the value is computed from them in float32.
    """
    metric = auc_roc(num_thresholds=3)
    labels, scores = np.array([1, 0], "float32"), np.array([0.9, 0.1], "float32")
    stack.update(metric, labels, scores, np.array([2.0**24, 1], "float32"))
    if stack.graph:  # One update, run many times, as Keras does it.
        tf = stack.tensorflow
        update = metric.update_state(tf.constant(labels[:1]), tf.constant(scores[1:]))
        for _ in range(1000):
            stack.session().run(update)
    else:
        for _ in range(1000):
            metric.update_state(labels[:1], scores[1:])
    # 2**24 positives above the negative, 1000 beside it.
    expected = (2**24 + 1000 / 2) / (2**24 + 1000)
    tolerance = {"jax": 1e-4, "torch": 1e-7}.get(stack.backend, 1e-7 if stack.is_multi_backend else 1e-9)
    positives = 2**24 + (0 if stack.backend == "jax" else 1000)
    assert stack.value(metric) == pytest.approx(expected, abs=tolerance)
    variables = [
        np.asarray(stack.session().run(v) if stack.graph else v)
        for v in getattr(metric, "variables", None) or metric.weights
    ]
    assert max(v.max() for v in variables) == positives


@pytest.mark.lanes("keras3-jax")
def test_jax_counts_in_float64_where_the_program_asks_for_it():
    program = (
        "import jax; jax.config.update('jax_enable_x64', True)\n"
        "from compat_auc import auc_roc\nmetric = auc_roc()\n"
        "metric.update_state([0, 1], [0.1, 0.9], sample_weight=[2**24, 2**24])\n"
        "metric.update_state([0, 1], [0.1, 0.9])\n"
        "print(int(metric.true_positives[0]) - 2**24, float(metric.result()))\n"
        # As float32 the two scores are one. Only the second is in the bucket that begins at 0.25.
        "from compat_auc import RankAUC\nmetric = RankAUC()\n"
        "metric.update_state([0, 1], [0.25 - 1e-12, 0.25])\nprint(float(metric.result()))"
    )
    environment = dict(os.environ, KERAS_BACKEND="jax")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["1", "1.0", "1.0"], done.stderr


def columns():
    rng = np.random.RandomState(8)
    labels = (rng.rand(500, 3) < [0.2, 0.5, 0.8]).astype("float32")
    return labels, np.clip(labels * [0.1, 0.3, 0.5] + 0.5 * rng.rand(500, 3), 0, 1).astype("float32")


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", *WITH_MULTI_LABEL)
@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 5.0]], ids=["mean", "weighted"])
def test_multi_label(weights, stack):
    labels, scores = columns()
    metric = auc_roc(multi_label=True, num_labels=3, label_weights=weights)
    stack.update(metric, labels, scores)
    areas = [oracle.thresholded_auc(labels[:, k], scores[:, k]) for k in range(3)]
    assert stack.value(metric) == pytest.approx(np.average(areas, weights=weights), abs=1e-6)


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", *WITH_MULTI_LABEL)
def test_label_weights_of_flattened_columns(stack):
    labels, scores = columns()
    metric = auc_roc(label_weights=[1.0, 2.0, 5.0])
    stack.update(metric, labels, scores)
    full = np.broadcast_to([1.0, 2.0, 5.0], labels.shape)
    assert stack.value(metric) == pytest.approx(oracle.thresholded_auc(labels, scores, full), abs=1e-6)


@pytest.mark.lanes("tf1-keras")
def test_auc_roc_itself_logs_the_running_mean_on_multi_backend_keras(keras, data):
    """What the old function logged, each value with its own batch counted: never reset, and averaged over batches."""
    x, y = data
    inputs = keras.layers.Input(shape=(6,))
    model = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))
    model.compile("sgd", "binary_crossentropy", metrics=[auc_roc])
    keras.backend.set_value(model.optimizer.learning_rate, 0.0)
    logs = model.fit(
        x[:400], y[:400], batch_size=100, epochs=2, validation_data=(x[400:], y[400:]), shuffle=False, verbose=0
    ).history
    scores = model.predict(x)
    rows = np.concatenate([np.arange(600), np.arange(600)])
    running = [oracle.thresholded_auc(y[rows[:end]], scores[rows[:end]]) for end in range(100, 1300, 100)]
    assert logs["auc_roc"] == pytest.approx([np.mean(running[:4]), np.mean(running[6:10])], abs=1e-5)
    assert logs["val_auc_roc"] == pytest.approx([np.mean(running[4:6]), np.mean(running[10:])], abs=1e-5)


def test_value_of_data_at_once(data):
    _, y = data
    scores = (0.3 * y + 0.7 * np.random.RandomState(2).rand(len(y))).astype("float32")
    assert auc_roc(y, scores) == pytest.approx(oracle.thresholded_auc(y, scores), abs=1e-9)
    weights = np.random.RandomState(3).rand(len(y))
    assert auc_roc(y, scores[:, None], weights) == pytest.approx(oracle.thresholded_auc(y, scores, weights), abs=1e-9)


@pytest.mark.parametrize("name", golden.inputs())
def test_recorded_tensorflow_1(name, stack):
    """Each value that both of the recorded TensorFlows gave, batch for batch, with each option, within 1e-6.

    Keras's formula has no epsilon of 1e-6, and counts are float64: the largest difference measured is 1.7e-7.
    """
    recordings = [golden.cases(recording)[name] for recording in golden.STACKS]
    cases = recordings[0]
    metrics = [auc_roc(**case.options) for case in cases]
    batches = [[a if a is None else a[rows] for a in cases[0].arrays()] for rows in cases[0].batches()]
    values = stack.values(metrics, batches)
    for recording in recordings:
        for case, found in zip(recording, values):
            assert found == pytest.approx(case.values, abs=1e-6), (case.stack, case.options)
