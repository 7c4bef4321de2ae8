"""Get labels and scores for RocCallback from arrays, batches, generators or ``tf.data``, on any Keras.

At an epoch's end, RocCallback asks a feed for the rows of each output of the model. Labels and weights are those that
the user gave; the model predicts the scores at that moment. This module computes no AUC.
"""

from __future__ import annotations

import itertools
import sys
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Sequence, Union, cast

import numpy as np

from compat_auc.backends import to_numpy
from compat_auc.counting import arrays
from compat_auc.counting.by_label import LEFT_OUT
from compat_auc.counting.rows import checked
from compat_auc.stack import in_graph_mode

# Values of one output, or of several outputs by position or by name: as the user gave them, and as arrays.
Nested = Union[np.ndarray, Sequence[Any], Dict[str, Any]]
Arrays = Union[np.ndarray, List[np.ndarray], Dict[str, np.ndarray]]


class Rows(NamedTuple):
    """Labels, scores and weights of shape (rows, columns). Labels are 0, 1 or `LEFT_OUT`; weights may be None."""

    labels: np.ndarray
    scores: np.ndarray
    weights: np.ndarray | None


class RowReader(NamedTuple):
    """Reads the rows of an output.

    Attributes:
        name: names the data in error messages.
        ignore_class: labels of this value, which may be NaN, and their scores do not count.
        lower_is_positive: whether small scores mean positive. The scores are then ``-score``.
        from_logits: "softmax" replaces the scores by their softmax. The other values leave them as they are.
    """

    name: str
    ignore_class: float | None = None
    lower_is_positive: bool = False
    from_logits: bool | str = False

    def rows(self, labels: Any, scores: Any, weights: Any, output: str = "") -> Rows:
        """Check labels, scores and weights. Class numbers become one label for each column of the scores.

        Raises:
            ValueError: for shapes that do not fit, and for wrong values that count.
        """
        positive, scores, weights, kept = checked(
            labels, scores, weights, self.ignore_class, metric=self.metric(output),
            lower_is_positive=self.lower_is_positive,
            from_logits="softmax" if self.from_logits == "softmax" else "sigmoid",  # "sigmoid" warns of nothing.
        )  # fmt: skip
        marked = (positive if kept is None else np.where(kept, positive, LEFT_OUT)).astype(np.int8)
        shape = [-1, scores.shape[-1] if scores.ndim > 1 else 1]
        return Rows(marked.reshape(shape), scores.reshape(shape), None if weights is None else weights.reshape(shape))

    def metric(self, output: str = "") -> str:
        """The start of an error message."""
        return f"RocCallback ({self.name}{f', output {output!r}' if output else ''})"

    # NumPy before 1.22 warns where NaN is compared.
    @np.errstate(invalid="ignore")
    def check_labels(self, labels: Any, weights: Any) -> None:
        """Raise for labels that are wrong whatever the scores. Whole numbers may be class numbers."""
        if arrays.is_ragged(labels):
            return
        if not labels.shape[1:] or labels.shape[-1] == 1:
            is_class = (labels > 1) & (labels == np.floor(labels))
            if is_class.any() and np.ndim(weights) > labels.ndim:  # One for each score, which the labels do not show.
                weights = None
            labels = np.where(is_class, 1, labels)
        self._replace(from_logits=False).rows(labels, np.zeros(labels.shape, np.float32), weights)


def feed(
    data: Any,
    name: str,
    batch_size: int | None = None,
    steps: int | None = None,
    weights: Any = None,
    reading: dict[str, Any] | None = None,
) -> ArrayFeed | BatchFeed:
    """Make the feed for the data that a user gave; see `RocCallback`.

    Raises:
        ValueError: if the data is seen to be wrong before training.
    """
    reader = RowReader(name, **(reading or {}))
    if isinstance(data, (tuple, list)):
        parts = cast("tuple[Any, ...]", data)
        if len(parts) not in (2, 3) or (len(parts) == 3 and weights is not None and parts[2] is not None):
            raise ValueError(
                f"{name} must be (x, y), or (x, y, sample_weight) without another sample_weight for it, or batches of "
                f"these. Received: a {type(parts).__name__} of {len(parts)}"
            )
        if steps is not None:
            steps_name = name.replace("_data", "_steps")
            raise ValueError(
                f"{steps_name} is for {name} that is batches. Received: {steps_name}={steps!r}, {name}=(x, y)"
            )
        x, y, third = (*parts, None)[:3]
        return ArrayFeed(x, y, weights if third is None else third, batch_size, reader)
    if weights is not None:
        raise ValueError(f"{name} comes in batches: give its weights with them, as (x, y, sample_weight).")
    return BatchFeed(data, steps, reader)


