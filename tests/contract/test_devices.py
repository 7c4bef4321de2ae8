"""Contract 10: on several devices the counts are summed. Each program of devices/ runs in processes of its own."""

import json
import os
import pathlib
import socket
import subprocess
import sys

import numpy as np
import oracle
import pytest
from devices import rows

TIMEOUT = 300  # seconds; a program takes 10 to 30


def start(program, *arguments):
    tests = pathlib.Path(__file__).parents[1]
    paths = [str(tests.parent), str(tests), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, str(tests / "devices" / program), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reports(*processes):
    """What the programs print on their last line. None is left running, whatever happens to the others."""
    try:
        printed = [process.communicate(timeout=TIMEOUT) for process in processes]
    finally:
        for process in processes:
            process.kill()
    for process, (_, errors) in zip(processes, printed):
        assert process.returncode == 0, errors
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
    """One value of all rows wherever Keras logs one."""
    ends = range(rows.BATCH, rows.ROWS + 1, rows.BATCH)
    after_batch = [oracle.thresholded_auc(LABELS[:end], SCORES[:end]) for end in ends]
    assert values["after_batch"] == pytest.approx(after_batch, abs=1e-6)
    assert values["fit"] == pytest.approx([AUC, AUC], abs=1e-6)
    part = oracle.thresholded_auc(LABELS[:-12], SCORES[:-12])
    assert values["validation"] == pytest.approx([part, part], abs=1e-6)
    assert values["evaluate"] == pytest.approx([AUC, AUC], abs=1e-6)


def test_the_rows_tell_a_sum_of_counts_from_a_mean_of_aucs():
    assert pytest.approx(oracle.pairs_auc(LABELS, SCORES), abs=1e-9) == AUC
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

    def test_own_loop(self, mirrored):
        positives = [LABELS[device == rows.DEVICE].sum() for device in (0, 1)]
        for loop in (mirrored["own_loop"], mirrored["own_loop_again"]):
            assert loop["positives"] == positives  # Each replica had the rows that it was meant to have.
            assert loop["result"] == pytest.approx(AUC, abs=1e-6)

    def test_no_auc_above_1(self, mirrored, stack):
        """Each replica gave the AUC of its own rows, and their sum was taken for the AUC of all.

        Reported of TensorFlow 2.3 (github.com/tensorflow/tensorflow/issues/48152); Keras 3 does it still.
        """
        if stack.is_keras_3:
            assert mirrored["own_loop_of_keras"]["sum"] == pytest.approx(sum(BY_DEVICE), abs=1e-6)
        assert set(mirrored["own_loop"]["replicas"]) == {mirrored["own_loop"]["result"]}
        assert mirrored["own_loop"]["sum"] == "ValueError"  # There is one value, and TensorFlow adds up no such.


@pytest.mark.lanes("tf_keras")
def test_multi_worker_mirrored_strategy(stack):
    ports = free_ports(2)
    for values in reports(*[start("multi_worker.py", stack.lane, index, *ports) for index in (0, 1)]):
        assert values["workers"] == 2
        check_logs(values)
        assert values["own_loop"] == pytest.approx(AUC, abs=1e-6)


@pytest.mark.lanes("keras3-jax")
def test_data_parallel_on_jax():
    (values,) = reports(start("data_parallel.py"))
    assert values["devices"] == ["cpu:0", "cpu:1"]
    assert values["rows_of_a_device"] == rows.BATCH // 2
    check_logs(values)


@pytest.mark.lanes("keras3-torch")
def test_distributed_data_parallel_on_torch():
    (port,) = free_ports(1)
    found = reports(*[start("distributed_data_parallel.py", rank, port) for rank in (0, 1)])
    for values, own in zip(found, BY_DEVICE):
        assert values["own"] == pytest.approx(own, abs=1e-6)
        assert values["own_loop"] == pytest.approx(AUC, abs=1e-6)
        assert values["evaluate"] == pytest.approx(AUC, abs=1e-6)
