"""RankAUC: a Keras metric whose state is the counts of the ladder, so that it tells the AUC itself.

One class for each Keras, made on first use: the metric class of one Keras means nothing to another.
Arithmetic is in `tensors`, what the counts tell besides the AUC in `counts`.
"""

import functools
import operator
from types import ModuleType
from typing import Any, Callable, Dict, List, Optional, Union

import numpy as np

from compat_auc import backends
from compat_auc.counting import checks
from compat_auc.counting.buckets import DEFAULT_RESOLUTION, ladder
from compat_auc.counting.roc_counts import RocCounts
from compat_auc.metrics import tensors
from compat_auc.metrics.classes import metric_class
from compat_auc.stack import UnsupportedRuntime, is_multi_backend, keras_module, keras_version, runtime

AVERAGES = ("macro", "micro", "weighted", None)


class RankAUC:
    """Area under the ROC curve from the ranks of the scores, in bounded memory: a metric of the Keras in use.

    ``model.compile(..., metrics=[RankAUC()])`` logs ``rank_auc``. Scores are any real numbers: probabilities,
    logits (without ``from_logits``), margins. Labels are 0 or 1. Columns are flattened unless `multi_label`.
    One class only: NaN.

    Args:
        resolution: up to 2**resolution buckets for each doubling of the score, 0 to 12; the default has 11,516
            buckets, 180 kB, for each label. `RocCounts` has a table.
        multi_label: one AUC for each column of the scores. The area of every label is computed at every step of
            `fit`: 200 labels hold 37 MB at the default resolution, and 6 MB, several times as fast, at 4.
        num_labels: number of columns; needed for, and only for, `multi_label`.
        average: of the labels' AUCs: "macro", the mean; "micro", the AUC of all columns together; "weighted", the
            mean weighted by each label's positives; None, a vector of shape (num_labels,). The means leave out a
            label with one class only; `left_out` names it.
        name: the log key.
        dtype: as for any Keras metric; counts are float64 where the backend has it, whatever the dtype.

    Counting is exact up to 2**53 rows (weights being whole numbers), on JAX without float64 up to 2**48.

    Raises:
        compat_auc.UnsupportedRuntime: on multi-backend Keras (up to 2.3), and where no Keras can work.
        ValueError: for shapes that do not fit, and, where values are at hand, for labels that are not 0 or 1, NaN
            scores, negative weights. A TensorFlow graph raises ``tensorflow.errors.InvalidArgumentError`` instead;
            under JAX and XLA the result is NaN until `reset_state`.

    >>> metric = RankAUC()
    >>> _ = metric.update_state([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> float(metric.result())
    0.75
    >>> metric.counts()
    RocCounts(resolution=7: 2 positive, 2 negative, AUC 0.750000)
    """

    # Of the Keras class that comes after this one.
    name: str
    variables: List[Any]
    reset_state: Callable[[], None]

    def __new__(cls, *args: Any, **options: Any) -> "RankAUC":
        # As pathlib.Path gives a PosixPath: RankAUC itself is of no Keras, its subclasses are.
        if cls is RankAUC:
            runtime()  # Says so where the stack cannot work.
            keras = keras_module()
            if is_multi_backend(keras):
                raise UnsupportedRuntime(
                    f"RankAUC does not work with multi-backend Keras {keras_version(keras)}. Use tf.keras (from "
                    "tensorflow import keras), or count with RocCounts on the predictions."
                )
            return rank_auc_class(keras).__new__(rank_auc_class(keras))
        return super().__new__(cls)

    def __init__(
        self,
        resolution: int = DEFAULT_RESOLUTION,
        multi_label: bool = False,
        num_labels: Optional[int] = None,
        average: Optional[str] = "macro",
        name: str = "rank_auc",
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        _check_options(resolution, multi_label, num_labels, average)
        self.resolution: int = int(resolution)
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.average = average
        self._direction = "up"
        self._stack = tensors.stack(self._keras)
        shape = (num_labels or 1, 2, tensors.blocks(resolution), tensors.BLOCK)
        self._counts = self._add_counts("counts", shape)
        self._rest = None if self._stack.dtype == "float64" else self._add_counts("rest", shape)

    def _add_counts(self, name, shape):
        return self.add_weight(name=name, shape=shape, initializer="zeros", dtype=self._stack.dtype)

    def get_config(self) -> Dict[str, Any]:
        options = ("resolution", "multi_label", "num_labels", "average")
        return {**super().get_config(), **{option: getattr(self, option) for option in options}}

    @classmethod
    def from_config(cls, config: Dict[str, Any]) -> "RankAUC":
        return cls(**config)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Count a batch.

        Args:
            y_true: labels, 0 or 1, of any dtype.
            y_pred: real scores, one for each label; shape (..., num_labels) with `multi_label`.
            sample_weight: None, or 0 and more: one in all, one for each row, or one for each score.
        """
        ops = self._stack.ops
        labels, scores, weights = self._rows(y_true, y_pred, sample_weight)
        rules = checks.rules(ops.equal, labels, scores, weights, from_logits=True, metric=self.name)
        valid = functools.reduce(operator.and_, [ops.all(accepted) for accepted, _, _ in rules])
        scores = backends.enforce(self._stack.backend, valid, rules, scores)
        counts = ops.convert_to_tensor(self._counts)
        poison = ops.cast(ops.where(valid, 0.0, np.nan), self._stack.dtype)
        if self._rest is None:
            counted = tensors.tally(self._stack, counts + poison, labels, scores, weights, self.resolution)
            return self._counts.assign(counted)
        nothing = ops.zeros_like(counts) + poison
        added = tensors.tally(self._stack, nothing, labels, scores, weights, self.resolution)
        counts, rest = tensors.add_exactly(counts, ops.convert_to_tensor(self._rest), added)
        return self._counts.assign(counts), self._rest.assign(rest)

    def _rows(self, y_true, y_pred, sample_weight):
        """Labels, scores, weights as tensors of one shape, (rows, labels); weights None where each is 1."""
        ops = self._stack.ops
        labels, scores, weights = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred), None
        shape = backends.static_shape(scores)
        checks.check_labels(backends.static_shape(labels), shape, self.name)
        if self.multi_label and (not shape or shape[-1] not in (None, self.num_labels)):
            raise ValueError(
                f"{self.name} with multi_label=True and num_labels={self.num_labels} expects scores (y_pred) "
                f"whose last axis is {self.num_labels}. Received scores of shape {shape}."
            )
        if sample_weight is not None:
            weights = ops.cast(ops.convert_to_tensor(sample_weight), self._stack.dtype)
            checks.check_weights(backends.static_shape(weights), shape, self.name)
            weights = ops.reshape(backends.one_for_each(ops, weights, scores), [-1, self.num_labels or 1])
        if "float64" not in str(scores.dtype):
            scores = ops.cast(scores, "float32")
        labels = backends.enforce_size(self._stack.backend, ops.cast(labels, "float32"), scores, self.name)
        rows = [-1, self.num_labels or 1]
        return ops.reshape(labels, rows), ops.reshape(scores, rows), weights

    def result(self) -> Any:
        """The AUC: a scalar, or with ``average=None`` a vector of shape (num_labels,)."""
        return backends.across_replicas(self._stack.backend, self._area)

    def _area(self):
        ops = self._stack.ops
        counts = ops.convert_to_tensor(self._counts)
        if self._rest is not None:
            counts = counts + ops.convert_to_tensor(self._rest)
        if self.average == "micro":
            counts = ops.sum(counts, 0, keepdims=True)
        by_label = tensors.areas(self._stack, counts)
        if not self.multi_label or self.average == "micro":
            return by_label[0][0]
        return by_label[0] if self.average is None else tensors.average(ops, by_label, self.average)

    def counts(self) -> Union[RocCounts, List[RocCounts]]:
        """What was counted, as `RocCounts`: for bounds, interval and curve. A list with ``multi_label``.

        Raises:
            ValueError: if garbage was met where nothing could be raised; says what to do.
        """
        counted = backends.read(self._keras, self._counts)
        if self._rest is not None:
            counted = counted + backends.read(self._keras, self._rest)
        if np.isnan(counted).any():
            raise ValueError(
                f"{self.name} has met labels that are not 0 or 1, NaN scores, or negative weights since its "
                "last reset, so its counts are NaN. Look at the data, call reset_state(), and evaluate again."
            )
        counted = counted.reshape(len(counted), 2, -1)[..., : ladder(self.resolution).size]
        by_label = [RocCounts.from_counts(positive, negative, self.resolution) for negative, positive in counted]
        return by_label if self.multi_label else by_label[0]

    def left_out(self) -> Dict[int, str]:
        """Labels that the average leaves out, by their column, with the class that they lack."""
        by_label = self.counts() if self.multi_label else [self.counts()]
        lacks = {}
        for label, counts in enumerate(by_label):
            missing = [name for name in ("positive", "negative") if not getattr(counts, name).any()]
            if missing:
                lacks[label] = "no " + " and no ".join(missing)
        return lacks


def _check_options(resolution, multi_label, num_labels, average):
    ladder(resolution)
    if average not in AVERAGES:
        raise ValueError(f"average must be one of {AVERAGES}, got {average!r}")
    if multi_label and not (isinstance(num_labels, (int, np.integer)) and num_labels > 0):
        raise ValueError(f"multi_label=True needs num_labels, the number of columns of the scores; got {num_labels!r}")
    if not multi_label and num_labels is not None:
        raise ValueError(f"num_labels={num_labels!r} is for multi_label=True; columns are flattened without it")


class _RankAUCOfKeras2(RankAUC):
    def reset_state(self):
        # Before TensorFlow 2.6, Keras sets every variable to a scalar 0.
        backends.set_to_zero(self._keras, self.variables)


def rank_auc_class(keras: ModuleType) -> type:
    """The RankAUC of a Keras, registered with it as "compat_auc>RankAUC"."""
    return metric_class("RankAUC", keras, keras.metrics.Metric, (RankAUC,), (_RankAUCOfKeras2,))
