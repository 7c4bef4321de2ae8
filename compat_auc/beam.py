"""An Apache Beam `CombineFn` for the ROC curve of a table of any size, or of each of its keys (extra `beam`)."""

from __future__ import annotations

from typing import Any, Iterable

import apache_beam as beam
import numpy as np

from compat_auc.counting.buckets import DEFAULT_RESOLUTION
from compat_auc.counting.roc_counts import RocCounts

# Rows to collect before they are counted: counting one costs as much as counting thousands.
_WAITING = 8192


class _Accumulator:
    """`RocCounts`, and the rows that it has not counted yet. Only the counts leave a worker.

    The counts are made when there is something to count, so that many keys with few rows take little memory.
    """

    def __init__(self, resolution: int, ignore_class: float | None = None, counts: RocCounts | None = None) -> None:
        self.resolution: int = resolution
        self.ignore_class: float | None = ignore_class
        self.waiting: list[tuple[Any, ...]] = []
        self._counts: RocCounts | None = counts

    def add(self, *rows: Any) -> None:
        if self._counts is None:
            self._counts = RocCounts(self.resolution)
        self._counts.add(*rows, ignore_class=self.ignore_class)

    def counts(self) -> RocCounts:
        self.add(*np.array(self.waiting, np.float64).reshape(-1, 3).T)
        self.waiting = []
        assert self._counts is not None
        return self._counts

    def __reduce__(self) -> tuple[Any, ...]:
        return _Accumulator, (self.resolution, self.ignore_class, self.counts())


class RocCountsCombineFn(beam.CombineFn):
    """Combine ``(label, score)`` or ``(label, score, weight)`` rows into `RocCounts`.

    For a whole table: ``rows | beam.CombineGlobally(RocCountsCombineFn())``; for each key:
    ``keyed_rows | beam.CombinePerKey(RocCountsCombineFn())``. A row may also hold one-dimensional arrays: a batch of
    rows, which is many times faster. Labels are 0 or 1. Scores are any real numbers. A missing weight is 1. A row of
    weight 0 is ignored, whatever its label and score, and so is a row with the label `ignore_class`. An empty table
    gives empty counts. The result does not depend on how Beam splits and merges: see `RocCounts`.

    Raises:
        ValueError: in the pipeline, for input that `RocCounts.add` refuses.

    >>> fn = RocCountsCombineFn()
    >>> accumulator = fn.create_accumulator()
    >>> for row in [(0, 0.1), (0, 0.4), (1, 0.35), (1, 0.8)]:
    ...     accumulator = fn.add_input(accumulator, row)
    >>> fn.extract_output(accumulator).auc()
    0.75
    """

    def __init__(self, resolution: int = DEFAULT_RESOLUTION, ignore_class: float | None = None) -> None:
        """resolution: as in `RocCounts`. ignore_class: as in `RocCounts.add`."""
        super().__init__()  # pyright: ignore[reportUnknownMemberType]  # Beam has no type for it.
        RocCounts(resolution).add([], [], ignore_class=ignore_class)  # A wrong one is an error here, not in a worker.
        self.resolution: int = resolution
        self.ignore_class: float | None = ignore_class

    def create_accumulator(self) -> _Accumulator:
        return _Accumulator(self.resolution, self.ignore_class)

    def add_input(self, accumulator: _Accumulator, row: tuple[Any, ...]) -> _Accumulator:
        if len(row) not in (2, 3):
            raise ValueError(f"rows must be (label, score) or (label, score, weight). Received: {row!r}")
        if np.ndim(row[0]):
            accumulator.add(*row)
            return accumulator
        accumulator.waiting.append(row if len(row) == 3 else (*row, 1.0))
        if len(accumulator.waiting) == _WAITING:
            accumulator.counts()
        return accumulator

    def merge_accumulators(self, accumulators: Iterable[_Accumulator]) -> _Accumulator:
        merged = RocCounts(self.resolution)
        for accumulator in accumulators:
            merged.merge(accumulator.counts())
        return _Accumulator(self.resolution, self.ignore_class, merged)

    def extract_output(self, accumulator: _Accumulator) -> RocCounts:
        # A copy: Beam may add to the accumulator later.
        return accumulator.counts().copy()
