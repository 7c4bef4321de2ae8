"""What a file says about the outputs of its model: the columns, the name and the activation of each."""

import libcst as cst
import pytest

from compat_auc.migrate.source.outputs import Output, outputs
from compat_auc.migrate.source.source import Source

HEAD = """\
from keras.layers import Activation, Dense, Input, LSTM, Softmax, TimeDistributed
from keras.models import Model, Sequential, clone_model
from keras.activations import sigmoid
"""
A_BASE = """\
base = Sequential([Dense(8), Dense(4, name="top", activation=sigmoid)])
"""
# The code up to ``model``, and what Keras makes of it. None: the file does not show the outputs.
CASES = {
    "a softmax layer": ("model = Sequential([Dense(3), Softmax()])", [Output(3, None, "softmax")]),
    "an activation": ("model = Sequential([Dense(3), Activation('relu')])", [Output(3, None, "relu")]),
    "a function of Keras": (A_BASE + "model = base", [Output(4, "top", "sigmoid")]),
    "a copy": (A_BASE + "model = clone_model(base)", [Output(4, "top", "sigmoid")]),
    "the output of another model": (A_BASE + "model = Model(base.input, base.output)", [Output(4, "top", "sigmoid")]),
    "a model among the layers": (A_BASE + "model = Sequential([base])", [Output(4)]),
    "each time step": ("model = Sequential([LSTM(8), TimeDistributed(Dense(6))])", [Output(6)]),
    "the length of a list": ("names = ['a', 'b']\nmodel = Sequential([Dense(len(names))])", [Output(2)]),
    "the length of a list that grows": (
        "names = ['a', 'b']\nnames.append('c')\nmodel = Sequential([Dense(len(names))])",
        [Output(None)],
    ),
    "the length of something else": (
        "names = read()\nmodel = Sequential([Dense(len(names))])",
        [Output(None)],
    ),
    "a layer from elsewhere": ("model = Sequential([Dense(3), make_layer()])", [Output(None)]),
    "a layer in a variable": ("top = Dense(3, name='top')\nmodel = Sequential([top])", [Output(3, "top")]),
    "a variable from elsewhere": (
        "top = find()\nmodel = Sequential([top, Activation('relu')])",
        [Output(None, None, "relu")],
    ),
    "a head from a function": (
        "x = Input((3,))\ndef head(x):\n    return Dense(2)(x)\nmodel = Model(x, head(x))",
        [Output(2)],
    ),
    "two tensors": ("x = Input((3,))\nmodel = Model(x, [Dense(2)(x), Dense(5)(x)])", [Output(2), Output(5)]),
    "a starred list": ("x = Input((3,))\nmodel = Model(x, [*heads(x), Dense(5)(x)])", None),
    "a parameter": (
        "def make(units):\n    return Sequential([Dense(units)])\nmodel = make(7)",
        [Output(7)],
    ),
    "a parameter by keyword only": (
        "def make(*, units):\n    return Sequential([Dense(units)])\nmodel = make(units=7)",
        [Output(None)],
    ),
    "a parameter of two values": (
        "def make(units):\n    return Sequential([Dense(units)])\nmodel = make(7)\nother = make(8)",
        [Output(None)],
    ),
    "a parameter of a starred call": (
        "def make(units):\n    return Sequential([Dense(units)])\nmodel = make(*sizes)",
        [Output(None)],
    ),
    "two values of unlike outputs": (
        "x = Input((3,))\nmodel = Sequential([Dense(1)])\nif BIG:\n    model = Model(x, [Dense(2)(x), Dense(5)(x)])",
        None,
    ),
    "itself": ("model = Sequential([Dense(1)])\nmodel = clone_model(model)", [Output(1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_outputs(name):
    code, expected = CASES[name]
    source = Source(f"{HEAD}{code}\nmodel.compile()\n")
    (call,) = source.spelled("model.compile")
    assert isinstance(call.func, cst.Attribute)
    assert outputs(source, call.func.value) == expected
