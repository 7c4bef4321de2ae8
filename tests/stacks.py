"""The stacks that the contract is tested on, one a process. A lane whose framework is missing fails on import."""

import inspect
import os
import sys
from typing import Any, NamedTuple

import numpy as np
from packaging.requirements import Requirement

from compat_auc import auc_roc

KERAS_3 = ("keras3", "keras3-jax", "keras3-torch")
# The Keras of TensorFlow, and its copy tf_keras.
OF_TENSORFLOW = ("tf_keras", "tf_keras-graph", "keras2", "keras2-graph", "oldest", "tf1")
GRAPH = ("tf_keras-graph", "keras2-graph", "tf1", "tf1-keras")


class Stack(NamedTuple):
    lane: str
    keras: Any
    backend: str
    graph: bool

    @property
    def is_keras_3(self):
        return self.lane.startswith("keras3")

    @property
    def is_multi_backend(self):
        return self.lane == "tf1-keras"

    @property
    def weighted_key(self):
        """tf.keras without the behaviour of TensorFlow 2 puts a prefix before the names of weighted metrics."""
        return "weighted_auc_roc" if self.graph and not self.is_multi_backend else "auc_roc"

    def metrics(self, given):
        """What a program gives to compile. Multi-backend Keras makes no fresh metric from auc_roc: there, auc_roc()."""
        if isinstance(given, dict):
            return {name: self.metrics(metric) for name, metric in given.items()}
        if isinstance(given, list):
            return [self.metrics(metric) for metric in given]
        return auc_roc() if self.is_multi_backend and given == "auc_roc" else given

    @property
    def tensorflow(self):
        return sys.modules["tensorflow"]

    @property
    def errors(self):
        """What bad input raises in a compiled step: where the backend has values ValueError, else TensorFlow's own."""
        if self.backend == "tensorflow":
            return (ValueError, self.tensorflow.errors.InvalidArgumentError)
        return (ValueError,)

    def evaluate(self, model, *data, **options):
        """``model.evaluate`` as a dict, which Keras gives from TensorFlow 2.2 on, and never in graph mode."""
        if self.graph or "return_dict" not in inspect.signature(model.evaluate).parameters:
            return dict(zip(model.metrics_names, model.evaluate(*data, verbose=0, **options)))
        return model.evaluate(*data, verbose=0, return_dict=True, **options)

    def value(self, metric):
        """The result of a metric, as a float."""
        if self.graph:
            return float(self.session().run(metric.result()))
        return float(metric.result())

    def update(self, metric, *data):
        """Update a metric with arrays."""
        if not self.graph:
            metric.update_state(*data)
            return
        holders = [d if d is None else self.tensorflow.compat.v1.placeholder(d.dtype, d.shape) for d in data]
        update = metric.update_state(*holders)
        self.session().run(update, {holder: d for holder, d in zip(holders, data) if d is not None})

    def values(self, metrics, batches):
        """The value of each metric (rows) after each of the batches (columns) of labels, scores and weights or None."""
        found = []
        if not self.graph:
            for batch in batches:
                for metric in metrics:
                    metric.update_state(*batch)
                found.append([float(metric.result()) for metric in metrics])
            return np.transpose(found)
        # One update and one result, run for each batch, as Keras does.
        placeholder = self.tensorflow.compat.v1.placeholder
        holders = [None if a is None else placeholder(a.dtype, (None, *a.shape[1:])) for a in batches[0]]
        updates = [metric.update_state(*holders) for metric in metrics]
        results = [metric.result() for metric in metrics]
        for batch in batches:
            self.session().run(updates, {holder: a for holder, a in zip(holders, batch) if a is not None})
            found.append(self.session().run(results))
        return np.transpose(found)

    def make_model(
        self, metrics, outputs=("out",), units=1, activation="sigmoid", frozen=True, rate=0.1, seed=3,
        loss="binary_crossentropy", **options,
    ):  # fmt: skip
        """A small model, compiled, with weights from a seed. If it is `frozen`, training leaves them as they are."""
        layers = self.keras.layers
        inputs = layers.Input(shape=(6,))
        heads = [layers.Dense(units, activation=activation, name=name)(inputs) for name in outputs]
        model = self.keras.models.Model(inputs, heads if len(heads) > 1 else heads[0])
        rng = np.random.RandomState(seed)
        model.set_weights([part for _ in heads for part in (rng.randn(6, units) * 0.7, rng.randn(units) * 0.1)])
        options = {name: self.metrics(value) for name, value in options.items()}
        # By name, which gives an optimizer that works in graph mode, too.
        loss = loss if len(heads) == 1 else dict.fromkeys(outputs, loss)
        model.compile(optimizer="sgd", loss=loss, metrics=self.metrics(metrics), **options)
        self.set_learning_rate(model, 0.0 if frozen else rate)
        return model

    def set_learning_rate(self, model, rate):
        if self.is_multi_backend:
            self.keras.backend.set_value(model.optimizer.learning_rate, rate)
        else:
            model.optimizer.learning_rate = rate

    def seed(self):
        """Draw the same in each run. Else a score beside a threshold, rounded otherwise, fails one run of a hundred."""
        if hasattr(self.keras.utils, "set_random_seed"):
            self.keras.utils.set_random_seed(1)
        else:  # Before TensorFlow 2.7.
            np.random.seed(1)
            self.tensorflow.compat.v1.set_random_seed(1)

    def release(self, package):
        """The version of TensorFlow or of Keras."""
        if package == "tensorflow":
            return self.tensorflow.__version__
        # tf.keras has none in the releases in which it is the package keras, and ends in -tf up to TensorFlow 2.2.
        return (getattr(self.keras, "__version__", None) or sys.modules["keras"].__version__).replace("-tf", "")

    def is_named_by(self, mark):
        """Whether a mark `fails_on` is about this stack, in the release that is installed."""
        wanted = Requirement(mark.kwargs.get("release", "keras"))
        return self.lane in mark.args and wanted.specifier.contains(self.release(wanted.name), prereleases=True)

    def session(self):
        """The session of Keras, its variables initialized."""
        return inspect.unwrap(self.keras.backend.batch_set_value).__globals__["get_session"]()


