"""`auc_roc`: the name that Keras makes a new metric from at each compile, and the callable that old programs know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from compat_auc.metrics.identifiers import NAME, MetricName

if TYPE_CHECKING:
    from types import ModuleType


class AucRocName(MetricName):
    """The drop-in for the ``auc_roc`` function of old Keras programs, right under every Keras.

    Three uses:

    - ``model.compile(..., metrics=["accuracy", auc_roc])``. Each compile gets a new metric. It is reset at each
      epoch and before validation, and is logged as ``auc_roc`` and ``val_auc_roc``.
    - ``auc_roc(num_thresholds=1000, curve="PR", name="auc_pr")`` gives a configured metric for the same place: an
      instance of ``keras.metrics.AUC`` that takes all of its options, and those below.
    - ``auc_roc(y_true, y_pred, sample_weight=None)`` gives the AUC of this data, a float, with 200 thresholds. Of the
      options it takes `ignore_class`, `from_logits` and `lower_is_positive`.

    Columns are flattened (micro average). For the mean of the AUCs of the labels, use ``auc_roc(multi_label=True)``. If
    a class is missing, the result is NaN. The mean leaves out a label with one class only; ``left_out()`` names it.

    Args:
        y_true: labels, 0 or 1, of any dtype, one for each score. Beside the columns of a softmax they may be class
            numbers, of shape (rows,) or (rows, 1), which count as one-hot labels. Ragged tensors count as their flat
            values.
        y_pred: scores in [0, 1], of the shape of the labels; any numbers with `from_logits`.
        sample_weight: None, or weights of 0 or more: one in all, one for each row, or one for each score. Where the
            weight is 0, the label and score are ignored.
        num_thresholds: 2 or more. The default is 200, as in TensorFlow 1.
        curve: "ROC" or "PR".
        summation_method: "trapezoidal" (the default, as in TensorFlow 1), "careful_interpolation", or those of
            ``keras.metrics.AUC``.
        from_logits: "sigmoid", or True, for logits that each stand for themselves; "softmax" for logits of classes, of
            which each row has one, in the last axis.
        ignore_class: labels of this value, such as -1 or NaN, are ignored.
        lower_is_positive: whether small scores mean positive. Each counts as ``1 - score``. For distances beyond 1 use
            ``RankAUC(lower_is_positive=True)``.
        keras: the Keras of the model, a module such as ``tf_keras``. Only a program that has several Kerases needs it.

    Two faults show only in what was counted, so a warning comes at the end of an epoch or of `evaluate`, once for each
    metric. The first: with ``from_logits=True``, each row of several columns has exactly one label of 1, as it has for
    a softmax. If a sigmoid is meant, write "sigmoid". (In graph mode, the warning comes when the model is built,
    whatever the labels are.) The second: the result is NaN because a compiled step could not raise an error.

    On several devices the counts are summed. ``tf.distribute`` and ``keras.distribution`` do it by themselves. Keras
    does not know torch's ``DistributedDataParallel``, so sum the counts yourself before ``metric.result()``:
    ``for variable in metric.variables: torch.distributed.all_reduce(variable.value)``. For a compiled model, do so
    before ``model.get_metrics_result()``, with ``model.metrics_variables``. Reset before you count on.

    `RankAUC` has `max_fpr`, which 200 thresholds are too coarse for.

    Raises:
        TypeError: for an unknown option, for `max_fpr`, and for data together with options of the metric.
        ValueError: for shapes that do not fit, and, where the values are known, for labels that are not 0 or 1, scores
            outside [0, 1] or NaN, negative weights. A TensorFlow graph raises
            ``tensorflow.errors.InvalidArgumentError`` instead; JAX and XLA give NaN.
        compat_auc.UnsupportedRuntime: if there is no Keras that can work.

    It is a ``str`` because Keras makes a new metric at each compile only from a name: see
    `compat_auc.metrics.registry`.

    >>> auc_roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> metric = auc_roc(num_thresholds=1000, name="fine_auc")
    >>> _ = metric.update_state([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> print(round(float(metric.result()), 4))
    0.75
    """

    __slots__ = ()
    __name__: str = NAME  # Keras 2 and Keras 3's .h5 format store a callable by it.

    @overload
    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        sample_weight: Any | None = None,
        *,
        ignore_class: float | None = None,
        from_logits: bool | str = False,
        lower_is_positive: bool = False,
    ) -> float: ...

    @overload
    def __call__(self, **options: Any) -> Any: ...

    def __call__(self, y_true: Any = None, y_pred: Any = None, sample_weight: Any | None = None, **options: Any) -> Any:
        if "max_fpr" in options:
            raise TypeError(
                "auc_roc takes no max_fpr: its thresholds are too coarse for a part of the curve. "
                f"Received: max_fpr={options['max_fpr']!r}. In a model use metrics=[RankAUC(max_fpr=...)]. For data "
                "use RocCounts().add(y_true, y_pred).auc(max_fpr=...)."
            )
        if y_true is None and y_pred is None:
            return _new_metric(options.pop("keras", None), options)
        named = ("ignore_class", "from_logits", "lower_is_positive")
        of_data = {option: options.pop(option) for option in named if option in options}
        if options or y_true is None or y_pred is None:
            received = {"y_true": y_true, "y_pred": y_pred, **options}
            raise TypeError(
                "auc_roc takes labels and scores, auc_roc(y_true, y_pred), or options by keyword, "
                "auc_roc(num_thresholds=1000), but not both. "
                f"Received: {', '.join(f'{name}={value!r}' for name, value in received.items())}. "
                "For the AUC of data with options: metric = auc_roc(...); metric.update_state(y_true, y_pred)."
            )
        return _value(y_true, y_pred, sample_weight, of_data)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type]:
        """``class Mine(auc_roc)`` derives from the metric class of the Keras in use."""
        return (_class(None),)


def _new_metric(keras: ModuleType | None, options: dict[str, Any]) -> Any:
    return _class(keras)(**options)


def _class(keras: ModuleType | None) -> Any:
    from compat_auc.metrics.keras_auc import auc_class
    from compat_auc.stack import chosen_keras, runtime

    keras = chosen_keras(keras, NAME)
    runtime(keras)  # Raises if the stack cannot work.
    return auc_class(keras)


def _value(labels: Any, scores: Any, sample_weight: Any, options: dict[str, Any]) -> float:
    from compat_auc.counting.arrays import NoValues
    from compat_auc.counting.thresholds import thresholded_auc

    try:
        return thresholded_auc(labels, scores, sample_weight, **options)
    except NoValues as error:
        raise TypeError(
            f"auc_roc expects labels and scores that have values. Received: y_true={labels!r}, y_pred={scores!r}, "
            "without values yet. In a compiled step, and in a metric function of your own, Keras would average the "
            "AUCs of the batches, which is not the AUC. Pass auc_roc itself: metrics=[auc_roc]."
        ) from error


auc_roc: AucRocName = AucRocName(NAME)
