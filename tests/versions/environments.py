"""Every release that the README names, with what a user of it has installed, and the stacks to run in it.

One environment serves both modes of a TensorFlow. What a release cannot work with is pinned here, as its user pins it.
"""

from __future__ import annotations

from typing import NamedTuple


class Environment(NamedTuple):
    """What is installed on which Python, and the lanes that run there."""

    name: str
    python: str
    packages: tuple[str, ...]
    stacks: tuple[str, ...]
    checks: tuple[str, ...] = ("core.py", "other_names.py")


KERAS_2 = ("keras2", "keras2-graph")
BOTH = ("keras3", "tf_keras", "tf_keras-graph")
OLD_PROTOBUF = "protobuf<3.21"  # TensorFlow up to 2.5 does not say so.
OLD_NUMPY = "numpy<2"  # TensorFlow 2.7 to 2.11 do not say so; Keras up to 3.3 neither.
TORCH = "torch==2.13.0"

# TensorFlow's minor version -> Python, and what its user pins beside it. pip takes the last release of each.
TENSORFLOW_WITH_KERAS_2 = {
    "2.0": ("3.7", OLD_PROTOBUF),
    "2.1": ("3.7", OLD_PROTOBUF),
    "2.2": ("3.8", OLD_PROTOBUF),
    "2.3": ("3.8", OLD_PROTOBUF),
    "2.4": ("3.8", OLD_PROTOBUF),
    "2.5": ("3.9", OLD_PROTOBUF),
    "2.6": ("3.9",),
    "2.7": ("3.9", OLD_NUMPY),
    "2.8": ("3.10", OLD_NUMPY),
    "2.9": ("3.10", OLD_NUMPY),
    "2.10": ("3.10", OLD_NUMPY),
    "2.11": ("3.10", OLD_NUMPY),
    "2.12": ("3.11",),
    "2.13": ("3.11",),
    "2.14": ("3.11",),
    "2.15": ("3.11",),
}
# The newest Keras for Python 3.9 is 3.10: TensorFlow 2.16 gets it there.
TENSORFLOW_WITH_KERAS_3 = {
    "2.16": "3.9",
    "2.17": "3.10",
    "2.18": "3.11",
    "2.19": "3.12",
    "2.20": "3.13",
    "2.21": "3.13",
}
# Keras's minor version -> a TensorFlow of its time.
KERAS_3 = {
    **dict.fromkeys(("3.0", "3.1", "3.2", "3.3"), "2.16"),
    **dict.fromkeys(("3.4", "3.5"), "2.17"),
    **dict.fromkeys(("3.6", "3.7", "3.8"), "2.18"),
    **dict.fromkeys(("3.9", "3.10"), "2.19"),
    **dict.fromkeys(("3.11", "3.12", "3.13"), "2.20"),
    **dict.fromkeys(("3.14", "3.15"), "2.21"),
}
# What to run on JAX and torch as well, and the JAX: early releases of Keras call functions that JAX has dropped.
JAX = {**dict.fromkeys(("3.0", "3.3", "3.6", "3.9"), "jax[cpu]<0.5"), "3.12": "jax[cpu]", "3.15": "jax[cpu]"}
# A sample that has each kind of failure that was ever found between the versions.
SAMPLE = (
    "tensorflow-1.14",
    "tensorflow-2.0",
    "tensorflow-2.1",
    "tensorflow-2.10",
    "tensorflow-2.22rc",
    "keras-3.0",
    "keras-3.0-jax",
    "keras-3.10",
)


def environments() -> dict[str, Environment]:
    """All of them by name, TensorFlow's first, in the order of their versions."""
    found = [
        Environment("tensorflow-1.14", "3.7", ("tensorflow==1.14.*", OLD_PROTOBUF), ("tf1",), ("too_old.py",)),
        Environment("tensorflow-1.15", "3.7", ("tensorflow==1.15.*", OLD_PROTOBUF), ("tf1",)),
        Environment("keras-2.3", "3.7", ("tensorflow==1.15.*", "keras==2.3.*", OLD_PROTOBUF), ("tf1-keras",)),
    ]
    for minor, (python, *pins) in TENSORFLOW_WITH_KERAS_2.items():
        found.append(Environment(f"tensorflow-{minor}", python, (f"tensorflow=={minor}.*", *pins), KERAS_2))
    for minor, python in TENSORFLOW_WITH_KERAS_3.items():
        packages = (f"tensorflow=={minor}.*", f"tf_keras=={minor}.*")
        found.append(Environment(f"tensorflow-{minor}", python, packages, BOTH))
    found.append(Environment("tensorflow-2.22rc", "3.13", ("tensorflow==2.22.0rc0",), ("keras3",)))
    for minor, tensorflow in KERAS_3.items():
        keras = (f"keras=={minor}.*", *([OLD_NUMPY] if minor in ("3.0", "3.1", "3.2", "3.3") else []))
        found.append(Environment(f"keras-{minor}", "3.11", (*keras, f"tensorflow=={tensorflow}.*"), ("keras3",)))
        if minor in JAX:
            found.append(Environment(f"keras-{minor}-jax", "3.11", (*keras, JAX[minor]), ("keras3-jax",)))
            found.append(Environment(f"keras-{minor}-torch", "3.11", (*keras, TORCH), ("keras3-torch",)))
    return {environment.name: environment for environment in found}
