"""Look at what a metric has counted outside of a compiled step, and warn of what the step could not say.

Keras 3, and Keras 2 since TensorFlow 2.12, read the result once more at the end of an epoch and of `evaluate`, where
variables have values. They reset the metric before the next. A step of training costs nothing for it.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from compat_auc.backends import Tensor, static_shape
from compat_auc.counting import checks
from compat_auc.counting.activation import CURE, without_softmax
from compat_auc.metrics.directions import minimizers
from compat_auc.metrics.keras_metric import KerasMetric
from compat_auc.stack import in_graph_mode

# Operations that end a model without an activation.
_LINEAR = ("BiasAdd", "MatMul")


class Totals(NamedTuple):
    """What a metric has counted.

    Attributes:
        positives: the weight of the positive labels.
        negatives: the weight of the negative labels.
        are_logits: whether scores lie outside [0, 1].
    """

    positives: float
    negatives: float
    are_logits: bool


class Inspected(KerasMetric):
    """Mixin: warn once about NaN counts, rows of logits with one label each, and callbacks that minimize an AUC.

    A metric calls `_inspect` in ``result`` and ``reset_state``, and `_note_columns` in ``update_state``.
    """

    _may_become_nan = True  # Until there was a warning.
    _may_lack_softmax = True  # Until there was a warning, or a row with no label or several.
    _may_be_minimized = True  # Until there was a warning.
    _is_inspected = False  # In this phase: from one reset to the next.
    _columns: int | None = None  # 0 if batches differ.

    def _totals_now(self) -> Totals | None:
        """What is counted, or None where variables have no values."""
        raise NotImplementedError

    def _note_columns(self, scores: Tensor, may_lack_softmax: bool, are_logits: bool) -> None:
        """Remember the number of columns. In graph mode, where nothing looks at counts, warn when the graph is built.

        Args:
            scores: of the batch.
            may_lack_softmax: whether the options leave open if the scores are logits of a softmax.
            are_logits: whether scores must be logits.
        """
        shape = static_shape(scores)
        columns = shape[-1] if checks.has_columns(shape) else 0
        self._columns = columns if self._columns in (None, columns) else 0
        self._may_lack_softmax = self._may_lack_softmax and may_lack_softmax
        if self._columns and self._may_lack_softmax and in_graph_mode() and (are_logits or scores.op.type in _LINEAR):
            self._may_lack_softmax = False
            _warn(f"{self.name} counts logits of {columns} columns. {CURE}")

    def reset_state(self) -> None:
        self._inspect(ends_phase=True)
        super().reset_state()

    def _look_at_callbacks(self) -> None:
        if self._may_be_minimized:
            for sentence in minimizers([self.name]):
                self._may_be_minimized = False
                _warn(sentence)

    def _inspect(self, ends_phase: bool = False) -> None:
        if ends_phase:
            self._look_at_callbacks()
        is_due = self._may_become_nan or (self._may_lack_softmax and self._columns)
        totals = self._totals_now() if is_due and (ends_phase or not self._is_inspected) else None
        self._is_inspected = self._is_inspected and not ends_phase
        total = 0.0 if totals is None else totals.positives + totals.negatives
        if totals is None or total == 0:
            return
        self._is_inspected = not ends_phase
        if np.isnan(total):
            if self._may_become_nan:
                self._may_become_nan = False
                _warn(f"{self.name} {_NAN}")
        elif self._columns and self._may_lack_softmax:
            has_one_label_a_row = np.isclose(totals.positives * self._columns, total, rtol=1e-6, atol=0)
            self._may_lack_softmax = bool(has_one_label_a_row and not totals.are_logits)
            if has_one_label_a_row and totals.are_logits:
                _warn(without_softmax(f"{self.name} has counted", self._columns))


_NAN = (
    "is NaN because a compiled step has met labels that are not 0 or 1, scores that are NaN or not allowed, or "
    "negative weights. JAX and XLA raise no error there. To see the values, compile with run_eagerly=True: then an "
    'error names them. If they are logits: auc_roc takes them with from_logits=True, or from_logits="softmax" for '
    "several columns with exactly one label of 1 in each row."
)


def _warn(sentence: str) -> None:
    warnings.warn(sentence, UserWarning, stacklevel=4)
