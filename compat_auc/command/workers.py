"""Migrate many files on all cores. The outcomes come in the order of the files, with a bar on a terminal."""

from __future__ import annotations

import importlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Iterator, Sequence, Union

from compat_auc.command import streams
from compat_auc.migrate.documents import files, pipeline
from compat_auc.migrate.documents.project import Project
from compat_auc.migrate.selection import Choice

# A process for fewer files costs more than it saves.
_FILES_OF_A_PROCESS = 8
_BAR_AFTER = 2.0
_BAR_WIDTH = 24
_CLEAR = "\r\033[K"

# The outcome of a file and its bytes, or why it cannot be read.
Processed = Union["tuple[pipeline.Outcome, bytes]", OSError]


@dataclass(frozen=True)
class Task:
    """What to do with each file."""

    target: str
    project: Project
    choice: Choice

    def __call__(self, path: str) -> Processed:
        try:
            data = streams.read_input() if path == "-" else files.read(path)
        except OSError as error:
            return error
        return pipeline.process(path, data, self.target, self.project, self.choice), data


def process_all(paths: Sequence[str], task: Task, jobs: int | None) -> Iterator[tuple[str, Processed]]:
    """Yield each path with what came of it, in order. ``jobs`` is the number of processes; None chooses it."""
    jobs = min(jobs or _cores(), len(paths) if jobs else math.ceil(len(paths) / _FILES_OF_A_PROCESS))
    # Standard input can be read by this process only.
    results = _in_order(paths, task, jobs) if jobs > 1 and "-" not in paths else map(task, paths)
    bar = _Bar(len(paths))
    iterator = iter(results)
    for number, path in enumerate(paths):
        bar.show(number, path)
        try:
            result = next(iterator)
        except KeyboardInterrupt:
            bar.clear()
            print(f"compat-auc: stopped at {path}", file=sys.stderr)
            raise
        bar.clear()
        yield path, result


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_task: Task | None = None


def _start(task: Task) -> None:
    global _task  # noqa: PLW0603 - each process has one, so that it is not sent with each file
    _task = task
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a process without a word. The first one speaks.
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the first one is killed. Else it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(path: str) -> Processed:
    assert _task is not None
    return _task(path)


def _in_order(paths: Sequence[str], task: Task, jobs: int) -> Iterator[Processed]:
    # Once, before the processes that start as copies of this one.
    importlib.import_module("compat_auc.migrate.engine")
    task.project.read()
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    context = multiprocessing.get_context("fork" if forks else None)
    executor = ProcessPoolExecutor(jobs, context, _start, (task,))
    waiting: deque[Future[Processed]] = deque()
    left = iter(paths)
    try:
        for path in left:
            waiting.append(executor.submit(_run, path))
            if len(waiting) >= 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        reason = "A process died, so compat-auc did not try the other files. --jobs 1 shows the file."
        while True:
            yield OSError(0, reason)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


class _Bar:
    """Shows on a terminal how far the work is, once it has taken two seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._start = time.monotonic()
        self._shown = False
        self._enabled: bool = sys.stderr.isatty()

    def show(self, done: int, path: str) -> None:
        if not self._enabled or time.monotonic() - self._start < _BAR_AFTER:
            return
        filled = _BAR_WIDTH * done // self._total
        name = path if len(path) <= 40 else f"...{path[-37:]}"
        bar = "#" * filled + "." * (_BAR_WIDTH - filled)
        print(f"{_CLEAR}[{bar}] {done} of {self._total}  {name}", end="", file=sys.stderr, flush=True)
        self._shown = True

    def clear(self) -> None:
        """Take the bar away before something else is printed."""
        if self._shown:
            print(_CLEAR, end="", file=sys.stderr, flush=True)
            self._shown = False
