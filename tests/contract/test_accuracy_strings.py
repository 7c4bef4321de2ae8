"""What ``'accuracy'`` beside ``binary_crossentropy`` stands for on each stack, and what ``migrate`` writes for it."""

import numpy as np
import pytest

ROWS, COLUMNS = 64, 7


@pytest.fixture
def several_columns(keras):
    """A model with seven sigmoid columns, its data, and its scores from NumPy."""
    rng = np.random.RandomState(0)
    x = rng.rand(ROWS, 6).astype("float32")
    weights = (rng.randn(6, COLUMNS) * 1.5).astype("float32")
    labels = (rng.rand(ROWS, COLUMNS) < 0.4).astype("float32")
    model = keras.models.Sequential([keras.layers.Dense(COLUMNS, activation="sigmoid", input_shape=(6,))])
    model.set_weights([weights, np.zeros(COLUMNS, "float32")])
    return model, x, labels, 1 / (1 + np.exp(-x @ weights))


def evaluated(model, x, labels, metric):
    model.compile("sgd", "binary_crossentropy", metrics=[metric])
    return float(model.evaluate(x, labels, batch_size=ROWS, verbose=0)[1])


def test_the_string_follows_the_loss_in_old_releases_and_the_shape_in_new_ones(several_columns, stack):
    model, x, labels, scores = several_columns
    binary = np.mean((scores > 0.5) == labels)
    categorical = np.mean(scores.argmax(1) == labels.argmax(1))
    assert binary > 0.5 > 0.1 > categorical
    by_loss = stack.graph  # the Kerases of TensorFlow 1, and today's tf.keras in its mode
    for text in ("accuracy", "acc"):
        assert evaluated(model, x, labels, text) == pytest.approx(binary if by_loss else categorical, abs=1e-6)


def test_what_migrate_writes_is_the_old_number_under_the_old_key(several_columns, stack, keras):
    model, x, labels, scores = several_columns
    value = evaluated(model, x, labels, keras.metrics.BinaryAccuracy(name="acc"))
    assert value == pytest.approx(np.mean((scores > 0.5) == labels), abs=1e-6)
    history = model.fit(x, labels, batch_size=ROWS, epochs=1, validation_data=(x, labels), verbose=0).history
    assert {"acc", "val_acc"} <= history.keys()
