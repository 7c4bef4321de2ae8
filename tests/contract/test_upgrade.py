"""The same import before and after an upgrade: what TensorFlow 1.15 computed and saved with auc_roc is met here."""

import json
import os

import numpy as np
import pytest
import stacks
from golden import golden, record_upgrade

from compat_auc import auc_roc

FOLDER = os.path.join(golden.HERE, "upgrade")
MODELS = sorted(name for name in os.listdir(FOLDER) if name.endswith((".h5", ".keras")))


@pytest.mark.parametrize("name", golden.inputs())
def test_each_value_of_tensorflow_1_15(name, stack):
    """Of each batch of each recorded input; the lane tf1 wrote the file, and must still write the same."""
    with open(os.path.join(FOLDER, "tf1.15-auc_roc.json")) as f:
        written = json.load(f)[name]
    assert record_upgrade.values(stack, name) == pytest.approx(np.array(written), abs=1e-6)


# (lanes, models that they cannot read, why); it is the layers or the optimizer, with any metric
NEWER = "written by a newer Keras"
UNREADABLE = [
    (
        stacks.KERAS_3,
        ("keras2-graph.h5", "tf_keras-graph.h5", "tf1.h5"),
        "initializers with a dtype, as TensorFlow 1 has them",
    ),
    (stacks.KERAS_3, ("keras2.keras", "tf_keras.keras"), "modules of Keras 2 by name"),
    (("tf_keras", "tf_keras-graph"), ("keras3*",), NEWER),
    (("keras2", "keras2-graph", "oldest"), ("keras3*", "tf_keras*"), NEWER),
    (
        ("tf_keras-graph",),
        ("tf_keras.*", "keras2.*"),
        "saved in eager mode: reads values, which graph mode does not have",
    ),
    (("keras2-graph",), ("keras2.*",), "saved in eager mode: reads values, which graph mode does not have"),
    (("oldest",), ("keras2.*",), NEWER),
    (("tf1", "tf1-keras"), ("oldest.h5", "keras2*", "keras3*", "tf_keras*"), NEWER),
    (("tf1-keras",), ("tf1.h5",), "the input layer of tf.keras, which multi-backend Keras does not know"),
]


def fails_where_unreadable(test):
    for lanes, files, reason in UNREADABLE:
        for file in files:
            errors = (TypeError, ValueError, NotImplementedError, OSError)
            test = pytest.mark.fails_on(*lanes, param=file, raises=errors, reason=reason)(test)
    return test


@fails_where_unreadable
@pytest.mark.parametrize("file", MODELS)
def test_models_saved_with_auc_roc(file, keras, stack):
    """By each lane that can save, in each of its formats."""
    with np.load(os.path.join(FOLDER, "data.npz")) as arrays:
        x, y, expected = arrays["x"], arrays["y"], float(arrays["auc_roc"])
    model = keras.models.load_model(os.path.join(FOLDER, file), custom_objects={"auc_roc": auc_roc})
    if stack.is_multi_backend:
        model.compile("sgd", model.loss, metrics=[auc_roc()])
    assert stack.evaluate(model, x, y)["auc_roc"] == pytest.approx(expected, abs=1e-6)
