"""RocCallback: the epoch-end callback of old Keras programs, whose numbers reach the logs."""

import warnings
from typing import Any, Dict, List, Optional

import numpy as np

from compat_auc.callback import curves
from compat_auc.callback.classes import OfKeras
from compat_auc.callback.data import feed
from compat_auc.counting import by_label

_PRINTED = (("", "train"), ("val_", "val"))


class RocCallback(OfKeras):
    """The exact ROC AUC of training and validation data at each epoch's end, printed and written into the logs.

    Put it before the callbacks that read its numbers: ``callbacks=[RocCallback((x_train, y_train), (x_val, y_val)),
    EarlyStopping("val_roc_auc", mode="max"), ...]``. It is a ``Callback`` of the Keras in use.

    Args:
        training_data: ``(x, y)`` or ``(x, y, sample_weight)``. x and y are arrays, or lists or dicts of arrays for
            several inputs and outputs. Or batches of these: a ``tf.data.Dataset``, a ``Sequence`` or ``PyDataset``, a
            torch ``DataLoader``, a function that returns a generator, or, with `training_steps`, a generator.
            Labels are 0 or 1, of shape (rows,) or (rows, labels); scores are any real numbers.
        validation_data: the same. With neither, the numbers come from a metric compiled into the model, without another
            ``predict``: from `RankAUC`, or from `auc_roc`, and then a note says how exact that is.
        batch_size: for ``predict``; Keras's own by default.
        interval: epochs from one measurement to the next, the first epoch being measured. In between the logs have NaN.
        average: over the labels of an output: "macro", "weighted" by positives, "micro" for all columns as one, or None
            for one log key a label, ``roc_auc_0``, ``roc_auc_1``... Means leave out a label with one class only.
        sample_weight: one weight for each row of `training_data`, as in ``fit``, or a pair for both data; of
            `validation_data` where it is alone.
        verbose: 0 prints nothing.
        training_steps: batches of `training_data` that are an epoch.
        validation_steps: batches of `validation_data` that are an epoch.
        metric: name of the compiled metric to take the numbers from.
        name: of the log key, "roc_auc"; the other is "val_roc_auc". Several outputs: ``val_<output>_roc_auc``.
        tensorboard_dir: a folder for the scalars and, with matplotlib, the picture of the curves.

    Attributes:
        curves: for each log key of one label a list of `compat_auc.callback.curves.Curve`, one for each measured
            epoch; in bounded memory, so of very many epochs some are left out.

    Training goes on where a measurement fails (other shapes, a generator that has ended, an error of the data's own):
    the logs have NaN, and one warning says why. Where labels have one class only: the same.

    Raises:
        ValueError: for arguments that are wrong before training.

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
        batch_size: Optional[int] = None,
        interval: int = 1,
        average: Optional[str] = "macro",
        sample_weight: Any = None,
        verbose: int = 1,
        training_steps: Optional[int] = None,
        validation_steps: Optional[int] = None,
        metric: Optional[str] = None,
        name: str = "roc_auc",
        tensorboard_dir: Optional[str] = None,
    ) -> None:
        super().__init__()
        if not isinstance(interval, (int, np.integer)) or interval < 1:
            raise ValueError(f"interval must be a number of epochs, 1 or more. Received: {interval!r}")
        if average not in by_label.AVERAGES:
            raise ValueError(f"average must be one of {by_label.AVERAGES}. Received: {average!r}")
        if metric is not None and not (training_data is None and validation_data is None):
            raise ValueError(f"give data, or metric={metric!r} to do without, but not both")
        self.interval: int = interval
        self.average: Optional[str] = average
        self.metric: Optional[str] = metric
        self.name: str = name
        self.verbose: int = verbose
        self.tensorboard_dir: Optional[str] = tensorboard_dir
        weights = _pair_of_weights(sample_weight, training_data, validation_data)
        data = {"": ("training_data", training_data, training_steps)}
        data["val_"] = ("validation_data", validation_data, validation_steps)
        self._feeds = {
            prefix: (called, feed(given, called, batch_size, steps, weights[prefix]))
            for prefix, (called, given, steps) in data.items()
            if given is not None
        }
        self._board = None
        self._begin()

    def _begin(self):
        self.curves: Dict[str, List[curves.Curve]] = {}
        self._said, self._keys = set(), []

    def __getstate__(self) -> Dict[str, Any]:
        return {**super().__getstate__(), "_board": None}  # It holds a file, and is opened again.

    def on_train_begin(self, logs: Any = None) -> None:
        self._begin()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs = {} if logs is None else logs
        measured = epoch % self.interval == 0 or not self._keys
        if measured:
            found = self._measure(epoch, logs) if self._feeds else self._from_metric(epoch, logs)
            self._keys = list(found)
        else:
            # CSVLogger fails where a key of the first epoch is missing later.
            found = dict.fromkeys(self._keys, float("nan"))
        self._write(found, logs)
        if measured and self.verbose:
            self._print(found)
        if measured and self.tensorboard_dir:
            self._to_board(epoch, found)

    def on_train_end(self, logs: Any = None) -> None:
        if self._board is not None:
            self._board.close()
            self._board = None

    def plot(self, path: Optional[str] = None, keys: Any = None) -> Any:
        """Draw the first, the best and the last epoch's curves, with AUC and 95 % interval; a panel for each key.

        Args:
            path: a file to write, its format by its ending.
            keys: of `curves`; without, those of the validation data if there are any, at most twelve.

        Returns:
            A ``matplotlib.figure.Figure``.

        Raises:
            ImportError: without matplotlib (the extra ``plot``).
            ValueError: before there are curves, and for a key that has none.
        """
        figure = curves.draw(self.curves, keys)
        if path is not None:
            figure.savefig(path)
        return figure

    def _measure(self, epoch, logs):
        found = {}
        for prefix, (called, one_feed) in self._feeds.items():
            known = [key for key in self._keys if key.startswith("val_") == bool(prefix)] or [prefix + self.name]
            try:
                for output, rows in one_feed.rows(self.model).items():
                    key = prefix + (output + "_" if output else "") + self.name
                    found.update(self._areas(epoch, key, rows))
            # Whatever is wrong with the data, the training and its logs are worth more.
            except Exception as error:
                self._say(prefix + "failed", f"no AUC of {called} in epoch {epoch + 1}, NaN is logged: {error}")
                found.update(dict.fromkeys(known, float("nan")))
        if "val_" not in self._feeds and "val_loss" in logs:
            self._say(
                "no validation",
                f"fit has validation data, this callback has none, so there is no val_{self.name}. Pass "
                "validation_data=(x_val, y_val), or no data at all and RankAUC() among the model's metrics.",
            )
        return found

    def _areas(self, epoch, key, rows):
        labels, scores, weights = by_label.flat(*rows) if self.average == "micro" else rows
        areas = by_label.label_areas(labels, scores, weights)
        keys = [key] if len(areas) == 1 else [f"{key}_{label}" for label in range(len(areas))]
        for label, area in enumerate(areas):
            if not np.isnan(area):
                new = curves.curve_of_rows(epoch + 1, labels[:, label], scores[:, label], weights, area)
                curves.keep(self.curves, keys[label], new)
        self._say_one_class(key, areas, labels)
        if len(areas) == 1 or self.average is None:
            return dict(zip(keys, areas.tolist()))
        return {key: by_label.average(areas, labels, weights, self.average)}

    def _say_one_class(self, key, areas, labels):
        missing = np.flatnonzero(np.isnan(areas))
        if len(missing) == len(areas):
            self._say(key, f"{key} is NaN: the labels have one class only, {np.unique(labels).tolist()}")
        elif len(missing):
            what = "has NaN for" if self.average is None else "leaves out"
            self._say(key, f"{key} {what} the labels {missing.tolist()}, which have one class only")

    def _from_metric(self, epoch, logs):
        from compat_auc.callback import compiled_metric

        metric = compiled_metric.find(self.model, self.metric)
        source = self.metric or (metric.name if metric is not None else None)
        outputs = getattr(self.model, "output_names", None) or []
        values = compiled_metric.logged(logs, source, self.name, outputs) if source else {}
        if not values:
            wanted = f"the metric {source!r}" if source else "RankAUC or auc_roc"
            self._say(
                "no metric",
                f"no data was given, and the logs have no value of {wanted}, so {self.name} is NaN. They have "
                f"{sorted(logs)}. Pass validation_data=(x, y), or compile with metrics=[RankAUC()].",
            )
            return dict.fromkeys(self._keys or [self.name], float("nan"))
        # The state of the metric is that of the last phase: validation, if there was one.
        of_state = [key for key in values if key.startswith("val_")] or list(values)
        found = {
            key if np.ndim(value) == 0 else f"{key}_{label}": float(part)
            for key, value in values.items()
            for label, part in enumerate(np.ravel(value))
        }
        undefined = [key for key, value in found.items() if np.isnan(value)]
        if undefined:
            reason = "labels of one class only, or garbage that nothing could be raised for"
            self._say("NaN", f"{undefined} is NaN, as the metric {source!r} is: {reason}")
        elif metric is not None and len(of_state) == 1:
            self._keep_counts(epoch, metric, of_state[0])
        return found

    def _keep_counts(self, epoch, metric, key):
        from compat_auc.callback import compiled_metric

        by_label = compiled_metric.counts(metric)
        missing = []
        for label, (positive, negative) in enumerate(by_label):
            new = curves.curve(epoch + 1, positive, negative)
            if new is None:
                missing.append(label)
            else:
                curves.keep(self.curves, key if len(by_label) == 1 else f"{key}_{label}", new)
        if missing:
            self._say(key, f"{key} leaves out the labels {missing}, which have one class only")
        if "note" not in self._said and self.verbose:
            print(compiled_metric.note(metric, key))
            self._said.add("note")

    def _write(self, found, logs):
        taken = sorted(set(found) & set(logs))
        if taken:
            self._say(
                "taken",
                f"the logs already have {taken}, from another callback or metric, and keep what they have. Give this "
                'callback a name of its own: RocCallback(..., name="other_roc_auc").',
            )
        logs.update({key: value for key, value in found.items() if key not in logs})

    def _print(self, found):
        parts = []
        for prefix, title in _PRINTED:
            values = [value for key, value in found.items() if key.startswith("val_") == bool(prefix)]
            if values:
                rounded = [str(round(value, 4)) for value in values]
                parts.append(f"roc-auc_{title}: {rounded[0] if len(rounded) == 1 else ' '.join(rounded)}")
        # The end of the old one: it wipes the rest of Keras's progress bar.
        print("\r" + " - ".join(parts), end=100 * " " + "\n")

    def _to_board(self, epoch, found):
        try:
            if self._board is None:
                from compat_auc.callback.tensorboard import Board

                self._board = Board(self.tensorboard_dir)
            self._board.scalars(found, epoch)
            if self.curves:
                self._board.picture(f"{self.name} curves", curves.draw(self.curves), epoch)
        except Exception as error:
            self._say("board", f"TensorBoard's folder lacks what this says: {error}")

    def _say(self, topic, sentence):
        """A warning, once a training for each topic."""
        if topic not in self._said:
            self._said.add(topic)
            warnings.warn(f"RocCallback: {sentence}", stacklevel=3)


def _pair_of_weights(sample_weight, training_data, validation_data):
    if isinstance(sample_weight, (tuple, list)) and len(sample_weight) == 2:
        return dict(zip(("", "val_"), sample_weight))
    alone = training_data is None and validation_data is not None
    return {"": None if alone else sample_weight, "val_": sample_weight if alone else None}
