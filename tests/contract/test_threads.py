"""No update may read what it writes: threads and workers that count at the same time lose no row."""

import sys
import threading

import numpy as np
import pytest
import stacks
from devices import rows
from sklearn.metrics import roc_auc_score
from test_devices import free_ports, reports, start

from compat_auc import RankAUC, auc_roc, legacy_auc_roc

THREADS, UPDATES = 8, 6


@pytest.fixture
def hurried():
    """Python changes threads every few microseconds, so that a lost update shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def update_in_threads(metric, labels, scores):
    start_together = threading.Barrier(THREADS)

    def work():
        start_together.wait()
        for _ in range(UPDATES):
            metric.update_state(labels, scores)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rows_of(metric):
    """How many labels a metric has counted."""
    if isinstance(metric, RankAUC):
        return sum(counts.positive.sum() + counts.negative.sum() for counts in metric.counts(by_label=True))
    if hasattr(metric, "true_positives"):
        parts = metric.true_positives, metric.false_positives
        return sum(np.asarray(metric._backend.read(part))[0].sum() for part in parts)
    return metric._backend.read(metric._counts).sum()


@pytest.mark.lanes(*[lane for lane in stacks.LANES if lane not in stacks.GRAPH])
@pytest.mark.parametrize(
    "make",
    [
        RankAUC,
        lambda: RankAUC(multi_label=True),
        auc_roc,
        lambda: auc_roc(multi_label=True, num_labels=3),
        legacy_auc_roc,
    ],
    ids=["RankAUC", "labels_of_the_first_batch", "auc_roc", "labels", "legacy_auc_roc"],
)
def test_threads_lose_no_row(make, hurried):
    metric = make()
    rng = np.random.default_rng(1)
    labels, scores = (rng.random((40, 3)) < 0.5).astype("float32"), rng.random((40, 3)).astype("float32")
    update_in_threads(metric, labels, scores)
    assert rows_of(metric) == THREADS * UPDATES * labels.size


@pytest.mark.lanes("keras3", "tf_keras")
def test_workers_of_a_parameter_server_lose_no_row(stack):
    (values,) = reports(start("parameter_server.py", stack.lane, *free_ports(3)))
    assert values["counted"] == [values["rows"]] * 3
    if stack.lane == "tf_keras":
        labels, scores = rows.labels_and_scores()
        assert values["evaluated"] == [pytest.approx(roc_auc_score(labels, scores[:, 0]), abs=1e-6)] * 2