class ArrayFeed:
    """Feed of rows that are all in memory: ``(x, y)``, each an array, or a list or dict of arrays."""

    def __init__(self, x: Any, y: Any, weights: Any, batch_size: int | None, reader: RowReader) -> None:
        self._x = x if all(hasattr(leaf, "shape") for leaf in _leaves(x)) else np.asarray(x)
        self._batch_size, self._reader = batch_size, reader
        self._labels = _arrays(y, arrays.LABELS, reader)
        self._weights = None if weights is None else _arrays(weights, arrays.WEIGHTS, reader)
        lengths = [_length(leaf) for leaf in _leaves(self._x) + _leaves(self._labels) + _leaves(self._weights)]
        if len(set(lengths)) > 1:
            raise ValueError(
                f"{reader.name}: x, y and sample_weight must have the same number of rows. Received: {lengths}"
            )
        for leaf, of_leaf in _pairs(self._labels, self._weights):
            reader.check_labels(leaf, of_leaf)

    def rows(self, model: Any) -> dict[str, Rows]:
        """Predict, and return the rows of each output by its name. The key of a single output is ""."""
        scores = model.predict(self._x, batch_size=self._batch_size, verbose=0)
        return _by_output(model, self._labels, scores, self._weights, self._reader)


class BatchFeed:
    """Feed of rows in batches ``(x, y)`` or ``(x, y, sample_weight)``."""

    def __init__(self, batches: Any, steps: int | None, reader: RowReader) -> None:
        self._batches, self._steps, self._reader = batches, steps, reader
        name = reader.name
        self._next_in_graph: tuple[Any, Any] | None = None
        if steps is None and (_is_generator(batches) or _is_endless(batches)):
            raise ValueError(
                f"{name} is {batches!r}, whose end is not known. Say how many batches an epoch takes "
                f"({name.replace('_data', '_steps')}=...), or give a function that returns a new generator each time."
            )
        if not (callable(batches) or _is_sequence(batches) or hasattr(batches, "__iter__")):
            raise ValueError(f"{name} must be (x, y), or batches of it. Received: {batches!r}")

    def rows(self, model: Any) -> dict[str, Rows]:
        """Like `ArrayFeed.rows`, but over the batches of the next epoch."""
        by_output: dict[str, list[Rows]] = {}
        count = 0
        for batch in itertools.islice(self._iterate(), self._steps):
            x, y, weights = self._parts(batch)
            scores = model.predict_on_batch(_numpy_leaves(x))
            labels = _arrays(y, arrays.LABELS, self._reader)
            weights = None if weights is None else _arrays(weights, arrays.WEIGHTS, self._reader)
            for output, rows in _by_output(model, labels, scores, weights, self._reader).items():
                by_output.setdefault(output, []).append(rows)
            count += 1
        if count < (self._steps or 1):
            of = "" if self._steps is None else f" of {self._steps}"
            raise ValueError(f"{self._reader.name} ended after {count}{of} batches")
        return {output: _joined(parts) for output, parts in by_output.items()}

    def _parts(self, batch: Sequence[Any]) -> tuple[Any, Any, Any]:
        if not isinstance(batch, (tuple, list)) or len(batch) not in (2, 3):
            raise ValueError(
                f"{self._reader.name}: a batch must be (x, y) or (x, y, sample_weight). Received: {type(batch)}"
            )
        return batch[0], batch[1], batch[2] if len(batch) == 3 else None

    def _iterate(self) -> Iterator[Any]:
        batches = self._batches
        if _is_sequence(batches):
            return (batches[index] for index in range(len(batches)))
        if _is_dataset(batches) and in_graph_mode():
            return self._iterate_in_graph()
        return iter(cast("Iterable[Any]", batches() if callable(batches) else batches))

    def _iterate_in_graph(self) -> Iterator[Any]:
        tf = sys.modules["tensorflow"]
        if self._next_in_graph is None:
            iterator = tf.compat.v1.data.make_initializable_iterator(self._batches)
            self._next_in_graph = iterator.initializer, iterator.get_next()
        initializer, following = self._next_in_graph
        # In a with statement, Keras would predict in this session, where the weights are not initialized.
        session = tf.compat.v1.Session(graph=initializer.graph)
        try:
            session.run(initializer)
            while True:
                yield session.run(following)
        except tf.errors.OutOfRangeError:
            return
        finally:
            session.close()


