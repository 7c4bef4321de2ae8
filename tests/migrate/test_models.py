"""What the tool reads about the models of a file: which expressions are models, and what the last layer gives."""

import libcst as cst
import pytest

from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Source

MODELS = """
import keras
from keras.models import Model, Sequential

class Own(Model): pass
class Other: pass
class Base(keras.callbacks.Callback): pass
def build():
    return Sequential()
def built(x):
    if x: return Sequential()
    return keras.layers.Dense(1)
value_0 = build()
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("build()", models.MODEL),
        ("Own()", models.MODEL),
        ("Other()", models.OTHER),
        ("keras.layers.Dense(1)", models.OTHER),
        ("built(x)", models.UNSURE),
        ("unknown()", models.UNSURE),
        ("listed[0]", models.UNSURE),
        ("value_1", models.MODEL),
        ("value_20", models.UNSURE),
        ("holder.net", models.UNSURE),
        ("self.net", models.MODEL),
        ("self.rest", models.UNSURE),
        ("self.model", models.MODEL),
    ],
)
def test_what_is_a_model(text, kind):
    chain = "".join(f"value_{n + 1} = value_{n}\n" for n in range(20))
    end = "\n    def __init__(self):\n        self.net = listed[0]\n        self.net = build()\n"
    source = Source(f"{MODELS}{chain}class Test(Base):{end}    def on_epoch_end(self, *args):\n        test = {text}\n")
    (value,) = [one.value for one in source.all(cst.Assign) if source.code(one.targets[0].target) == "test"]
    assert models.kind(source, value) == kind


@pytest.mark.parametrize(
    ("layers", "units", "activation"),
    [
        ("", None, None),
        ("Dense(3, activation='relu'), Dense(2, activation='softmax')", 2, "softmax"),
        ("Dense(2), Activation('softmax')", 2, "softmax"),
        ("Activation('softmax'), Dense(2)", 2, None),
        ("Dense(units, activation=keras.activations.softmax)", None, None),
    ],
)
def test_the_last_layer(layers, units, activation):
    source = Source(f"from keras.layers import Activation, Dense\nlayers = [{layers}]\n")
    assert (models.head_units(source), models.head_activation(source)) == (units, activation)
