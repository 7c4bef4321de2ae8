"""compat-auc doctor: the packages, each entry point against scikit-learn, and exit code 1 where something is wrong."""

import json
import os
import platform
import subprocess
import sys

import numpy as np
import pytest

import compat_auc
from compat_auc.command import doctor as module
from compat_auc.command.doctor import describe, examine
from compat_auc.stack import Runtime

NEW = Runtime("2.21.0", "keras", "3.15.1", "tensorflow", "eager", "keras.metrics.AUC")
OLD = Runtime("1.15.5", "keras", "2.3.1", "tensorflow", "graph", "some metric")


def doctor(*args, **environment):
    command = [sys.executable, "-m", "compat_auc", "doctor", *args]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def report():
    done = doctor("--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_stack_that_works(report):
    assert report["ok"] is True
    assert report["runtime"]["implementation"] == "keras.metrics.AUC"
    assert report["python"] == platform.python_version()
    assert report["packages"]["numpy"] == np.__version__
    assert report["loaded"] == ["keras"]


def test_every_public_entry_point_is_tried(report):
    tried = " ".join(report["entry_points"])
    others = {"legacy_auc_roc", "runtime", "UnsupportedRuntime"}  # No AUC of the rows, and no metric.
    assert all(name in tried for name in set(compat_auc.__all__) - others if not name.startswith("_"))
    assert all(abs(value - report["sklearn"]) < 2e-3 for value in report["entry_points"].values())


def test_the_same_in_words(report):
    lines = describe(report).splitlines()
    assert lines[0].split() == ["python:", platform.python_version()]
    assert any(line.split()[0] == "keras:" and line.endswith(", loaded") for line in lines)
    assert any("keras.metrics.AUC" in line for line in lines)
    assert lines[-1] == "all is well"


def test_a_stack_that_does_not(tmp_path):
    (tmp_path / "tf_keras.py").write_text("raise ImportError('half installed')")
    done = doctor("--format", "json", TF_USE_LEGACY_KERAS="1", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "half installed" in done.stdout + done.stderr


DIFFERS = "metrics=[auc_roc] says 0.690000 where scikit-learn says 0.700000"
MEAN = "; this Keras wants metrics=[auc_roc()], and takes the mean of the batches without the ()"


def with_entry_points(monkeypatch, stack, **attempts):
    monkeypatch.setattr(compat_auc, "runtime", lambda: stack)
    monkeypatch.setattr(module, "_rows", lambda: (0.7, (0, 0)))
    monkeypatch.setattr(module, "_entry_points", lambda: attempts)
    return examine()


@pytest.mark.parametrize(("stack", "error"), [(NEW, DIFFERS), (OLD, DIFFERS + MEAN)])
def test_a_number_that_differs(monkeypatch, stack, error):
    attempts = {"metrics=[auc_roc]": lambda *_: 0.69, "RocCounts": lambda *_: 0.7}
    result = with_entry_points(monkeypatch, stack, **attempts)
    assert (result["ok"], result["error"]) == (False, error)
    assert f"something is wrong: {error}" in describe(result)


def test_nan_is_no_agreement(monkeypatch):
    assert with_entry_points(monkeypatch, NEW, RocCounts=lambda *_: float("nan"))["ok"] is False


def test_an_entry_point_that_fails(monkeypatch):
    def fail(inputs, labels):
        raise ValueError("no model")

    result = with_entry_points(monkeypatch, NEW, RocCallback=fail)
    assert (result["ok"], result["runtime"]) == (False, NEW._asdict())
    assert describe(result).splitlines()[-1] == "something is wrong: RocCallback fails: ValueError: no model"


def test_an_entry_point_that_this_keras_lacks_is_no_fault(monkeypatch):
    def lacks(inputs, labels):
        raise compat_auc.UnsupportedRuntime("RankAUC does not work with it.")

    result = with_entry_points(monkeypatch, OLD, RankAUC=lacks, RocCounts=lambda *_: 0.7)
    assert result["ok"] is True
    assert "RankAUC: not here. RankAUC does not work with it." in describe(result)


def test_a_numpy_that_is_too_new_is_named_with_its_cure(monkeypatch):
    """The error is that of TensorFlow 2.10.1 with NumPy 2.2.6."""

    def fail():
        raise TypeError("Unable to convert function return value to a Python type! The signature was\n\t() -> handle")

    monkeypatch.setattr(compat_auc, "runtime", fail)
    result = examine()
    assert result["ok"] is False
    assert 'pip install "numpy<2"' in result["cure"]
    assert f"numpy: {np.__version__}" in describe(result)
    assert "NumPy is too new for this TensorFlow" in describe(result)
