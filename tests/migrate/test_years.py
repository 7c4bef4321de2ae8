"""Scripts of 2019 to 2022, moved, against the packages of today: they run to their end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from compat_auc.migrate.tables import keywords

REWRITES = Path(__file__).parent / "cases" / "rewrites"
NAMES = ("arguments_of_keras_2", "states_of_metrics", "years_between")
# Runs each file by itself, and prints how it ended.
PROGRAM = """
import sys
for path in sys.argv[1:]:
    try:
        exec(compile(open(path).read(), path, "exec"), {"__name__": "__main__"})
    except Exception as error:
        print("fails:", type(error).__name__, error)
    else:
        print("arrives")
"""


def ends(kind):
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    paths = [str(REWRITES / f"{name}.{kind}.py") for name in NAMES]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *paths], stdout=subprocess.PIPE, text=True, env=environment)
    return [line for line in done.stdout.splitlines() if line.startswith(("arrives", "fails"))]


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_the_moved_scripts_run(target):
    assert ends(target) == ["arrives"] * len(NAMES)


def test_the_old_scripts_do_not():
    found = ends("before")
    assert [line.split()[0] for line in found] == ["fails:"] * len(NAMES)


def test_no_argument_that_is_left_out_is_there():
    import keras

    for table in (keywords.DROPPED_KERAS3, keywords.IDLE, keywords.OFF_KERAS3):
        for name, gone in table.items():
            if name != "keras.models.save_model":  # which takes any, and raises
                assert not set(gone) & set(parameters(name)), name
    for method, gone in keywords.METHODS_KERAS3.items():
        assert not gone & set(parameters(f"keras.Model.{method}")), method
    for name, (key, _) in keywords.REQUIRED_KERAS3.items():
        assert parameters(name)[key].default is parameters(name)[key].empty, name
    assert keras.__version__ >= "3"


def parameters(dotted):
    import inspect

    import keras

    found = keras
    for part in dotted.split(".")[1:]:
        found = getattr(found, part)
    return inspect.signature(found).parameters


def test_what_the_defaults_were():
    import tf_keras

    for name, (key, value) in keywords.REQUIRED_KERAS3.items():
        layer = getattr(tf_keras.layers, name.rpartition(".")[2])()
        size = eval(value)
        assert getattr(layer, key) == (size if isinstance(size, tuple) else (size,)), name


def test_the_kernels_that_nobody_looked_at():
    """Zeros for ``kernel_initializer`` leave no kernel of zeros: tf_keras has the code of Keras 2."""
    import tf_keras

    for name, keys in keywords.IDLE.items():
        kind = name.rpartition(".")[2]
        shape = (1, 8, 2) if kind.endswith("1D") else (1, 8, 8, 2)
        values = {"kernel_initializer": "zeros", "kernel_regularizer": "l2", "kernel_constraint": "non_neg"}
        assert set(values) == keys
        layer = getattr(tf_keras.layers, kind)(*((3,) if kind.startswith("Depthwise") else (4, 3)), **values)
        layer.build(shape)
        kernels = [one for one in layer.weights if "kernel" in one.name]
        assert kernels
        assert all(abs(one.numpy()).sum() > 0 and one.constraint is None for one in kernels)
        assert not layer.losses
