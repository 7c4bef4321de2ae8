"""CONTRIBUTING's table of stacks says of this lane what runtime() says on it."""

import os
import subprocess
import sys

import pytest

from compat_auc import runtime

TABLE = os.path.join(os.path.dirname(__file__), "..", "..", "CONTRIBUTING.md")


def row(lane):
    with open(TABLE, encoding="utf-8") as f:
        rows = [[cell.strip(" `\n") for cell in line.strip().strip("|").split("|")] for line in f if line[0] == "|"]
    (found,) = [cells for cells in rows if cells[0] == lane]
    return found


def test_row(stack):
    _, _, tensorflow, keras_version, name, backend, mode, implementation = row(stack.lane)
    found = runtime()
    assert (found.keras, found.backend, found.mode, found.implementation) == (name, backend, mode, implementation)
    # A pinned version is written as it is, the newest one as "newest".
    assert keras_version in ("newest", found.keras_version)
    assert (tensorflow == "not imported") == (backend != "tensorflow")
    if backend == "tensorflow":
        assert tensorflow in ("newest", found.tensorflow)


PROGRAM = """
import sys
import numpy as np
from compat_auc import RankAUC, auc_roc, runtime
import keras
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", metrics=[auc_roc, RankAUC()])
model.fit(np.eye(2), np.eye(2)[:, :1], validation_data=(np.eye(2), np.eye(2)[:, :1]), verbose=0)
print(runtime().tensorflow, "tensorflow" in sys.modules)
"""


@pytest.mark.lanes("keras3-jax", "keras3-torch")
def test_without_tensorflow_where_the_program_has_none(stack):
    environment = dict(os.environ, KERAS_BACKEND=stack.backend)
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment)
    assert done.stdout.split() == ["None", "False"], done.stderr
