"""Several devices: the counts are summed, so each row counts once and the AUC is that of one device."""

import json
import os
import pathlib
import socket
import subprocess
import sys

import pytest

KINDS = {"keras3": ["mirrored"], "tf_keras": ["mirrored", "workers"], "keras3-jax": ["data_parallel"]}


def start(lane, kind, **environment):
    program = pathlib.Path(__file__).with_name("devices_program.py")
    return subprocess.Popen(
        [sys.executable, str(program), lane, kind],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def workers(lane):
    cluster = {"worker": [f"127.0.0.1:{free_port()}" for _ in range(2)]}
    for index in range(2):
        config = {"cluster": cluster, "task": {"type": "worker", "index": index}}
        yield start(lane, "workers", TF_CONFIG=json.dumps(config))


def test_two_devices_count_like_one(stack):
    if stack.lane not in KINDS:
        pytest.skip("no strategy for several devices is supported on this lane")
    for kind in KINDS[stack.lane]:
        processes = list(workers(stack.lane)) if kind == "workers" else [start(stack.lane, kind)]
        try:
            for process in processes:
                output = process.communicate(timeout=300)[0]
                assert process.returncode == 0, f"{kind}:\n{output[-3000:]}"
        finally:
            for process in processes:
                process.kill()
