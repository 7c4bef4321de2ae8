"""One object for each framework, with the tensor operations that the metrics need under the same names.

The objects use the oldest stable names of ``tf``, ``jax.numpy`` and ``torch``. They do not use ``keras.ops``: it grew
from release to release of Keras 3, and Keras 2 has none.

`even_bucket` finds the bucket between even thresholds by arithmetic. For a score in [0, 1] and thresholds
``t[k] = float32(k / n)``, ``k = floor(score * n + 0.5)`` is a threshold next to the score. Its error is far below one
half for n up to 2**20, so it cannot skip one. One comparison of the score with ``t[k]`` then tells on which side the
score lies. This needs each ``t[k]`` to the last bit, and no compiler guarantees a float32 quotient: XLA's may be a
product with ``1 / n``, or off by its last bit on vectors (JAX 0.10.2). So TensorFlow divides in float64. If its last
bits are off, it rounds to the same float32, because k / n is never that close to the middle of two float32. torch
divides exactly. JAX usually has no float64, so it looks the thresholds up.
"""

from __future__ import annotations

from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from compat_auc.stack import keras_backend

# With this mask a float64 is cut, not rounded, to a value that float32 has, as in `counting.buckets`.
FLOAT32_BITS = -(1 << 29)

# Names for a type checker: the type of a tensor depends on its framework and on the release.
Tensor = Any
Backend = Any


@lru_cache(maxsize=None)
def backend_of(keras: ModuleType) -> Backend:
    """The backend object of a Keras: an instance of `TensorFlow`, `Jax` or `Torch`, made once."""
    # Each module imports the framework that it is named after. A tool that freezes programs finds these imports.
    name = keras_backend(keras)
    if name == "tensorflow":
        from compat_auc.backends.tensorflow import TensorFlow as backend
    elif name == "jax":
        from compat_auc.backends.jax import Jax as backend
    else:
        from compat_auc.backends.torch import Torch as backend
    return backend(keras)


def static_shape(tensor: Tensor) -> tuple[int | None, ...]:
    """The shape as a tuple of int, with None for what is not known yet."""
    return tuple(tensor.shape.as_list() if hasattr(tensor.shape, "as_list") else tensor.shape)


def shape_if_known(tensor: Tensor) -> tuple[int | None, ...] | None:
    """`static_shape`, or None if not even the number of axes is known yet."""
    return None if getattr(tensor.shape, "rank", 0) is None else static_shape(tensor)


def to_numpy(data: Any) -> np.ndarray:
    """An array or tensor of any framework, or a nested list, as a NumPy array."""
    return np.asarray(data.detach().cpu() if hasattr(data, "detach") else data)
