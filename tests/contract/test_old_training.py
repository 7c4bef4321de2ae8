"""What CA434 and CA418 say of old training: class weights that are no dict, and defaults of recurrent layers."""

import numpy as np
import pytest
import stacks

# Of these, TensorFlow 2 in graph mode has the code of old.
OLD = stacks.GRAPH
WEIGHTS = {"text": "auto", "list": [1.0, 20.0], "array": np.array([1.0, 20.0])}


@pytest.fixture
def loss(make_model, data):
    """The loss of the first step, which has the weights that every new model has."""
    x, y = data
    return lambda **options: make_model([]).fit(x, y, epochs=1, batch_size=len(x), verbose=0, **options).history["loss"]


@pytest.mark.lanes(*OLD)
@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
def test_graph_mode_ignores_them(weights, loss):
    assert loss(class_weight=weights) == pytest.approx(loss(), rel=1e-6)
    assert loss(class_weight={0: 1.0, 1: 20.0}) != pytest.approx(loss(), rel=0.1)


@pytest.mark.lanes(*(lane for lane in stacks.LANES if lane not in OLD))
@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
def test_the_others_refuse_them(weights, loss):
    with pytest.raises((AttributeError, ValueError), match="has no attribute '(get|keys)'|The truth value of an array"):
        loss(class_weight=weights)


@pytest.mark.lanes("tf1")
def test_recurrent_layers_of_tensorflow_1(keras):
    lstm, gru = keras.layers.LSTM(1).get_config(), keras.layers.GRU(1).get_config()
    assert lstm["recurrent_activation"] == gru["recurrent_activation"] == "hard_sigmoid"
    assert gru["reset_after"] is False


@pytest.mark.lanes(*stacks.KERAS_3, "tf_keras")
def test_recurrent_layers_of_the_targets(keras):
    lstm, gru = keras.layers.LSTM(1).get_config(), keras.layers.GRU(1).get_config()
    assert lstm["recurrent_activation"] == gru["recurrent_activation"] == "sigmoid"
    assert gru["reset_after"] is True
