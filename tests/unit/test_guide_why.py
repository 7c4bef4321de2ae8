"""The chapter "Why did my AUC change?": its table is the recording, and its code runs."""

import pathlib
import re
import subprocess
import sys

import pytest
from golden import golden

from compat_auc.legacy import explain

ROOT = pathlib.Path(__file__).parents[2]
CHAPTER = (ROOT / "migration_guide.md").read_text().partition("## Why did my AUC change?")[2].partition("\n## ")[0]
COLUMNS = ("auc", "stale_read", "running_mean", "never_reset", "thresholds")


def test_table_is_the_recording():
    arrays, stack = golden.load("tf1.15-keras2.3"), golden.report("tf1.15-keras2.3")
    logs = stack["fit"]["sigmoid"]["logs"]
    phases = explain(arrays["fit_sigmoid_y"], arrays["fit_sigmoid_p"], 32, 3, 300, weigh_batches=False)
    rows = re.findall(r"^\| (\d) \| (\w+) \| (.*) \|$", CHAPTER, re.MULTILINE)
    assert len(rows) == len(phases) == 6
    for (epoch, phase, numbers), expected in zip(rows, phases):
        assert (int(epoch), phase) == (expected.epoch, expected.phase)
        logged = logs["auc_roc" if phase == "training" else "val_auc_roc"][expected.epoch - 1]
        written = [float(number.strip("* ")) for number in numbers.split("|")]
        measured = [logged, *(getattr(expected, column) for column in COLUMNS)]
        assert written == [float("%.4f" % number) for number in measured]


@pytest.mark.slow
def test_code_runs():
    program = "\n".join(re.findall(r"```python\n(.*?)```", CHAPTER, re.DOTALL))
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed, commented = done.stdout.splitlines(), re.findall(r"^# (\[.*\])$", program, re.MULTILINE)
    assert commented[-1] in printed


@pytest.mark.slow
def test_example_writes_the_picture(tmp_path):
    script = ROOT / "examples" / "why_did_my_auc_change.py"
    path = tmp_path / "picture.png"
    program = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", program, str(script), str(path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"\x89PNG")
    assert "1  validation  0.8726  0.6702" in done.stdout
    assert "recorded 0.8654 0.8726" in done.stdout
