"""RocCallback: measure the AUC at each epoch's end, as callbacks of old Keras programs do, and write it to the logs."""

from __future__ import annotations

import warnings
from typing import Any, Sequence

import numpy as np

from compat_auc.callback import curves, measurement
from compat_auc.callback.data import Rows, feed
from compat_auc.callback.tensorboard import Board
from compat_auc.counting import by_label, checks
from compat_auc.counting.activation import lacks_softmax, without_softmax
from compat_auc.counting.roc import check_max_fpr
from compat_auc.metrics.directions import minimizers
from compat_auc.metrics.per_keras import OfKeras

_PRINTED = (("", "train"), ("val_", "val"))
_NAMES = {"ROC": "roc_auc", "PR": "average_precision"}


class RocCallback(OfKeras):
    """Measure the exact AUC of training and validation data at each epoch's end; print it and write it to the logs.

    Put it before the callbacks that read its numbers: ``callbacks=[RocCallback((x_train, y_train), (x_val, y_val)),
    EarlyStopping("val_roc_auc", mode="max"), ...]``. It is a ``Callback`` of the Keras in use.

    Args:
        training_data: ``(x, y)`` or ``(x, y, sample_weight)``. x and y are arrays, or lists or dicts of arrays for
            several inputs and outputs. You can also give batches of these: a ``tf.data.Dataset``, a ``Sequence`` or
            ``PyDataset``, a torch ``DataLoader``, a function that returns a generator, or, with `training_steps`, a
            generator. Labels are 0 or 1, of shape (rows,) or (rows, labels), or class numbers, of shape (rows,) or
            (rows, 1), beside the columns of a softmax; each class is then compared with the rest. Scores are any real
            numbers.
        validation_data: the same. If you give no data at all, the numbers come from a metric compiled into the model,
            without another ``predict``: from `RankAUC`, else from `auc_roc`. A note then says how exact they are.
        batch_size: for ``predict``; by default Keras's own.
        interval: measure every `interval` epochs, starting with the first. The other epochs log NaN.
        average: how to average over the labels of an output: "macro", "weighted" by positives, "micro" for all columns
            as one. None gives each label a log key: ``roc_auc_0``, ``roc_auc_1``... A mean leaves out a label with one
            class only.
        sample_weight: one weight for each row of `training_data`, or for each of its scores, as in ``fit``; or a pair
            for training and validation data. If you give only `validation_data`, the weights are for it. A row or
            score of weight 0 counts for nothing.
        verbose: 0 prints nothing.
        training_steps: the number of batches of `training_data` in an epoch.
        validation_steps: the number of batches of `validation_data` in an epoch.
        metric: name of the compiled metric to take the numbers from.
        name: the log key, by default "roc_auc"; validation data gets "val_roc_auc". With several outputs the key is
            ``val_<output>_roc_auc``. For both curves, give a pair of names.
        tensorboard_dir: a folder for the scalars and, with matplotlib, the picture of the curves.
        curve: "ROC"; or "PR" for scikit-learn's average precision, logged as ``average_precision``; or
            ``("ROC", "PR")`` for both, from one ``predict``.
        ignore_class: labels of this value, such as -1 or NaN, and their scores do not count.
        from_logits: "softmax" if the scores are logits of a softmax over the last axis, one column for each class. The
            other values rank the scores as they are. "sigmoid" says that this is meant, and there is no warning about a
            softmax.
        lower_is_positive: whether small scores mean positive, as distances do. Each score counts as ``-score``.
        max_fpr: of the ROC curve, only the area up to this false positive rate, standardized to 0.5 for a random guess
            and 1 for the best, as in ``sklearn.metrics.roc_auc_score(max_fpr=...)``. The drawn curves stay whole.
        label_names: a name for each label, of letters, digits, "_" and "-". Log keys and panels have it in the place
            of a number: ``roc_auc_toxic``. Without data, the names of the compiled `RankAUC` are taken.

    Attributes:
        curves: a dict. Each log key of one label has a list of `compat_auc.callback.curves.Curve` or
            `PrecisionRecall`, one for each measured epoch. Memory is bounded: of very many epochs, some are left out.

    If a measurement fails (other shapes, a generator that has ended, an error in the data's own code), training goes
    on. The logs get NaN, and one warning says why. The same happens if the labels have one class only.

    Raises:
        ValueError: if an argument is seen to be wrong before training.

    >>> import keras, numpy as np
    >>> x, y = np.eye(4), np.array([0, 1, 0, 1])
    >>> model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> logs = model.fit(x, y, verbose=0, callbacks=[RocCallback((x, y), verbose=0)]).history
    >>> sorted(logs)
    ['loss', 'roc_auc']
    """

    def __init__(
        self,
        training_data: Any = None,
        validation_data: Any = None,
        batch_size: int | None = None,
        interval: int = 1,
        average: str | None = "macro",
        sample_weight: Any = None,
        verbose: int = 1,
        training_steps: int | None = None,
        validation_steps: int | None = None,
        metric: str | None = None,
        name: str | Sequence[str] | None = None,
        tensorboard_dir: str | None = None,
        curve: str | Sequence[str] = "ROC",
        ignore_class: float | None = None,
        from_logits: bool | str = False,
        lower_is_positive: bool = False,
        max_fpr: float | None = None,
        label_names: Sequence[str] | None = None,
    ) -> None:
        super().__init__()
        _check_options(interval, average)
        without_data = training_data is None and validation_data is None
        reading = {"ignore_class": ignore_class, "lower_is_positive": lower_is_positive, "from_logits": from_logits}
        _check_data_options(without_data, metric, {**reading, "max_fpr": max_fpr, "label_names": label_names})
        self.max_fpr: float | None = max_fpr
        self.label_names: list[str] | None = None if label_names is None else list(label_names)
        self.interval: int = interval
        self.average: str | None = average
        self.metric: str | None = metric
        self.from_logits: bool | str = from_logits
        self._names = _names(curve, name)
        self.name: str = next(iter(self._names.values()))
        self.verbose: int = verbose
        self.tensorboard_dir: str | None = tensorboard_dir
        weights = _pair_of_weights(sample_weight, training_data, validation_data)
        data = {"": ("training_data", training_data, training_steps)}
        data["val_"] = ("validation_data", validation_data, validation_steps)
        self._feeds = {
            prefix: (called, feed(rows, called, batch_size, steps, weights[prefix], reading))
            for prefix, (called, rows, steps) in data.items()
            if rows is not None
        }
        self._begin()

    # Opened when there is something to write.
    _board: Board | None = None

    def _begin(self) -> None:
        self.curves: dict[str, list[curves.AnyCurve]] = {}
        self._warned: set[str] = set()
        self._noted: set[str] = set()
        # Maps each log key to its kind of curve.
        self._keys: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_board": None}  # The board holds a file, and is opened again later.

    def on_train_begin(self, logs: Any = None) -> None:
        self._begin()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs = {} if logs is None else logs
        is_measured = epoch % self.interval == 0 or not self._keys
        if is_measured:
            values = self._measure(epoch, logs) if self._feeds else self._from_metrics(epoch, logs)
            self._keys = {key: self._keys[key] for key in values}
        else:
            # CSVLogger fails if a later epoch lacks a key of the first epoch.
            values = dict.fromkeys(self._keys, float("nan"))
        for sentence in minimizers(values):
            self._say(sentence, sentence)
        self._write(values, logs)
        if is_measured and self.verbose:
            self._print(values)
        if is_measured and self.tensorboard_dir:
            self._to_board(self.tensorboard_dir, epoch, values)

    def on_train_end(self, logs: Any = None) -> None:
        if self._board is not None:
            self._board.close()
            self._board = None

    def plot(self, path: str | None = None, keys: Any = None) -> Any:
        """Draw the curves of the first, the best and the last epoch, in one panel for each key.

        The legend shows the AUC of a ROC curve with its 95 % interval, or the average precision of the other kind.

        Args:
            path: a file to write. Its ending decides the format.
            keys: keys of `curves`. By default the keys of validation data, or all if there are none; at most twelve.

        Returns:
            A ``matplotlib.figure.Figure``.

        Raises:
            ImportError: without matplotlib (the extra ``plot``).
            ValueError: if there are no curves yet, or if a key has none.
        """
        figure = curves.draw(self.curves, keys)
        if path is not None:
            figure.savefig(path)
        return figure

    def _measure(self, epoch: int, logs: dict[str, Any]) -> dict[str, float]:
        values: dict[str, float] = {}
        for prefix, (called, source) in self._feeds.items():
            try:
                for output, rows in source.rows(self.model).items():
                    self._look_for_softmax(rows)
                    values.update(self._areas(epoch, prefix + (output + "_" if output else ""), rows))
            # The training and its logs are worth more than one measurement, so no error of the data ends it.
            except Exception as error:
                self._say(prefix + "failed", f"no AUC of {called} in epoch {epoch + 1}, NaN is logged: {error}")
                for curve, name in self._names.items():
                    keys = [key for key in self._keys_of(curve) if key.startswith("val_") == bool(prefix)]
                    nan = dict.fromkeys(keys or [prefix + name], float("nan"))
                    values.update(self._keep(curve, measurement.Measurement(nan, {}, {})))
        if "val_" not in self._feeds and "val_loss" in logs:
            self._say(
                "no validation",
                f"fit has validation data, this callback has none, so there is no val_{self.name}. Pass "
                "validation_data=(x_val, y_val), or no data at all and RankAUC() among the model's metrics.",
            )
        return values

    def _look_for_softmax(self, rows: Rows) -> None:
        labels, scores, _ = rows
        if not isinstance(self.from_logits, str) and lacks_softmax(labels == 1, scores, labels != by_label.LEFT_OUT):
            self._say("softmax", without_softmax("it got", scores.shape[-1]))

    def _areas(self, epoch: int, prefix: str, rows: Rows) -> dict[str, float]:
        values: dict[str, float] = {}
        for curve, name in self._names.items():
            limit = self.max_fpr if curve == "ROC" else None
            measured = measurement.of_rows(epoch, prefix + name, rows, curve, self.average, limit, self.label_names)
            values.update(self._keep(curve, measured))
        return values

    def _from_metrics(self, epoch: int, logs: dict[str, Any]) -> dict[str, float]:
        from compat_auc.callback.compiled_metric import of_metric

        values: dict[str, float] = {}
        for curve, name in self._names.items():
            measured = of_metric(epoch, self.model, logs, curve, name, self.metric, self._keys_of(curve))
            if measured.note and self.verbose and curve not in self._noted:
                print(measured.note)
                self._noted.add(curve)
            values.update(self._keep(curve, measured))
        return values

    def _keys_of(self, curve: str) -> list[str]:
        return [key for key, of_key in self._keys.items() if of_key == curve]

    def _keep(self, curve: str, measured: measurement.Measurement) -> dict[str, float]:
        for key, new in measured.curves.items():
            curves.keep(self.curves, key, new)
        for topic, sentence in measured.complaints.items():
            self._say(topic, sentence)
        self._keys.update(dict.fromkeys(measured.values, curve))
        return measured.values

    def _write(self, values: dict[str, float], logs: dict[str, Any]) -> None:
        taken = sorted(set(values) & set(logs))
        if taken:
            self._say(
                "taken",
                f"the logs already have {taken}, from another callback or metric, and keep what they have. Give this "
                'callback another name: RocCallback(..., name="other_roc_auc").',
            )
        logs.update({key: value for key, value in values.items() if key not in logs})

    def _print(self, values: dict[str, float]) -> None:
        parts: list[str] = []
        for curve in self._names:
            of_curve = {key: value for key, value in values.items() if self._keys.get(key) == curve}
            for prefix, title in _PRINTED:
                areas = [value for key, value in of_curve.items() if key.startswith("val_") == bool(prefix)]
                if areas:
                    rounded = " ".join(str(round(area, 4)) for area in areas)
                    parts.append(f"{_NAMES[curve].replace('_', '-')}_{title}: {rounded}")
        # The old callback ended its line so too: the blanks wipe the rest of Keras's progress bar.
        print("\r" + " - ".join(parts), end=100 * " " + "\n")

    def _to_board(self, folder: str, epoch: int, values: dict[str, float]) -> None:
        try:
            if self._board is None:
                self._board = Board(folder)
            self._board.scalars(values, epoch)
            if self.curves:
                self._board.picture(f"{self.name} curves", curves.draw(self.curves), epoch)
        except Exception as error:
            self._say("board", f"TensorBoard's folder lacks what this says: {error}")

    def _say(self, topic: str, sentence: str) -> None:
        """Warn once in a training about each topic."""
        if topic not in self._warned:
            self._warned.add(topic)
            warnings.warn(f"RocCallback: {sentence}", stacklevel=3)


