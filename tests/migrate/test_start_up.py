"""What TensorFlow writes while a script of ``compat-auc run`` imports it: information goes, all else stays."""

import os
import subprocess
import sys

import pytest

from compat_auc.migrate.running import start_up

CHATTER = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795537096.550545   25353 port.cc:153] oneDNN custom operations are on.
2026-11-24 15:00:00.123456: I tensorflow/core/platform/cpu_feature_guard.cc:210] This binary is optimized.
To enable the following instructions: AVX2 FMA, rebuild TensorFlow with the appropriate compiler flags.
"""
TROUBLE = "E0000 00:00:1795537098.784729   25353 cuda_platform.cc:52] failed call to cuInit\nit goes on\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a script beside a TensorFlow that ends with the given line; the script and TensorFlow write to stderr."""

    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)

    def run_script(last_line):
        folder = tmp_path / "installed" / "tensorflow"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(f"import os\nos.write(2, {CHATTER + TROUBLE!r}.encode())\n{last_line}\n")
        (tmp_path / "work").mkdir()
        (tmp_path / "work" / "script.py").write_text(
            "import os, sys\nos.write(2, b'I0000 of the script, before\\n')\nimport tensorflow\n"
            "os.write(2, b'I0000 of the script, after\\n')\nprint(os.environ['TF_CPP_MIN_LOG_LEVEL'])\n"
        )
        command = [sys.executable, "-m", "compat_auc", "run", "-q", "script.py"]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path / "work", timeout=60,
            env={**os.environ, "PYTHONPATH": f"{tmp_path / 'installed'}:{':'.join(filter(None, sys.path))}"},
        )  # fmt: skip

    return run_script


def test_information_of_the_import_goes(run):
    done = run("__version__ = '2.21.0'")
    assert done.stderr == f"I0000 of the script, before\n{TROUBLE}I0000 of the script, after\n"
    assert done.stdout == "1\n"


def test_a_failing_import_keeps_all(run):
    done = run("raise ImportError('no library')")
    assert done.returncode == 1
    assert done.stderr.startswith(f"I0000 of the script, before\n{CHATTER}{TROUBLE}Traceback")
    assert done.stderr.endswith("ImportError: no library\n")


def test_it_is_installed_once(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    for _ in range(2):
        start_up.install()
    assert [type(one) for one in sys.meta_path].count(start_up.QuietTensorFlow) == 1
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
