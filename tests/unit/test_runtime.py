"""runtime(): versions are read right, and the answer follows what the program does."""

import importlib.machinery
import os
import subprocess
import sys
import types

import pytest

from compat_auc.metrics.registry import publish
from compat_auc.stack import (
    UnsupportedRuntime,
    is_keras_3,
    keras_inside_tensorflow,
    keras_module,
    major_minor,
    require_tensorflow,
    runtime,
    wants_tf_keras,
)


@pytest.mark.parametrize(
    "version, expected, inside",
    [
        ("1.15.5", (1, 15), True),
        ("1.15.5+nv22.10", (1, 15), True),
        ("2.0.0", (2, 0), True),
        ("2.0.0-rc1", (2, 0), True),
        ("2.1.4", (2, 1), True),
        ("2.5.3", (2, 5), True),
        ("2.6.0", (2, 6), False),
        ("2.10.1", (2, 10), False),
        ("2.15.0.post1", (2, 15), False),
        ("2.16.0rc0", (2, 16), False),
        ("2.19.0-dev20250101", (2, 19), False),
        ("2.21.0", (2, 21), False),
        ("3", (3, 0), False),
    ],
)
def test_versions_of_tensorflow(version, expected, inside):
    assert major_minor(version) == expected
    assert keras_inside_tensorflow(version) == inside


@pytest.mark.parametrize(
    "version, three",
    [
        ("2.1.6", False),
        ("2.2.4-tf", False),
        ("2.3.1", False),
        ("2.4.3", False),
        ("2.5.0", False),
        ("2.5.0.dev2021032900", False),
        ("2.15.0", False),
        ("3.0.0.dev2023100103", True),
        ("3.0.0rc1", True),
        ("3.0.5", True),
        ("3.15.1", True),
    ],
)
def test_versions_of_keras(version, three):
    assert is_keras_3(version) == three


@pytest.mark.parametrize(
    "value, version, wanted",
    [
        ("1", "2.21.0", True),
        ("true", "2.16.1", True),
        ("True", None, True),
        ("0", "2.21.0", False),
        ("1", "2.13.1", False),
    ],
)
def test_use_legacy_keras(value, version, wanted, monkeypatch):
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", value)
    assert wants_tf_keras(version) == wanted


@pytest.fixture
def nothing_installed(monkeypatch):
    for name in ("keras", "tf_keras", "tensorflow"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)


def test_no_keras_at_all(nothing_installed):
    with pytest.raises(UnsupportedRuntime, match="No Keras found.*pip install .compat-auc.tensorflow."):
        keras_module()


def test_no_tensorflow_for_its_graphs(nothing_installed):
    with pytest.raises(UnsupportedRuntime, match="TensorFlow is not installed.*pip install .compat-auc.tensorflow."):
        require_tensorflow()


@pytest.mark.parametrize("ask", [keras_module, require_tensorflow, runtime])
def test_a_tensorflow_that_is_too_old(ask, nothing_installed, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(__version__="1.14.0", keras=None))
    with pytest.raises(
        UnsupportedRuntime, match=r"1\.15 or later.*Received: TensorFlow 1\.14\.0.*tensorflow==1\.15\.5"
    ):
        ask()


@pytest.mark.parametrize("name", ["auc_roc", "compat_auc.auc_roc", "legacy_auc_roc", "compat_auc.legacy_auc_roc"])
def test_a_name_in_compile_on_a_tensorflow_that_is_too_old(name, monkeypatch):
    """Keras 2.2 takes the function from the table, and calls it with tensors."""
    monkeypatch.setitem(sys.modules, "tensorflow", types.SimpleNamespace(__version__="1.14.0"))
    table = {}
    metrics = types.SimpleNamespace(deserialize=types.SimpleNamespace(__globals__=table))
    publish(types.SimpleNamespace(__name__="keras", __version__="2.2.4", metrics=metrics))
    with pytest.raises(UnsupportedRuntime, match=r"1\.15 or later.*Received: TensorFlow 1\.14\.0"):
        table[name]([0.0, 1.0], [0.2, 0.7])


