"""A model saved with RankAUC loads in a new process that imports compat_auc and nothing of it by name."""

import pathlib
import subprocess
import sys

import pytest
import stacks

from compat_auc import RankAUC

PROGRAM = """
import sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import compat_auc, stacks
stack = stacks.load(sys.argv[2])
model = stack.keras.models.load_model(sys.argv[3])
model.evaluate(np.eye(2, 6), np.eye(2)[:, :1], verbose=0)
"""


@pytest.mark.lanes(*(lane for lane in stacks.LANES if lane != "tf1-keras"))
def test_a_saved_model_loads_in_a_new_process(make_model, data, stack, tmp_path):
    model = make_model([RankAUC()])
    model.evaluate(*data, verbose=0)
    path = tmp_path / "model.h5"
    model.save(str(path))
    tests = pathlib.Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tests), stack.lane, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout.decode()[-2000:]
