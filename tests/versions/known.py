"""What releases of Keras cannot do themselves: their own metric fails in the same place. A failure that heals fails."""

import sys
from typing import NamedTuple, Tuple

from packaging.requirements import Requirement


class Known(NamedTuple):
    """One failure of others: on these stacks (see plugin.py), in these releases, at these checks."""

    stacks: Tuple[str, ...]
    release: str
    checks: Tuple[str, ...]
    error: tuple
    reason: str


GRAPH = ("tf1", "tf1-keras", "tf2-graph", "tf_keras-graph")
KERAS_3 = ("keras3", "keras3-jax", "keras3-torch")

KNOWN = [
    Known(KERAS_3, "keras>=3.0", ("test_bare",), (ValueError,), "Keras 3 takes only a list, tuple or dict of metrics"),
    Known(
        GRAPH, "keras>=2.0", ("test_bare",), (TypeError,), "Keras 2 in graph mode takes only a list or dict of metrics"
    ),
    Known(
        ("tf2",),
        "tensorflow<2.2",
        ("test_bare",),
        (TypeError,),
        "Keras in TensorFlow 2.0 and 2.1 takes only a list or dict of metrics",
    ),
    Known(
        ("keras3-torch",),
        "keras<3.10",
        ("test_beside_accuracy", "test_dict_of_lists", "test_fit", "test_saved_h5", "test_saved_keras"),
        (NotImplementedError,),
        "Keras 3.0 to 3.9 on torch cannot compile accuracy beside an AUC",
    ),
    Known(
        ("tf2-graph", "tf_keras-graph"),
        "keras>=2.13",
        ("test_saved_keras",),
        (NotImplementedError,),
        "The .keras format of Keras 2.13 and later reads the optimizer's values, which graph mode does not have",
    ),
    Known(
        KERAS_3,
        "keras>=3.0",
        ("test_two_outputs_one_list",),
        (ValueError,),
        "Keras 3 wants one entry of metrics for each output",
    ),
]


def version(stack, package):
    """The version of TensorFlow, or of the Keras of a stack without the ending of tf.keras up to TensorFlow 2.2."""
    if package == "tensorflow":
        return stack.tensorflow.__version__
    # tf.keras has none of its own in the releases in which it is the package keras.
    return (getattr(stack.keras, "__version__", None) or sys.modules["keras"].__version__).replace("-tf", "")


def find(stack, check):
    """The entry of a check on a stack, or None."""
    for entry in KNOWN:
        if stack.lane in entry.stacks and check in entry.checks:
            release = Requirement(entry.release)
            if release.specifier.contains(version(stack, release.name), prereleases=True):
                return entry
    return None
