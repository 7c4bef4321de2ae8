"""RankAUC: a Keras metric that counts scores in rank buckets and computes the area from the counts.

Each Keras has its own class, made on first use: the metric class of one Keras means nothing to another. `areas` has the
arithmetic. `RocCounts` tells what the counts say besides the area.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any, Sequence, overload

import numpy as np

from compat_auc.backends import Tensor, static_shape
from compat_auc.counting import checks
from compat_auc.counting.activation import OFF
from compat_auc.counting.buckets import DEFAULT_RESOLUTION, bucket, ladder
from compat_auc.counting.by_label import AVERAGES, left_out
from compat_auc.counting.roc import check_max_fpr
from compat_auc.counting.roc_counts import RocCounts
from compat_auc.metrics import areas
from compat_auc.metrics.batch import BatchReader
from compat_auc.metrics.inspection import Inspected, Totals
from compat_auc.metrics.per_keras import derived_class, metric_class, set_to_zero
from compat_auc.stack import UnsupportedRuntime, chosen_keras, in_graph_mode, is_multi_backend, keras_version, runtime

if TYPE_CHECKING:
    from typing import Literal  # Since Python 3.8.

# The log key of each curve.
NAMES = {"ROC": "rank_auc", "PR": "rank_auc_pr"}
_OF_COLUMNS = "RankAUC takes {} with multi_label=True only, as it flattens columns without it."
# Measured for 200 labels and batches of 4096 (benchmarks/hard_use.py): the counts have to stay small.
_FEW_LABELS, _RESOLUTION_OF_MANY = 16, 4


class RankAUC(Inspected):
    """Area under a curve from the ranks of the scores, in bounded memory: a metric of the Keras in use.

    ``model.compile(..., metrics=[RankAUC()])`` logs ``rank_auc``. Scores are any real numbers: probabilities, logits
    (without ``from_logits``), margins. Labels are 0 or 1. Columns are flattened unless `multi_label`. If a class is
    missing, the result is NaN.

    Args:
        resolution: 0 to 12; up to 2**resolution buckets for each doubling of the score. The default is 7: 11,516
            buckets, 180 kB for each label. For more than 16 labels it is 4: 1,856 buckets, 30 kB for each label,
            because all areas are computed at every step of `fit`. `RocCounts` has a table.
        multi_label: one AUC for each column of the scores. If the labels are class numbers, of shape (rows,) or
            (rows, 1) beside the columns of a softmax, each class is compared with the rest. Without `multi_label`,
            class numbers count as one-hot labels.
        num_labels: number of columns, only for `multi_label`. If it is None, the first batch sets it. Graph mode needs
            it.
        average: how to average the labels' AUCs: "macro", the mean; "micro", the AUC of all columns together;
            "weighted", the mean weighted by each label's positives; None, a vector of shape (num_labels,). The means
            leave out a label with one class only; `left_out` names it.
        curve: "ROC", or "PR" for the average precision, the area under the precision-recall curve as in scikit-learn.
            All orders of the rows within a bucket are taken to be equally likely.
        from_logits: "softmax" if the scores are logits of a softmax over the last axis, which has a column for each
            class. `counts()` then holds its probabilities. The other values rank the scores as they are. "sigmoid"
            says that this is meant, and there is no warning about a softmax.
        ignore_class: labels of this value, such as -1 or NaN, are ignored, and so are those with a sample weight of 0.
        lower_is_positive: whether small scores mean positive, as distances do. Each score counts as ``-score``.
        max_fpr: only the area of the ROC curve up to this false positive rate, standardized to 0.5 for a random guess
            and 1 for the best, as in ``sklearn.metrics.roc_auc_score(max_fpr=...)``. Above 0 and at most 1.
        label_names: a name for each column, only for `multi_label`. It sets `num_labels`. `left_out` and `RocCallback`
            use the names. Letters, digits, "_" and "-", because they become log keys.
        name: the log key; by default "rank_auc", or "rank_auc_pr".
        dtype: as for any Keras metric; counts are float64 where the backend has it, whatever the dtype.
        keras: the Keras of the model, a module such as ``keras``, ``tf_keras`` or ``tf.keras``. Only a program that has
            several Kerases needs it. It is not saved.

    You can derive from it as from ``keras.metrics.AUC``, with arguments of your own: save, load and register the class
    as usual. To name its Keras: ``class Mine(RankAUC, keras=tf_keras)``.

    Counts are exact up to 2**53 rows, or 2**48 where the backend has no float64 (JAX by default), if weights are whole
    numbers. There, weights that are fractions, or that add up to 2**40 or more in a batch, are summed in float32, and
    float64 scores are rounded to float32. Integers and float16, bfloat16 and float32 scores fall into the buckets that
    `RocCounts` puts them into on every backend.

    Raises:
        compat_auc.UnsupportedRuntime: on multi-backend Keras (up to 2.3), and where no Keras can work.
        ValueError: for options that are wrong or do not go together, for shapes that do not fit, and, where the values
            are known, for labels that are not 0 or 1, NaN scores, negative weights. For values, a TensorFlow graph
            raises ``tensorflow.errors.InvalidArgumentError`` instead; under JAX and XLA the result is NaN until
            `reset_state`.

    >>> metric = RankAUC()
    >>> _ = metric.update_state([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> float(metric.result())
    0.75
    >>> metric.counts()
    RocCounts(resolution=7: 2 positive, 2 negative, AUC 0.750000)
    """

    # What a class derived from this one was given: ``class Mine(RankAUC, keras=tf_keras)``.
    _chosen_keras: ModuleType | None = None

    def __init_subclass__(cls, keras: ModuleType | None = None, **options: Any) -> None:
        super().__init_subclass__(**options)
        if keras is not None:
            cls._chosen_keras = keras

    def __new__(cls, *args: Any, keras: ModuleType | None = None, **options: Any) -> RankAUC:
        # RankAUC itself, and a class derived from it, belong to no Keras. They give a subclass that does, as
        # pathlib.Path gives a PosixPath.
        if not hasattr(cls, "_keras"):
            keras = chosen_keras(keras or cls._chosen_keras, cls.__name__)
            runtime(keras)  # Raises if the stack cannot work.
            if is_multi_backend(keras):
                raise UnsupportedRuntime(
                    f"RankAUC does not work with multi-backend Keras {keras_version(keras)}. Use tf.keras (from "
                    "tensorflow import keras), or count with RocCounts on the predictions."
                )
            of_keras: Any = rank_auc_class(keras)
            if cls is not RankAUC:
                of_keras = derived_class(cls, of_keras)
            return of_keras.__new__(of_keras)
        return super().__new__(cls)

    def __init__(
        self,
        resolution: int | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        average: str | None = "macro",
        name: str | None = None,
        dtype: Any = None,
        curve: str = "ROC",
        ignore_class: float | None = None,
        from_logits: bool | str = False,
        lower_is_positive: bool = False,
        max_fpr: float | None = None,
        label_names: Sequence[str] | None = None,
        *,
        keras: ModuleType | None = None,
    ) -> None:
        if curve not in NAMES:
            raise ValueError(f"curve must be one of {tuple(NAMES)}. Received: {curve!r}")
        super().__init__(name=NAMES[curve] if name is None else name, dtype=dtype)
        _check_options(resolution, multi_label, num_labels, average)
        _check_max_fpr(max_fpr, curve)
        checks.check_from_logits(from_logits, "RankAUC")
        self.resolution: int | None = resolution
        self.multi_label = multi_label
        self.num_labels: int | None = num_labels
        self.average = average
        self.curve: str = curve
        self.from_logits: bool | str = from_logits
        self.ignore_class: float | None = ignore_class
        self.lower_is_positive: bool = lower_is_positive
        self._reader = self._new_reader()
        self.max_fpr: float | None = max_fpr
        # A list, because Keras 3 tracks lists, and a config has no tuples.
        self.label_names: list[str] | None = _checked_names(label_names, multi_label, num_labels)
        self._direction = "up"
        self._options = resolution, num_labels
        self._counts: Any = None
        self._rest: Any = None
        # None if unknown, for counts that came from elsewhere, such as a file.
        self._has_weights: bool | None = None
        if not multi_label or num_labels or label_names is not None:
            self._build(num_labels or len(self.label_names or ["all"]))

    def _new_reader(self) -> BatchReader:
        return BatchReader(
            self._backend,
            self.name,
            any_score=True,
            keep_float64=True,
            ignore_class=self.ignore_class,
            lower_is_positive=self.lower_is_positive,
            softmax=self.from_logits == "softmax",
        )

    def _build(self, labels: int) -> None:
        """Make the counts, once the number of labels is known."""
        if self.resolution is None:
            self.resolution = DEFAULT_RESOLUTION if labels <= _FEW_LABELS else _RESOLUTION_OF_MANY
        if self.multi_label:
            self.num_labels = labels
        blocks = -(-ladder(self.resolution).size // areas.BLOCK)
        shape = (labels, 2, blocks, areas.BLOCK)
        counts = self._add_counts("counts", shape)
        if self._backend.count_dtype != "float64":
            self._rest = self._add_counts("rest", shape)
        self._counts = counts  # Last: other threads take the metric for built from here on.

    def _restore(self, counted: list[np.ndarray]) -> None:
        if counted and self._counts is None:
            self._build(len(counted[0]))
        super()._restore(counted)
        self._has_weights = True if any(np.any(values) for values in counted) else None

    def _add_counts(self, name: str, shape: tuple[int, ...]) -> Any:
        return self.add_weight(name=name, shape=shape, initializer="zeros", dtype=self._backend.count_dtype)

    def get_config(self) -> dict[str, Any]:
        resolution, num_labels = self._options
        options = ("multi_label", "average", "curve", "ignore_class", "from_logits", "lower_is_positive", "max_fpr")
        names = None if self.label_names is None else list(self.label_names)
        config = {**super().get_config(), "resolution": resolution, "num_labels": num_labels, "label_names": names}
        return {**config, **{option: getattr(self, option) for option in options}}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> RankAUC:
        return cls(**config)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        """Count a batch.

        Args:
            y_true: labels, 0 or 1, of any dtype.
            y_pred: real scores, one for each label; shape (..., num_labels) with `multi_label`.
            sample_weight: None, or weights of 0 or more: one in all, one for each row, or one for each score.
        """
        backend = self._backend
        labels, scores, weights = self._reader.tensors(y_true, y_pred, sample_weight)
        if self.multi_label:
            self._check_columns(static_shape(scores))
        self._note_columns(scores, not isinstance(self.from_logits, str), are_logits=False)
        batch = self._reader.batch(labels, scores, weights, columns=self.num_labels or 1)
        with backend.lock:
            self._has_weights = bool(self._has_weights) or sample_weight is not None
        shape: tuple[Any, ...] = static_shape(backend.value(self._counts))
        _, _, blocks, block = shape
        size = blocks * block
        assert self.resolution is not None  # Set where the counts were made.
        buckets = backend.rank_bucket(batch.scores, self.resolution) + size * batch.labels
        if self._rest is None:
            added = backend.count_by_label(buckets, batch.weights, 2 * size, backend.count_dtype, batch.poison)
            return backend.add_to(self._counts, backend.reshape(added, shape))
        parts = [backend.reshape(part, shape) for part in backend.parts_by_label(buckets, batch.weights, 2 * size)]
        with backend.lock:
            counts, rest = backend.value(self._counts), backend.value(self._rest)
            if batch.poison is not None:
                counts = counts + batch.poison
            for part in parts:
                counts, rest = areas.add_exactly(counts, rest, part)
            return self._counts.assign(counts), self._rest.assign(rest)

    def _check_columns(self, shape: Sequence[int | None]) -> None:
        if self._counts is None and shape and shape[-1]:
            if in_graph_mode():
                raise ValueError(
                    f"{self.name} needs num_labels={shape[-1]} with multi_label=True in graph mode, where no variable "
                    "can be made once the model is built."
                )
            with self._backend.lock:
                if self._counts is None:  # Another thread may have been first.
                    self._build(shape[-1])
        if not shape or self._counts is None or shape[-1] not in (None, self.num_labels):
            raise ValueError(
                f"{self.name} with multi_label=True and num_labels={self.num_labels} expects scores (y_pred) "
                f"whose last axis is {self.num_labels}. Received: scores of shape {shape}."
            )

    def result(self) -> Tensor:
        """The area: a scalar, or with ``average=None`` a vector of shape (num_labels,). NaN before the first batch."""
        self._inspect()
        return self._backend.across_replicas(self._area)

    def _totals_now(self) -> Totals | None:
        counts = None if self._counts is None else self._backend.read_now(self._counts)
        if counts is None or self.resolution is None:
            return None
        negatives, positives = counts.sum(0).reshape(2, -1)
        low, high = bucket([-OFF, 1 + OFF], self.resolution)
        outside = np.r_[(negatives + positives)[:low], (negatives + positives)[high + 1 :]]
        return Totals(positives.sum(), negatives.sum(), are_logits=bool(outside.any()))

    def _area(self) -> Tensor:
        backend = self._backend
        if self._counts is None:
            return backend.tensor(float("nan"), backend.count_dtype)
        with backend.lock:
            counts = backend.value(self._counts)
            if self._rest is not None:
                counts = counts + backend.value(self._rest)
        if self.average == "micro":
            counts = backend.sum(counts, 0, keepdims=True)
        if self.max_fpr is not None and self.max_fpr < 1:
            by_label = areas.partial_rank_areas(backend, counts, self.max_fpr)
        else:
            by_label = (areas.rank_areas if self.curve == "ROC" else areas.rank_precisions)(backend, counts)
        if not self.multi_label or self.average == "micro":
            return by_label[0][0]
        if self.average is None:
            return by_label[0]
        return areas.mean_over_labels(backend, *by_label, by_label[1] if self.average == "weighted" else None)

    @overload
    def counts(self, by_label: None = None) -> RocCounts | list[RocCounts]: ...

    @overload
    def counts(self, by_label: Literal[True]) -> list[RocCounts]: ...

    @overload
    def counts(self, by_label: Literal[False]) -> RocCounts: ...

    def counts(self, by_label: bool | None = None) -> RocCounts | list[RocCounts]:
        """The counts as `RocCounts`, for bounds, interval and curve.

        Args:
            by_label: True gives a list with an entry for each label, which is one without `multi_label`. It is empty
                before the first batch if `num_labels` is None. False gives the counts of all labels together, as
                ``average="micro"`` takes them. None, the default, gives a list with `multi_label`, else the counts. A
                type checker knows what True and False give.

        Raises:
            ValueError: if wrong input came where no error could be raised. The message says what to do.

        >>> metric = RankAUC(multi_label=True)
        >>> _ = metric.update_state([[0, 1], [1, 0]], [[0.1, 0.4], [0.35, 0.8]])
        >>> [counts.auc() for counts in metric.counts(by_label=True)], metric.counts(by_label=False).auc()
        ([1.0, 0.0], 0.5)
        """
        of_labels = self._counts_by_label()
        if self.multi_label if by_label is None else by_label:
            return of_labels
        if len(of_labels) == 1:
            return of_labels[0]
        return sum(of_labels, RocCounts(DEFAULT_RESOLUTION if self.resolution is None else self.resolution))

    def _counts_by_label(self) -> list[RocCounts]:
        if self._counts is None or self.resolution is None:
            return []
        counted = self._backend.read(self._counts)
        if self._rest is not None:
            counted = counted + self._backend.read(self._rest)
        if np.isnan(counted).any():
            raise ValueError(
                f"{self.name} has met labels that are not 0 or 1, NaN scores, or negative weights since its "
                "last reset, so its counts are NaN. Look at the data, call reset_state(), and evaluate again."
            )
        counted = counted.reshape(len(counted), 2, -1)[..., : ladder(self.resolution).size]
        unit = 0.0 if self._has_weights is not False else None  # Fractions, too, may add up to whole counts.
        return [RocCounts.from_counts(positive, negative, self.resolution, unit) for negative, positive in counted]

    def left_out(self) -> dict[int | str, str]:
        """The labels that the average leaves out, by name or else by column, with the class that is missing."""
        counted = self._counts_by_label()
        lacks = left_out([counts.positive.sum() for counts in counted], [counts.negative.sum() for counts in counted])
        return {self.label_names[column] if self.label_names else column: lack for column, lack in lacks.items()}


def _check_options(resolution: int | None, multi_label: bool, num_labels: int | None, average: str | None) -> None:
    ladder(DEFAULT_RESOLUTION if resolution is None else resolution)
    if average not in AVERAGES:
        raise ValueError(f"average must be one of {AVERAGES}. Received: {average!r}")
    if multi_label and num_labels is not None and not (isinstance(num_labels, (int, np.integer)) and num_labels > 0):
        raise ValueError(f"num_labels must be the number of columns of the scores, or None. Received: {num_labels!r}")
    if not multi_label and num_labels is not None:
        raise ValueError(f"{_OF_COLUMNS.format('num_labels')} Received: num_labels={num_labels!r}")


def _checked_names(names: Any, multi_label: bool, num_labels: int | None) -> list[str] | None:
    if names is not None and not multi_label:
        raise ValueError(f"{_OF_COLUMNS.format('label_names')} Received: label_names={names!r}")
    return checks.check_label_names(names, "RankAUC", num_labels)


def _check_max_fpr(max_fpr: float | None, curve: str) -> None:
    check_max_fpr(max_fpr)
    if max_fpr is not None and curve != "ROC":
        raise ValueError(f'RankAUC takes max_fpr with curve="ROC" only. Received: max_fpr={max_fpr!r}, curve={curve!r}')


class _RankAUCOfKeras2(RankAUC):
    def reset_state(self) -> None:
        self._inspect(ends_phase=True)
        # Before TensorFlow 2.6, Keras would set every variable to a scalar 0.
        set_to_zero(self._keras, self.variables)


def rank_auc_class(keras: ModuleType) -> type:
    """The RankAUC of a Keras, registered with it as "compat_auc>RankAUC"."""
    return metric_class("RankAUC", keras, keras.metrics.Metric, (RankAUC,), (_RankAUCOfKeras2,))