def _check_options(interval: Any, average: Any) -> None:
    if not isinstance(interval, (int, np.integer)) or interval < 1:
        raise ValueError(f"interval must be a number of epochs, 1 or more. Received: {interval!r}")
    if average not in by_label.AVERAGES:
        raise ValueError(f"average must be one of {by_label.AVERAGES}. Received: {average!r}")


def _names(curve: str | Sequence[str], name: str | Sequence[str] | None) -> dict[str, str]:
    """Return the log key of each kind of curve."""
    kinds: list[Any] = list(curve) if isinstance(curve, (tuple, list)) else [curve]
    if not kinds or any(kind not in list(_NAMES) for kind in kinds) or len(set(kinds)) < len(kinds):
        raise ValueError(f'curve must be "ROC", "PR", or ("ROC", "PR"). Received: {curve!r}')
    names = [_NAMES[kind] for kind in kinds] if name is None else [name] if isinstance(name, str) else name
    right = isinstance(names, (tuple, list)) and all(isinstance(part, str) for part in names)
    if not right or len(names) != len(kinds) or len(set(names)) < len(names):
        raise ValueError(f"name must be one for each curve of {kinds}. Received: {name!r}")
    return dict(zip(kinds, names))


def _pair_of_weights(sample_weight: Sequence[Any] | None, training_data: Any, validation_data: Any) -> dict[str, Any]:
    if isinstance(sample_weight, (tuple, list)) and len(sample_weight) == 2:
        return dict(zip(("", "val_"), sample_weight))
    alone = training_data is None and validation_data is not None
    return {"": None if alone else sample_weight, "val_": sample_weight if alone else None}


def _check_data_options(without_data: bool, metric: str | None, options: dict[str, Any]) -> None:
    if metric is not None and not without_data:
        raise ValueError(f"RocCallback takes metric= only without data. Received: data, metric={metric!r}")
    checks.check_ignore_class(options["ignore_class"], "RocCallback")
    checks.check_from_logits(options["from_logits"], "RocCallback")
    check_max_fpr(options["max_fpr"])
    checks.check_label_names(options["label_names"], "RocCallback")
    for option, value in options.items():
        if without_data and value is not None and value is not False:
            raise ValueError(
                f"RocCallback without data takes no {option}: give it to the compiled metric. "
                f"Received: {option}={value!r}"
            )
