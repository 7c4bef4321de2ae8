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

import abc
import importlib
import threading
from functools import lru_cache
from types import ModuleType
from typing import Any, Callable, ContextManager

import numpy as np

from compat_auc.counting import arrays, checks
from compat_auc.stack import keras_backend

# With this mask a float64 is cut, not rounded, to a value that float32 has, as in `counting.buckets`.
FLOAT32_BITS = -(1 << 29)

# A name for a type checker: the type of a tensor depends on its framework and on the release.
Tensor = Any


class Backend(abc.ABC):
    """The operations that the metrics need, with one subclass for each framework.

    What has a body here is the same for JAX and torch: their shapes are known, and they have no graph to put a check
    into.

    Args:
        keras: the Keras whose variables are read.
    """

    def __init__(self, keras: ModuleType) -> None:
        self._keras: ModuleType = keras
        self._lock: ContextManager[Any] = threading.RLock()

    def __reduce__(self) -> tuple[Any, ...]:
        # mlflow pickles the classes that are registered with Keras by value, with what they hold.
        return _backend_again, (self._keras.__name__,)

    @property
    def lock(self) -> ContextManager[Any]:
        """A context for what is done once for a metric, such as making its variables."""
        return self._lock

    @property
    def count_dtype(self) -> str:
        """The dtype of counts: float64 where the framework has it, else float32."""
        return "float64"

    # Tensors and variables.

    @abc.abstractmethod
    def tensor(self, data: Any, dtype: str | None = None) -> Tensor:
        """Convert data to a tensor, and cast it to the dtype unless that is None."""

    @abc.abstractmethod
    def as_scores(self, tensor: Tensor) -> Tensor:
        """Scores of any real dtype as float32 or float64, as `rank_bucket` needs them; see `counting.buckets`."""

    @abc.abstractmethod
    def value(self, variable: Any) -> Tensor:
        """The value of a metric's variable, as a tensor. Under ``tf.distribute`` that is the sum over the replicas."""

    def add_to(self, variable: Any, amount: Tensor) -> Any:
        """Add to a metric's variable, and return the tensor or operation of TensorFlow that does so.

        What other threads or workers add at the same time is not lost.
        """
        with self._lock:
            variable.assign(self.value(variable) + amount)

    def after(self, done: Tensor, tensor: Tensor) -> Tensor:
        """The tensor, which in a TensorFlow 1 graph is computed after `done`. Eager code keeps its order."""
        return tensor

    def read(self, variable: Any) -> np.ndarray:
        """The value of a metric's variable as a float64 array, read outside of any graph."""
        return np.asarray(to_numpy(variable.value), np.float64)

    @abc.abstractmethod
    def read_now(self, variable: Any) -> np.ndarray | None:
        """The value as `read` gives it, or None where there is none to read: in a compiled step, a graph, a replica."""

    def is_compiling(self) -> bool:
        """Whether torch.compile reads this code, which cannot follow all that Python does."""
        return False

    # Operations of one name in all frameworks, as NumPy defines them.

    @abc.abstractmethod
    def equal(self, tensor: Tensor, other: Any) -> Tensor:
        """Whether each value equals the other."""

    @abc.abstractmethod
    def reshape(self, tensor: Tensor, shape: Any) -> Tensor:
        """The values in another shape, which may have one -1."""

    @abc.abstractmethod
    def concat(self, tensors: Any, axis: int) -> Tensor:
        """Tensors one after the other along an axis."""

    @abc.abstractmethod
    def floor(self, tensor: Tensor) -> Tensor:
        """The largest whole number that is not above each value."""

    @abc.abstractmethod
    def log(self, tensor: Tensor) -> Tensor:
        """The natural logarithm."""

    @abc.abstractmethod
    def log1p(self, tensor: Tensor) -> Tensor:
        """The natural logarithm of 1 + x."""

    @abc.abstractmethod
    def min(self, tensor: Tensor, axis: Any) -> Tensor:
        """The smallest value along the axes."""

    @abc.abstractmethod
    def maximum(self, tensor: Tensor, other: Any) -> Tensor:
        """The larger of each value and the other."""

    @abc.abstractmethod
    def minimum(self, tensor: Tensor, other: Any) -> Tensor:
        """The smaller of each value and the other."""

    @abc.abstractmethod
    def zeros_like(self, tensor: Tensor) -> Tensor:
        """Zeros of the same shape and dtype."""

    @abc.abstractmethod
    def sigmoid(self, tensor: Tensor) -> Tensor:
        """``1 / (1 + exp(-x))``."""

    @abc.abstractmethod
    def softmax(self, logits: Tensor) -> Tensor:
        """The softmax over the last axis.

        Raises:
            tensorflow.errors.InvalidArgumentError: in a graph that learns only when it runs that there is one column.
        """

    @abc.abstractmethod
    def sum(self, tensor: Tensor, axis: Any = None, keepdims: bool = False) -> Tensor:
        """The sum along the axes, or of all values."""

    @abc.abstractmethod
    def where(self, condition: Tensor, tensor: Tensor, other: Tensor) -> Tensor:
        """Each value of `tensor` where the condition holds, else that of `other`. All three have one shape."""

    @abc.abstractmethod
    def cumsum(self, values: Tensor, axis: int, reverse: bool = False) -> Tensor:
        """The cumulative sum. With `reverse`, each sum is of an entry and those after it."""

    @abc.abstractmethod
    def columns(self, count: int, dtype: str = "int32") -> Tensor:
        """The numbers from 0 to `count` - 1."""

    @abc.abstractmethod
    def matmul(self, tensor: Tensor, matrix: np.ndarray) -> Tensor:
        """The product of the last axis of a tensor and a matrix, in the dtype of the tensor."""

    def won_within_blocks(self, negative: Tensor, positive: Tensor) -> Tensor:
        """For each block of buckets, the pairs of a positive and a negative that the positive wins; a tie counts half.

        Args:
            negative: the weight of the negatives, shape (labels, blocks, buckets), buckets ascending.
            positive: that of the positives.
        """
        beaten = self.matmul(negative, _share_beaten(static_shape(negative)[-1]))
        return self.sum(positive * beaten, -1)

    # Shapes.

    def first_length(self, tensor: Tensor) -> Any:
        """How many rows a tensor has: an int, or an int32 scalar of a graph."""
        return tensor.shape[0]

    def last_length(self, tensor: Tensor) -> Any:
        """The length of the last axis: an int where it is known, else an int32 scalar."""
        return tensor.shape[-1]

    def infers_shapes(self, scores: Tensor) -> bool:
        """Whether the scores are not of a model: Keras infers shapes on torch with tensors of ones."""
        return False

    @abc.abstractmethod
    def one_for_each(self, weights: Tensor, scores: Tensor) -> Tensor:
        """Weights expanded to the shape of the scores, from one in all, one for each row, or one for each score."""

    def flat_ragged(self, labels: Any, scores: Any, weights: Any, metric: str) -> tuple[Any, Any, Any]:
        """The flat values of ragged tensors; see `counting.arrays.flat_ragged`. A graph compares the rows when it runs.

        Raises:
            ValueError: if only one is ragged, or, in eager code, if their rows differ in length.
            tensorflow.errors.InvalidArgumentError: if the rows differ in length in a graph.
        """
        return arrays.flat_ragged(labels, scores, weights, metric)

    def same_size(self, labels: Tensor, scores: Tensor, metric: str) -> Tensor:
        """Return the labels. A graph that learns the shapes only when it runs then checks the number of labels.

        Raises:
            tensorflow.errors.InvalidArgumentError: if there are more or fewer labels than scores. The message names
                both shapes.
        """
        return labels

    def in_rows(self, labels: Tensor, scores: Tensor, metric: str) -> tuple[Tensor, Tensor]:
        """Labels as rows, and whether they are class numbers, where only the run of a TensorFlow graph tells.

        Args:
            labels: class numbers, or one label for each score, of unknown shape.
            scores: of shape (rows, classes).
            metric: the name at the start of the error message.

        Returns:
            The labels, of shape (rows, 1) or (rows, classes), and a bool scalar.

        Raises:
            tensorflow.errors.InvalidArgumentError: if there are neither as many labels as scores, nor as many as rows.
        """
        raise NotImplementedError

    # Buckets and counts.

    @abc.abstractmethod
    def even_bucket(self, scores: Tensor, num_thresholds: int) -> Tensor:
        """For each score in [0, 1], how many inner thresholds k / (num_thresholds - 1) are below it, as int32.

        The docstring of the package says why this equals a comparison with each threshold.
        """

    @abc.abstractmethod
    def bucket(self, scores: Tensor, thresholds: np.ndarray) -> Tensor:
        """For each score, how many of the ascending thresholds are below it, as int32. Both are float32."""

    @abc.abstractmethod
    def rank_bucket(self, scores: Tensor, resolution: int) -> Tensor:
        """The rank bucket of each score, float32 or float64. `counting.buckets.bucket` explains the steps."""

    @abc.abstractmethod
    def count(self, buckets: Tensor, weights: Tensor | None, size: int, dtype: str) -> Tensor:
        """The sum of the weights in each bucket, of shape ``(size,)``.

        Args:
            buckets: int32 of shape (rows,), each from 0 to size - 1.
            weights: of shape (rows,) and `dtype`, or None for 1 each.
            size: how many buckets there are.
            dtype: the dtype of the sums.
        """

    @abc.abstractmethod
    def count_by_label(
        self, buckets: Tensor, weights: Tensor | None, size: int, dtype: str, poison: Tensor | None = None
    ) -> Tensor:
        """The sum of the weights in each bucket of each label, of shape (labels, size).

        Args:
            buckets: int32 of shape (rows, labels), each from 0 to size - 1.
            weights: of shape (rows, labels) and `dtype`, or None for 1 each.
            size: how many buckets a label has.
            dtype: the dtype of the sums.
            poison: None, or a scalar of `dtype`: 0, or NaN to make NaN of at least one sum of each label.
        """

    def parts_by_label(self, buckets: Tensor, weights: Tensor | None, size: int) -> list[Tensor]:
        """`count_by_label` as float32 tensors whose sum it is, where `count_dtype` is float32."""
        raise NotImplementedError

    # Control of the step.

    def are_right(self, labels: Tensor, scores: Tensor, any_score: bool) -> bool:
        """Whether it is quickly seen that all labels are 0 or 1, and all scores in [0, 1], or numbers if any score is.

        False also means that this is not known. `enforce` then says what is wrong.
        """
        return False

    @abc.abstractmethod
    def enforce(self, expectations: list[checks.Expectation], scores: Tensor) -> tuple[Tensor, Tensor | None]:
        """Raise if an expectation is not met and the backend can raise here.

        Args:
            expectations: as in `checks`, with tensors.
            scores: the scores that the caller goes on with.

        Returns:
            The scores, which in a graph come after the check; and None, or a scalar of `count_dtype` that the caller
            adds to its counts. The scalar is 0, or NaN if an expectation is not met, because XLA and JAX raise nothing.

        Raises:
            ValueError: where the values are known.
            tensorflow.errors.InvalidArgumentError: when a graph runs.
        """

    def not_converted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, marked so that TensorFlow's AutoGraph leaves it as it is."""
        return function

    def across_replicas(self, compute: Callable[[], Tensor]) -> Tensor:
        """Compute where each variable is summed over all replicas of a ``tf.distribute`` strategy."""
        return compute()


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


@lru_cache(maxsize=None)
def _share_beaten(size: int) -> np.ndarray:
    """How much of the negatives in bucket i a positive in bucket j beats: all if i < j, half of those in its bucket."""
    return np.triu(np.ones((size, size)), 1) + np.eye(size) / 2


def _backend_again(name: str) -> Backend:
    return backend_of(importlib.import_module(name))


def static_shape(tensor: Tensor) -> tuple[int | None, ...]:
    """The shape as a tuple of int, with None for what is not known yet."""
    return tuple(tensor.shape.as_list() if hasattr(tensor.shape, "as_list") else tensor.shape)


def shape_if_known(tensor: Tensor) -> tuple[int | None, ...] | None:
    """`static_shape`, or None if not even the number of axes is known yet."""
    return None if getattr(tensor.shape, "rank", 0) is None else static_shape(tensor)


def to_numpy(data: Any) -> np.ndarray:
    """An array or tensor of any framework, or a nested list, as a NumPy array."""
    return np.asarray(data.detach().cpu() if hasattr(data, "detach") else data)