def _pairs(labels: Arrays, weights: Arrays | None) -> list[tuple[np.ndarray, np.ndarray | None]]:
    """Pair each array of labels with its weights, by name or position. One array of weights is for all labels.

    Returns no pairs if one is by name and the other by position: only the model knows which belong together.
    """
    if isinstance(labels, dict):
        if isinstance(weights, list):
            return []
        return [(labels[key], weights.get(key) if isinstance(weights, dict) else weights) for key in labels]
    if isinstance(labels, list):
        if isinstance(weights, dict):
            return []
        return list(zip(labels, weights if isinstance(weights, list) else [weights] * len(labels)))
    return [(labels, (_leaves(weights) or [None])[0])]


def _by_output(
    model: Any, labels: Arrays, scores: Nested, weights: Arrays | None, reader: RowReader
) -> dict[str, Rows]:
    if not isinstance(scores, (list, tuple, dict)):
        (only,), weight = _leaves(labels), (_leaves(weights) or [None])[0]
        return {"": reader.rows(only, scores, weight)}
    labels_of, scores_of = _named(model, labels, reader.name), _named(model, scores, reader.name)
    if isinstance(weights, (list, dict)):
        weights_of = _named(model, weights, reader.name)
    else:
        weights_of = dict.fromkeys(scores_of, weights)
    return {
        output: reader.rows(these, scores_of[output], weights_of.get(output), output)
        for output, these in labels_of.items()
    }


def _named(model: Any, arrays: Nested, name: str) -> dict[str, Any]:
    """Return the arrays by the name of their output. A dict of labels may leave outputs out."""
    if not isinstance(arrays, dict):
        arrays = list(arrays) if isinstance(arrays, (list, tuple)) else [arrays]
        if len(arrays) != len(model.output_names):
            raise ValueError(
                f"{name} must have labels for the outputs {model.output_names}. Received: labels for {len(arrays)} "
                "outputs"
            )
        return dict(zip(model.output_names, arrays))
    unknown = set(arrays) - set(model.output_names)
    if unknown:
        raise ValueError(
            f"{name} must have labels for the outputs {model.output_names}. Received: also {sorted(unknown)}"
        )
    return arrays


def _joined(parts: list[Rows]) -> Rows:
    weights = None
    if any(part.weights is not None for part in parts):
        weights = np.concatenate([np.ones(p.labels.shape) if p.weights is None else p.weights for p in parts])
    return Rows(np.concatenate([p.labels for p in parts]), np.concatenate([p.scores for p in parts]), weights)


def _arrays(values: Nested, what: str, reader: RowReader) -> Arrays:
    """Return a dict of arrays, a list of arrays for several outputs, or one array. Ragged tensors stay."""

    def array(part: Any) -> Any:
        return part if arrays.is_ragged(part) else arrays.numbers(part, what, reader.metric())

    if isinstance(values, dict):
        return {key: array(value) for key, value in values.items()}
    if isinstance(values, (list, tuple)) and all(len(getattr(part, "shape", ())) for part in values):
        return [array(part) for part in values]
    return array(values)


def _leaves(nested: Nested | None) -> list[Any]:
    if nested is None:
        return []
    if isinstance(nested, dict):
        return list(nested.values())
    return list(nested) if isinstance(nested, (list, tuple)) else [nested]


def _numpy_leaves(x: Nested) -> Arrays:
    def array(part: Any) -> Any:
        return part if arrays.is_ragged(part) else to_numpy(part)

    if isinstance(x, dict):
        return {key: array(value) for key, value in x.items()}
    return [array(part) for part in x] if isinstance(x, (list, tuple)) else array(x)


def _length(array: Any) -> int:
    return int(array.shape[0]) if len(array.shape) else 0


def _is_sequence(batches: Any) -> bool:
    return hasattr(batches, "__getitem__") and hasattr(batches, "__len__")


def _is_generator(batches: Any) -> bool:
    return hasattr(batches, "__next__") and not _is_sequence(batches)


def _is_dataset(batches: Any) -> bool:
    tf = sys.modules.get("tensorflow")
    return tf is not None and isinstance(batches, (tf.data.Dataset, tf.compat.v1.data.Dataset))


def _is_endless(batches: Any) -> bool:
    if not _is_dataset(batches) or in_graph_mode() or not hasattr(batches, "cardinality"):
        return False
    return int(batches.cardinality()) == -1  # tf.data.INFINITE_CARDINALITY, not exported before TensorFlow 2.3