def test_keras_without_what_it_computes_with(tmp_path):
    (tmp_path / "keras.py").write_text("raise ModuleNotFoundError('No module named jax', name='jax')")
    answer = ask("", PYTHONPATH=str(tmp_path))
    assert answer.startswith("UnsupportedRuntime The package keras is installed, and jax") and "pip install" in answer


def test_keras_without_something_else_is_the_error_that_it_is(nothing_installed, monkeypatch, tmp_path):
    (tmp_path / "keras.py").write_text("raise ModuleNotFoundError('No module named h5py', name='h5py')")
    monkeypatch.syspath_prepend(tmp_path)
    find = importlib.machinery.PathFinder.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: find(name) if name == "keras" else None)
    with pytest.raises(ModuleNotFoundError, match="h5py"):
        keras_module()


def test_a_tensorflow_that_nothing_has_imported_is_imported(tmp_path):
    """For a graph, and for the Keras in a TensorFlow up to 2.5, where no package keras is installed."""
    (tmp_path / "tensorflow.py").write_text("__version__ = '2.5.3'\nkeras = 'the Keras in TensorFlow'")
    program = (
        "import importlib.util, sys\nfrom compat_auc import stack\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name: None if name == 'keras' else find(name)\n"
        "if sys.argv[1] == 'graph': print(stack.require_tensorflow().__version__)\n"
        "else: print(stack.keras_module())"
    )
    for wanted, expected in (("graph", "2.5.3"), ("keras", "the Keras in TensorFlow")):
        command = [sys.executable, "-c", program, wanted]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path), "TF_USE_LEGACY_KERAS": ""}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.stdout.strip() == expected, done.stderr


def test_legacy_keras_asked_for_and_not_installed(nothing_installed, monkeypatch):
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "1")
    with pytest.raises(UnsupportedRuntime, match="pip install tf_keras"):
        keras_module()


def ask(program, **environment):
    """What runtime() says after a program, as (keras, mode, implementation), or the error."""
    program = (
        f"from compat_auc import runtime\n{program}\n"
        "try: r = runtime(); print(r.keras, r.backend, r.mode, r.implementation)\n"
        "except RuntimeError as e: print(type(e).__name__, e)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


KERAS_3 = "keras tensorflow eager keras.metrics.AUC"
TF_KERAS = "tf_keras tensorflow eager tf_keras.metrics.AUC"
GRAPH = "tf_keras tensorflow graph tf.compat.v1.metrics.auc"
TURN_OFF = "import tensorflow as tf; tf.compat.v1.disable_v2_behavior()"


@pytest.mark.slow
@pytest.mark.parametrize(
    "program, environment, expected",
    [
        ("", {}, KERAS_3),
        ("import keras", {}, KERAS_3),
        ("import tensorflow", {}, KERAS_3),
        ("import tf_keras", {}, TF_KERAS),
        ("import keras, tf_keras", {}, TF_KERAS),
        ("", {"TF_USE_LEGACY_KERAS": "1"}, TF_KERAS),
        ("import tensorflow", {"TF_USE_LEGACY_KERAS": "1"}, TF_KERAS),
        (f"import tf_keras; {TURN_OFF}", {}, GRAPH),
        (f"import tf_keras; from compat_auc import auc_roc; runtime(); {TURN_OFF}", {}, GRAPH),
        (f"import tf_keras; {TURN_OFF.replace('v2_behavior', 'eager_execution')}", {}, GRAPH),
    ],
)
def test_the_answer_follows_the_program(program, environment, expected):
    assert ask(program, **environment) == expected


@pytest.mark.slow
def test_keras_3_in_graph_mode_says_the_way_out():
    answer = ask(f"import keras; {TURN_OFF}")
    assert answer.startswith("UnsupportedRuntime Keras 3") and "pip install tf_keras" in answer


@pytest.mark.slow
def test_inside_a_graph_of_an_eager_program():
    program = (
        "import tf_keras, tensorflow as tf\n"
        "from compat_auc import runtime\n"
        "with tf.Graph().as_default(): print(runtime().mode)\n"
        "print(runtime().mode)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.split() == ["graph", "eager"], done.stderr
