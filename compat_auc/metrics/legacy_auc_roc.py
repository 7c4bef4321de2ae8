"""`legacy_auc_roc`: a metric that logs what the old ``auc_roc`` function logged."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from compat_auc.backends import Tensor
from compat_auc.metrics import areas
from compat_auc.metrics.batch import BatchReader
from compat_auc.metrics.identifiers import LEGACY_NAME, MetricName, NamedByText, NamedWithoutPrefix
from compat_auc.metrics.inspection import Inspected, Totals
from compat_auc.metrics.per_keras import metric_class, set_to_zero
from compat_auc.stack import chosen_keras, runtime


class LegacyAucRocName(MetricName):
    """A metric that logs what the old ``auc_roc`` function logged, to compare with `auc_roc` under today's Keras.

    - ``model.compile(..., metrics=[auc_roc, legacy_auc_roc])`` logs ``legacy_auc_roc`` and ``val_legacy_auc_roc``.
    - ``legacy_auc_roc(num_thresholds=200, weigh_batches=True, name="legacy_auc_roc")`` gives a configured metric for
      the same place. Keras up to 2.2 weighed the value of each batch by its rows. Keras 2.3 and ``tf.keras`` did not:
      use ``weigh_batches=False`` for them. In a program that has several Kerases, name the model's: ``keras=tf_keras``,
      the module.

    Its counts are float32, as in the old function. They live as long as the metric: from one ``compile`` to the next.
    ``reset_state`` clears only the running mean. Sample weights are ignored, as before. It agrees with the logs of
    Keras 2.1.6 to 1e-5. In the old function, the read raced with the count of the batch, and mostly, not always, came
    first. So on Keras 2.3.1 values differ from run to run, by up to 7e-3.

    Raises:
        ValueError: for shapes that do not fit, and, where the values are known, for labels that are not 0 or 1 and
            scores outside [0, 1] or NaN. A TensorFlow graph raises ``tensorflow.errors.InvalidArgumentError`` instead;
            JAX and XLA give NaN from then on.

    >>> metric = legacy_auc_roc()
    >>> for _ in range(3):
    ...     _ = metric.update_state([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> print(round(float(metric.result()), 3))  # The mean of 0, 0.75 and 0.75.
    0.5
    """

    __slots__ = ()
    __name__: str = LEGACY_NAME

    def __call__(self, *, keras: ModuleType | None = None, **options: Any) -> Any:
        keras = chosen_keras(keras, LEGACY_NAME)
        runtime(keras)  # Raises if the stack cannot work.
        return legacy_class(keras)(**options)


legacy_auc_roc: LegacyAucRocName = LegacyAucRocName(LEGACY_NAME)


def legacy_class(keras: ModuleType) -> type:
    """The metric class for a Keras, registered with it as "compat_auc>LegacyAucRoc"."""
    return metric_class(
        "LegacyAucRoc", keras, keras.metrics.Mean, (NamedByText, _LegacyAucRoc), (_LegacyAucRocOfKeras2,)
    )


class _LegacyAucRoc(Inspected):
    """What the classes for Keras 2 and Keras 3 share: counts beside the running mean of ``keras.metrics.Mean``."""

    # Attributes of ``keras.metrics.Mean``.
    total: Any
    count: Any

    def __init__(
        self, num_thresholds: int = 200, weigh_batches: bool = True, name: str = LEGACY_NAME, dtype: Any = None
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        if num_thresholds < 2:
            raise ValueError(f"num_thresholds must be at least 2. Received: {num_thresholds}")
        self.num_thresholds = num_thresholds
        self.weigh_batches = weigh_batches
        self._direction = "up"
        self._reader = BatchReader(self._backend, LEGACY_NAME)
        shape = (2, num_thresholds - 1)
        self._counts = self.add_weight(name="counts", shape=shape, initializer="zeros", dtype="float32")

    def get_config(self) -> dict[str, Any]:
        options = ("num_thresholds", "weigh_batches")
        return {**super().get_config(), **{option: getattr(self, option) for option in options}}

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        backend, size = self._backend, self.num_thresholds - 1
        labels, scores, _ = self._reader.tensors(y_true, y_pred)
        batch = self._reader.batch(labels, scores)
        buckets = backend.even_bucket(batch.scores, self.num_thresholds)
        buckets = buckets + size * batch.labels
        added = backend.count(buckets, None, 2 * size, "float32")
        rows = backend.tensor(backend.first_length(scores) if self.weigh_batches else 1, self.total.dtype)
        if batch.poison is not None:
            added = added + backend.tensor(batch.poison, "float32")
            rows = rows + backend.tensor(batch.poison, self.total.dtype)
        # The old function read the counts without this batch.
        stale = areas.area_of_tensorflow_1(backend, areas.confusion(backend, backend.value(self._counts)))
        return [
            backend.add_to(self.total, backend.tensor(stale, self.total.dtype) * rows),
            backend.add_to(self.count, rows),
            backend.add_to(self._counts, backend.after(stale, backend.reshape(added, [2, size]))),
        ]

    def _totals_now(self) -> Totals | None:
        rows = self._backend.read_now(self.count)
        return None if rows is None else Totals(rows.sum(), 0.0, are_logits=False)

    def result(self) -> Tensor:
        """The mean of the values so far. NaN (0 / 0) before the first batch."""
        self._inspect()
        return self._backend.value(self.total) / self._backend.value(self.count)


class _LegacyAucRocOfKeras2(_LegacyAucRoc, NamedWithoutPrefix):
    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        import tensorflow as tf

        # In a graph, Keras reads the result after the tensor that is returned here.
        with tf.control_dependencies(super().update_state(y_true, y_pred)):
            return tf.identity(self.count)

    def reset_state(self) -> None:
        self._inspect(ends_phase=True)
        set_to_zero(self._keras, [self.total, self.count])