LANES = (
    "keras3",
    "keras3-jax",
    "keras3-torch",
    "tf_keras",
    "tf_keras-graph",
    "keras2",
    "keras2-graph",
    "oldest",
    "tf1",
    "tf1-keras",
)


# What the releases of a lane of the contract begin with. `nox -s versions` loads the same stacks in other releases.
RELEASES = {"keras3": "3.", "tf_keras": "2.", "keras2": "2.15.", "oldest": "2.5.", "tf1": "1.15.", "tf1-keras": "2.3.1"}


def load(lane):
    """Import the frameworks of a stack as a program on it would, whatever their release.

    Args:
        lane: one of `LANES`.
    """
    family, _, variant = lane.partition("-")
    graph = variant == "graph" or family == "tf1"
    backend = variant if variant in ("jax", "torch") else "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if family == "keras3":
        os.environ["KERAS_BACKEND"] = backend
        import keras

        assert keras.config.backend() == backend
    elif family == "tf_keras":
        import tf_keras as keras
    elif lane == "tf1-keras":
        import keras
    else:
        import tensorflow

        keras = tensorflow.keras
    if family != "keras3":
        import tensorflow as tf

        if variant == "graph":
            tf.compat.v1.disable_v2_behavior()
        assert tf.executing_eagerly() != graph
    return Stack(lane, keras, backend, graph)


def load_lane(lane):
    """`load`, which checks that the releases are what the lane says."""
    stack, family = load(lane), lane.partition("-")[0]
    of_keras = family == "keras3" or stack.is_multi_backend
    version = stack.keras.__version__ if of_keras else stack.tensorflow.__version__
    assert version.startswith(RELEASES.get(lane, RELEASES[family])), version
    return stack
