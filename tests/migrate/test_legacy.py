"""The legacy scripts end to end: migrated, run on Keras 3 and tf_keras, their logged AUC against scikit-learn's."""

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from compat_auc.command import cli

LEGACY = Path(__file__).parent / "legacy"
EXAMPLE = Path(__file__).parents[2] / "examples" / "legacy_2017.py"
SCRIPTS = sorted(path for path in LEGACY.iterdir() if path.suffix in (".py", ".ipynb"))
TOLERANCE = 2e-3
# Estimators are gone from TensorFlow 2.16. (Script 09 needs the package tf_slim.)
CANNOT_RUN = {"10_estimator_contrib_metrics.py": "CA305"}
WRONG_ON_PURPOSE = {"11_churn_auc_metrics_compare.py": ["CA105", "CA106"]}
# Keras 3 (3.15.1) reads the next epoch's batches from a generator while it still reads this one's, in another thread:
# which of the 500 rows validation sees, and which twice, is a race, and its AUC that of a random part of them. 0.044 is
# half of the 95 % interval (DeLong) of an AUC of 0.763 over 164 and 336 rows. tf_keras reads one epoch after the other.
LOOSER = {("04_keras_auc_gpu_generator.py", "keras3"): 0.044}

# One process imports TensorFlow, and each script runs in a fork of it: 4 s of a core instead of 11. TensorFlow has no
# threads yet. The example of the README runs in a process that has imported nothing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["pytest", "tensorflow", "sklearn.metrics", "compat_auc.migrate"])


def run_in_fork(args, folder):
    """Run the command in a folder, and write what it prints into two files there."""
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT), descriptor)
    os.chdir(folder)
    sys.exit(cli.main(args))


def command(*args, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", "compat_auc", *map(str, args)], capture_output=True, text=True, cwd=cwd, timeout=300
    )


def codes(path, target="keras3"):
    answer = json.loads(command("check", "--format", "json", "--target", target, path).stdout)
    return [finding["code"] for finding in answer["files"][0]["findings"]]


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("path", [path for path in SCRIPTS if path.name not in CANNOT_RUN], ids=lambda path: path.stem)
def test_runs_and_logs_the_auc(path, target, tmp_path, monkeypatch):
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)  # The lanes measure the metrics, other tests `run`.
    process = FORKS.Process(target=run_in_fork, args=(["run", "--target", target, str(path)], tmp_path), daemon=True)
    process.start()
    process.join(300)
    assert process.exitcode == 0, (tmp_path / "stderr").read_text()[-2000:]
    line = [line for line in (tmp_path / "stdout").read_text().splitlines() if line.startswith("RESULT ")][-1]
    result = json.loads(line[len("RESULT ") :])
    tolerance = LOOSER.get((path.name, target), TOLERANCE)
    assert result["logged_val_auc"] == pytest.approx(result["sklearn_val_auc"], abs=tolerance)


def test_the_example_of_the_readme(tmp_path):
    done = command("run", EXAMPLE, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    logged, exact = (float(line.split()[-1]) for line in done.stdout.splitlines()[-2:])
    assert logged == pytest.approx(exact, abs=TOLERANCE)


@pytest.mark.parametrize("name", sorted(WRONG_ON_PURPOSE))
def test_wrong_on_purpose_is_found(name):
    assert set(WRONG_ON_PURPOSE[name]) <= set(codes(LEGACY / name))


@pytest.mark.parametrize("name", sorted(CANNOT_RUN))
def test_what_cannot_run_is_reported(name):
    assert CANNOT_RUN[name] in codes(LEGACY / name)


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_migrated_in_place_twice(path, target, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    assert cli.main(["migrate", "--write", "--target", target, str(copy)]) == 0
    once = copy.read_bytes()
    assert once != path.read_bytes()
    assert (b"\r\n" in once) == (b"\r\n" in path.read_bytes())
    assert cli.main(["migrate", "--check", "--target", target, str(copy)]) == 0
