"""RankAUC: a Keras metric whose state is the counts of the ladder, so that it tells the AUC itself.

One class for each Keras, made on first use: the metric class of one Keras means nothing to another.
Arithmetic is in `areas`; what the counts tell besides the AUC is in `RocCounts`.
"""

from types import ModuleType
from typing import Any, Callable, Dict, List, Optional, Union

import numpy as np

from compat_auc.backends import static_shape
from compat_auc.counting.buckets import DEFAULT_RESOLUTION, ladder
from compat_auc.counting.roc_counts import RocCounts
from compat_auc.metrics import areas
from compat_auc.metrics.batch import read_batch
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
        blocks = -(-ladder(resolution).size // areas.BLOCK)
        shape = (num_labels or 1, 2, blocks, areas.BLOCK)
        self._counts = self._add_counts("counts", shape)
        self._rest = None if self._backend.count_dtype == "float64" else self._add_counts("rest", shape)

    def _add_counts(self, name, shape):
        return self.add_weight(name=name, shape=shape, initializer="zeros", dtype=self._backend.count_dtype)

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
        backend = self._backend
        scores = backend.tensor(y_pred)
        if self.multi_label:
            self._check_columns(static_shape(scores))
        columns = self.num_labels or 1
        batch = read_batch(
            backend, y_true, scores, sample_weight, self.name, columns, any_score=True, keep_float64=True
        )
        counts = backend.value(self._counts)
        place = self._place(batch, static_shape(counts))
        weights = None if batch.weights is None else backend.reshape(batch.weights, [-1])
        base = counts if self._rest is None else backend.zeros_like(counts)
        if batch.poison is not None:
            base = base + batch.poison
        added = backend.add_at(backend.reshape(base, [-1]), backend.reshape(place, [-1]), weights)
        added = backend.reshape(added, static_shape(counts))
        if self._rest is None:
            return self._counts.assign(added)
        counts, rest = areas.add_exactly(counts, backend.value(self._rest), added)
        return self._counts.assign(counts), self._rest.assign(rest)

    def _place(self, batch, shape):
        """Where each score is counted, in the counts as one vector."""
        backend, (labels, _, blocks, block) = self._backend, shape
        size = blocks * block
        place = backend.rank_bucket(batch.scores, self.resolution) + size * backend.tensor(batch.positive, "int32")
        return place if labels == 1 else place + 2 * size * backend.columns(labels)

    def _check_columns(self, shape):
        if not shape or shape[-1] not in (None, self.num_labels):
            raise ValueError(
                f"{self.name} with multi_label=True and num_labels={self.num_labels} expects scores (y_pred) "
                f"whose last axis is {self.num_labels}. Received scores of shape {shape}."
            )

    def result(self) -> Any:
        """The AUC: a scalar, or with ``average=None`` a vector of shape (num_labels,)."""
        return self._backend.across_replicas(self._area)

    def _area(self):
        backend = self._backend
        counts = backend.value(self._counts)
        if self._rest is not None:
            counts = counts + backend.value(self._rest)
        if self.average == "micro":
            counts = backend.sum(counts, 0, keepdims=True)
        by_label = areas.rank_areas(backend, counts)
        if not self.multi_label or self.average == "micro":
            return by_label[0][0]
        return by_label[0] if self.average is None else areas.average(backend, by_label, self.average)

    def counts(self) -> Union[RocCounts, List[RocCounts]]:
        """What was counted, as `RocCounts`: for bounds, interval and curve. A list with ``multi_label``.

        Raises:
            ValueError: if garbage was met where nothing could be raised; says what to do.
        """
        counted = self._backend.read(self._counts)
        if self._rest is not None:
            counted = counted + self._backend.read(self._rest)
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
        self._backend.set_to_zero(self.variables)


def rank_auc_class(keras: ModuleType) -> type:
    """The RankAUC of a Keras, registered with it as "compat_auc>RankAUC"."""
    return metric_class("RankAUC", keras, keras.metrics.Metric, (RankAUC,), (_RankAUCOfKeras2,))
