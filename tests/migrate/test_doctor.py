"""compat-auc doctor: the stack, a check against scikit-learn, and exit code 1 where something is wrong."""

import json
import os
import subprocess
import sys

import pytest

import compat_auc
from compat_auc.command.doctor import describe, examine
from compat_auc.stack import Runtime


def doctor(*args, **environment):
    command = [sys.executable, "-m", "compat_auc", "doctor", *args]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment})


def test_a_stack_that_works():
    done = doctor("--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert report["ok"] is True
    assert report["runtime"]["implementation"] == "keras.metrics.AUC"


def test_the_same_in_words():
    done = doctor()
    assert done.returncode == 0, done.stderr
    assert "keras.metrics.AUC" in done.stdout


def test_a_stack_that_does_not(tmp_path):
    (tmp_path / "tf_keras.py").write_text("raise ImportError('half installed')")
    done = doctor("--format", "json", TF_USE_LEGACY_KERAS="1", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "half installed" in done.stdout + done.stderr


DIFFERS = "auc_roc says 0.690000 where scikit-learn says 0.700000"
MEAN = "; this Keras wants metrics=[auc_roc()], and takes the mean of the batches without the ()"


@pytest.mark.parametrize(("version", "error"), [("3.15.1", DIFFERS), ("2.3.1", DIFFERS + MEAN)])
def test_a_number_that_differs(monkeypatch, version, error):
    found = Runtime("1.15.5", "keras", version, "tensorflow", "graph", "some metric")
    monkeypatch.setattr(compat_auc, "runtime", lambda: found)
    monkeypatch.setattr("compat_auc.command.doctor._evaluate", lambda: (0.69, 0.7))
    result = examine()
    assert (result["ok"], result["error"]) == (False, error)
    assert f"something is wrong: {error}" in describe(result)


def test_a_model_that_fails(monkeypatch):
    found = Runtime("2.21.0", "keras", "3.15.1", "tensorflow", "eager", "keras.metrics.AUC")

    def fail():
        raise ValueError("no model")

    monkeypatch.setattr(compat_auc, "runtime", lambda: found)
    monkeypatch.setattr("compat_auc.command.doctor._evaluate", fail)
    result = examine()
    assert (result["ok"], result["runtime"]) == (False, found._asdict())
    lines = describe(result).splitlines()
    assert lines[0].split() == ["tensorflow:", "2.21.0"] and lines[-1] == "something is wrong: ValueError: no model"
