"""One object for each framework, with the tensor operations that the metrics need under the same names.

``keras.ops`` is not used: it grew from release to release of Keras 3, and Keras 2 has none. What stands here are the
oldest stable names of ``tf``, ``jax.numpy`` and ``torch`` themselves.

Buckets of even thresholds are arithmetic. Of a score in [0, 1] and thresholds ``t[k] = float32(k / n)``, ``k =
floor(score * n + 0.5)`` is a threshold next to the score: its error, far below one half for n up to 2**20, cannot skip
one. One comparison of the score with ``t[k]`` then tells on which side it lies. That needs each ``t[k]`` to the last
bit. No compiler can be asked for a float32 quotient: XLA's may be a product with ``1 / n``, or off by its last bit on
vectors (JAX 0.10.2). A float64 that is off by its last bits rounds to the same float32 all the same, because k / n is
never that close to the middle of two float32. torch divides exactly; JAX, which has no float64 as a rule, looks up.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from compat_auc.stack import keras_backend

# What is left of a float64 by this mask has a float32 of the same value: cut, not rounded, as `counting.buckets` does.
FLOAT32_BITS = -(1 << 29)

# The modules here are named after the frameworks, which they import; so each is imported when it is chosen.
_CLASSES = {"tensorflow": "TensorFlow", "jax": "Jax", "torch": "Torch"}


# Words for a type checker: what is true of a tensor depends on its framework, and on the release.
Tensor = Any
Backend = Any


@lru_cache(maxsize=None)
def backend_of(keras: ModuleType) -> Backend:
    """The backend object of a Keras: an instance of `TensorFlow`, `Jax` or `Torch`, made once."""
    name = keras_backend(keras)
    module = importlib.import_module("compat_auc.backends." + name)
    return getattr(module, _CLASSES[name])(keras)


def static_shape(tensor: Tensor) -> tuple[int | None, ...]:
    """The shape as a tuple of int, and None for what is not known yet."""
    return tuple(tensor.shape.as_list() if hasattr(tensor.shape, "as_list") else tensor.shape)


def to_numpy(data: Any) -> np.ndarray:
    """An array or tensor of any framework, or a nested list, as an array."""
    return np.asarray(data.detach().cpu() if hasattr(data, "detach") else data)
