"""Contract 10: on several devices the counts are summed. Each program of devices/ runs in separate processes."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import numpy as np
import oracle
import pytest
from devices import rows

TIMEOUT = 600  # seconds; a program takes 10 to 30


def start(program, *arguments):
    tests = pathlib.Path(__file__).parents[1]
    paths = [str(tests.parent), str(tests), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, "-X", "faulthandler", str(tests / "devices" / program), *map(str, arguments)],
        # One thread each: two processes that wait for each other must not fight for the cores.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths)), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reports(*processes):
    """What the programs print on their last line. When one fails or all are late, those that still run are aborted."""
    end = time.monotonic() + TIMEOUT
    states = [None]
    while None in states and not any(states) and time.monotonic() < end:
        time.sleep(0.1)
        states = [process.poll() for process in processes]
    for process in processes:
        process.send_signal(signal.SIGABRT)  # Python's faulthandler says where it was.
    printed = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes), "\n".join(e for _, e in printed)
    return [json.loads(output.splitlines()[-1]) for output, _ in printed]


def free_ports(number):
    sockets = [socket.socket() for _ in range(number)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


LABELS, SCORES = rows.labels_and_scores()
AUC = oracle.thresholded_auc(LABELS, SCORES)
BY_DEVICE = [oracle.thresholded_auc(LABELS[d == rows.DEVICE], SCORES[d == rows.DEVICE]) for d in (0, 1)]


def check_logs(values):
    check_logs_after_a_batch(values)
    check_logs_of_epochs(values)


def check(pairs, expected):
    """Values of auc_roc and of RankAUC, for both of which the same is expected."""
    assert np.array(pairs) == pytest.approx(np.array([[value, value] for value in expected]), abs=1e-6)


def check_logs_after_a_batch(values):
    ends = range(rows.BATCH, rows.ROWS + 1, rows.BATCH)
    check(values["after_batch"], [oracle.thresholded_auc(LABELS[:end], SCORES[:end]) for end in ends])


def check_logs_of_epochs(values):
    check(values["fit"], [AUC, AUC])
    check(values["validation"], [oracle.thresholded_auc(LABELS[:-12], SCORES[:-12])] * 2)
    check(values["evaluate"], [AUC, AUC])


def test_the_rows_tell_a_sum_of_counts_from_a_mean_of_aucs():
    assert abs(oracle.pairs_auc(LABELS, SCORES) - AUC) < 1e-9
    assert np.mean(BY_DEVICE) < AUC - 0.2
    assert sum(BY_DEVICE) > 1


@pytest.fixture(scope="module")
def mirrored(stack):
    (values,) = reports(start("mirrored.py", stack.lane))
    return values


@pytest.mark.lanes("keras3", "tf_keras", "keras2", "oldest")
class TestMirroredStrategy:
    def test_logs(self, mirrored):
        check_logs(mirrored)

    @pytest.mark.parametrize("name", ["auc_roc", "rank_auc", "auc_roc_again", "rank_auc_again"])
    def test_own_loop(self, name, mirrored):
        loop = mirrored[name]
        # Each replica had the rows that it was meant to have.
        assert loop["positives"] == [LABELS[device == rows.DEVICE].sum() for device in (0, 1)]
        assert loop["result"] == pytest.approx(AUC, abs=1e-6)

    @pytest.mark.parametrize("name", ["auc_roc", "rank_auc"])
    def test_no_auc_above_1(self, name, mirrored):
        """Nor are there several AUCs to add up: TensorFlow refuses to reduce the one that the replicas share."""
        assert mirrored[name]["replicas"] == pytest.approx([AUC], abs=1e-6)
        assert mirrored[name]["sum"] == "ValueError"

    def test_keras_has_an_auc_above_1(self, mirrored, stack):
        """The known wrong result (github.com/tensorflow/tensorflow/issues/48152), which these programs can see.

        Keras 3 gives each replica the AUC of its own rows. TensorFlow 2.5 adds up some of the counts, and not others.
        """
        wrong = {"keras3": mirrored["of_keras"]["sum"], "oldest": mirrored["of_keras"]["result"]}
        if stack.lane in wrong:
            assert wrong[stack.lane] > 1.05
        else:
            assert mirrored["of_keras"]["result"] == pytest.approx(AUC, abs=1e-6)


@pytest.fixture(scope="module")
def workers(stack):
    ports = free_ports(2)
    return reports(*[start("multi_worker.py", stack.lane, index, *ports) for index in (0, 1)])


@pytest.mark.lanes("tf_keras", "keras2")
class TestMultiWorkerMirroredStrategy:
    @pytest.mark.parametrize("reduction", ["by_default", "first"])
    def test_logs_of_epochs(self, reduction, workers):
        for values in workers:
            check_logs_of_epochs(values[reduction])

    @pytest.mark.fails_on(
        "tf_keras",
        "keras2",
        param="by_default",
        raises=AssertionError,
        reason="Keras 2 (2.21) sums what the workers of MultiWorkerMirroredStrategy log after a batch, of each metric: "
        "an AUC, and an accuracy, of 1.8. Its way out is model.distribute_reduction_method = 'first'",
    )
    @pytest.mark.parametrize("reduction", ["by_default", "first"])
    def test_logs_after_a_batch(self, reduction, workers):
        for values in workers:
            check_logs_after_a_batch(values[reduction])

    def test_own_loop(self, workers):
        for values in workers:
            assert values["workers"] == 2
            check([values["own_loop"]], [AUC])


@pytest.mark.lanes("keras3-jax")
def test_data_parallel_on_jax():
    (values,) = reports(start("data_parallel.py"))
    assert values["devices"] == ["cpu:0", "cpu:1"]
    assert values["rows_of_a_device"] == rows.BATCH // 2
    check_logs(values)


@pytest.mark.lanes("keras3-torch")
def test_distributed_data_parallel_on_torch(tmp_path):
    found = reports(*[start("distributed_data_parallel.py", rank, tmp_path / "store") for rank in (0, 1)])
    for values, own in zip(found, BY_DEVICE):
        check([values["own"]], [own])
        check([values["own_loop"], values["evaluate"]], [AUC, AUC])


@pytest.fixture(scope="module")
def on_a_gpu(stack):
    (values,) = reports(start("gpu.py", stack.lane))
    return values


# Operations are deterministic on request since TensorFlow 2.8.
@pytest.mark.lanes("keras3", "tf_keras", "keras2", "keras3-jax", "keras3-torch")
class TestGpu:
    def test_logs(self, on_a_gpu):
        check_logs(on_a_gpu["logs"])

    @pytest.mark.lanes("tf_keras", "keras2")
    def test_without_soft_placement(self, on_a_gpu):
        assert on_a_gpu["placed"] == pytest.approx(AUC, abs=1e-6)

    def test_counts_are_on_the_gpu(self, on_a_gpu):
        if on_a_gpu["device"] == "CPU":
            pytest.skip("no GPU: the same ran on the CPU")
        assert on_a_gpu["device"] == "GPU"
