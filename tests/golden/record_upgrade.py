"""Record what auc_roc computes and saves on a lane, for the other lanes to meet (tests/contract/test_upgrade.py).

    PYTHONPATH=.:tests python -m golden.record_upgrade tf1

writes the model of the lane in each of its formats, and on tf1 also the values and the data, into `upgrade/`.
"""

import json
import os
import sys

import numpy as np
import oracle
import stacks

from compat_auc import auc_roc
from golden import golden

FOLDER = os.path.join(golden.HERE, "upgrade")
FORMATS = {"keras3": (".h5", ".keras"), "tf_keras": (".h5", ".keras"), "keras2": (".h5", ".keras")}


def values(stack, name):
    """The AUC after each batch of a recorded input, with default options."""
    case = golden.cases("tf1.15-keras2.3")[name][0]
    batches = [[a if a is None else a[rows] for a in case.arrays()] for rows in case.batches()]
    return stack.values([auc_roc()], batches)[0]


def data():
    """A linear model's weights, its inputs, labels, and the AUC of its predictions by definition."""
    rng = np.random.RandomState(11)
    x, kernel, bias = rng.randn(400, 6).astype("float32"), rng.randn(6, 1), rng.randn(1)
    y = (x @ kernel[:, 0] + 2 * rng.randn(400) > 0).astype("float32")
    scores = 1 / (1 + np.exp(-(x @ kernel + bias).astype("float32")))
    return dict(x=x, y=y, kernel=kernel, bias=bias, auc_roc=oracle.thresholded_auc(y, scores))


def main():
    stack = stacks.load(sys.argv[1])
    keras, arrays = stack.keras, data()
    if stack.lane == "tf1":
        np.savez_compressed(os.path.join(FOLDER, "data.npz"), **arrays)
        with open(os.path.join(FOLDER, "tf1.15-auc_roc.json"), "w") as f:
            json.dump({name: values(stack, name).tolist() for name in golden.inputs()}, f, indent=1, sort_keys=True)
            f.write("\n")
    inputs = keras.layers.Input(shape=(6,))
    model = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(inputs))
    model.set_weights([arrays["kernel"], arrays["bias"]])
    model.compile("sgd", "binary_crossentropy", metrics=[auc_roc])
    stack.evaluate(model, arrays["x"], arrays["y"])
    for ending in FORMATS.get(stack.lane.split("-")[0] if not stack.graph else "", (".h5",)):
        model.save(os.path.join(FOLDER, stack.lane + ending))


if __name__ == "__main__":
    main()
