"""What releases of Keras cannot do themselves: their own metric fails in the same place. A failure that heals fails."""

from typing import NamedTuple, Tuple

from packaging.specifiers import SpecifierSet


class Known(NamedTuple):
    """One failure of others: on these stacks (see plugin.py), in these versions, at these checks."""

    stacks: Tuple[str, ...]
    keras: str
    checks: Tuple[str, ...]
    error: tuple
    reason: str


GRAPH = ("tf1", "tf2-graph", "tf_keras-graph")
KERAS_3 = ("keras3", "keras3-jax", "keras3-torch")

KNOWN = [
    Known(KERAS_3, ">=3.0", ("test_bare",), (ValueError,), "Keras 3 takes only a list, tuple or dict of metrics"),
    Known(GRAPH, ">=2.0", ("test_bare",), (TypeError,), "Keras 2 in graph mode takes only a list or dict of metrics"),
    Known(("tf2",), "<2.3", ("test_bare",), (TypeError,), "Keras in TensorFlow 2.0 and 2.1 takes only a list or dict"),
    Known(
        KERAS_3, ">=3.0", ("test_two_outputs_one_list",), (ValueError,), "Keras 3 wants one entry of metrics an output"
    ),
]


def version(keras):
    """The version of a Keras, without the ending of tf.keras in TensorFlow 1 and 2.0."""
    return (getattr(keras, "__version__", None) or keras.version()).replace("-tf", "")


def find(stack, check):
    """The entry of a check on a stack, or None."""
    for entry in KNOWN:
        meant = stack.lane in entry.stacks and check in entry.checks
        if meant and SpecifierSet(entry.keras).contains(version(stack.keras), prereleases=True):
            return entry
    return None
