"""A program with Keras 3 and tf_keras in one process, started by test_two_kerases.py. It prints its answers as JSON.

It keeps the Kerases in a dict, so that no name of the module says which one is meant.
"""

import importlib
import json
import sys
import types
from functools import partial

import numpy as np
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, RocCallback, auc_roc, legacy_auc_roc

ORDER = sys.argv[1].split(",")
OTHER = {"keras": "tf_keras", "tf_keras": "keras"}
RNG = np.random.default_rng(0)
X = RNG.normal(size=(600, 1)).astype("float32")
Y = (X[:, 0] + RNG.normal(size=600) > 0).astype("float32")
EXACT = float(roc_auc_score(Y, X[:, 0]))
METRICS = {
    "RankAUC": lambda **options: RankAUC(**options),
    "auc_roc": lambda **options: auc_roc(num_thresholds=1000, name="configured", **options),
    "legacy_auc_roc": lambda **options: legacy_auc_roc(num_thresholds=100, **options),
}

kerases = {ORDER[0]: importlib.import_module(ORDER[0])}
early = {kind: make() for kind, make in METRICS.items()}
kerases[ORDER[1]] = importlib.import_module(ORDER[1])


def model_of(keras, metrics, base=None):
    base = base or keras.Model
    inputs = keras.layers.Input((1,))
    model = base(inputs, keras.layers.Dense(1, activation="sigmoid", kernel_initializer="ones")(inputs))
    model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy", metrics=metrics)
    return model


def answer(call):
    """What a call gives, or its error as text."""
    try:
        return call()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def evaluated(keras, metric):
    """The metric's value. Batches of 50, each of which alone has another AUC; the second pass is as the first."""
    model = model_of(keras, [metric])
    options = {"batch_size": 50, "verbose": 0, "return_dict": True}
    logs = [model.evaluate(X, Y, **options), model.evaluate(X, Y, **options)]
    return [value for log in logs for key, value in log.items() if key != "loss"]


def made_and_evaluated(keras, make, of):
    return evaluated(keras, make(keras=of))


def own_step(keras, metric):
    """A model that updates the metric in an overridden train_step, and is not asked to reset it."""

    class Model(keras.Model):
        def train_step(self, data):
            x, y = data
            metric.update_state(y, self(x)[:, 0])
            return {"area": metric.result()}

    return model_of(keras, [], Model).fit(X, Y, batch_size=50, verbose=0).history["area"]


def by_hand(keras, metric):
    """A metric that a callback updates and resets itself counts right, whatever Keras it is of."""

    class Callback(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            metric.reset_state()
            metric.update_state(Y, np.asarray(self.model.predict(X, verbose=0))[:, 0])
            self.area = float(metric.result())

    callback = Callback()
    model_of(keras, []).fit(X, Y, verbose=0, callbacks=[callback])
    return callback.area


def epoch_end(keras, options):
    """What RocCallback logs, from data and from the compiled metric."""
    data = RocCallback((X, Y), verbose=0, name="from_data", **options)
    counts = RocCallback(verbose=0, name="from_metric", **options)
    history = model_of(keras, [auc_roc]).fit(X, Y, verbose=0, callbacks=[data, counts]).history
    is_callback = isinstance(data, keras.callbacks.Callback)
    return [history["from_data"][0], history["from_metric"][0], is_callback]


CALLS = {
    "RankAUC": "RankAUC()",
    "auc_roc": "auc_roc(num_thresholds=1000)",
    "legacy_auc_roc": "legacy_auc_roc(num_thresholds=100)",
}


def from_module(kind, *named):
    """The Keras of a metric made in a module that names these Kerases, or the error."""
    theirs = types.ModuleType("theirs")
    vars(theirs).update({f"k{number}": kerases[name] for number, name in enumerate(named)})
    exec(f"from compat_auc import {kind}\ndef make():\n    return {CALLS[kind]}", vars(theirs))
    return answer(lambda: theirs.make()._keras.__name__)


def answers_of(name):
    """All answers for models of this Keras."""
    keras, other = kerases[name], kerases[OTHER[name]]
    return {
        "by name": answer(lambda: [evaluated(keras, auc_roc), evaluated(keras, "auc_roc")]),
        "own": {kind: answer(partial(made_and_evaluated, keras, make, keras)) for kind, make in METRICS.items()},
        "other": {kind: answer(partial(made_and_evaluated, keras, make, other)) for kind, make in METRICS.items()},
        "early": {kind: answer(partial(evaluated, keras, metric)) for kind, metric in early.items()},
        "own step": answer(lambda: own_step(keras, RankAUC(keras=other))),
        "by hand": answer(lambda: by_hand(keras, RankAUC(keras=other))),
        "callback": answer(lambda: epoch_end(keras, {})),
        "named": {kind: from_module(kind, name) for kind in CALLS},
    }


def answers():
    """All answers."""
    return {
        "exact": EXACT,
        "both named": {kind: from_module(kind, *kerases) for kind in CALLS},
        "none named": {kind: from_module(kind) for kind in CALLS},
        "not a Keras": answer(lambda: RankAUC(keras="tf_keras")),
        **{name: answers_of(name) for name in kerases},
    }


print(json.dumps(answers()))
