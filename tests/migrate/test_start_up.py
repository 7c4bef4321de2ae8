"""What TensorFlow writes while it starts: all of it arrives, its last words included."""

import os
import subprocess
import sys

import pytest

WARNING = "E0000 00:00:1795537098.784729   25353 cuda_platform.cc:52] failed call to cuInit\n"
LAST_WORDS = "F cpu_feature_guard.cc:37] compiled to use AVX instructions, not available on your machine\n"


@pytest.fixture
def command(tmp_path):
    """Runs a command beside a TensorFlow that writes a warning and its log level, and ends with the given line."""

    def run(last_line, *args, **environment):
        folder = tmp_path / "installed" / "tensorflow"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(
            f"import os\nos.write(2, {WARNING!r}.encode())\nprint(os.environ['TF_CPP_MIN_LOG_LEVEL'])\n{last_line}\n"
        )
        (tmp_path / "script.py").write_text("import tensorflow\n")
        variables = {name: text for name, text in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
        variables["PYTHONPATH"] = f"{tmp_path / 'installed'}:{':'.join(filter(None, sys.path))}"
        return subprocess.run(
            [sys.executable, "-m", "compat_auc", *args], capture_output=True, text=True, cwd=tmp_path, timeout=60,
            env={**variables, **environment},
        )  # fmt: skip

    return run


@pytest.mark.parametrize(("own", "level"), [({}, "1"), ({"TF_CPP_MIN_LOG_LEVEL": "0"}, "0")])
def test_information_is_left_out_unless_it_is_asked_for(command, own, level):
    done = command("__version__ = '2.21.0'", "run", "-q", "script.py", **own)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{level}\n", WARNING)


@pytest.mark.parametrize("args", [["run", "-q", "script.py"], ["doctor"]], ids=["run", "doctor"])
def test_a_tensorflow_that_aborts_has_its_last_words(command, args):
    done = command(f"os.write(2, {LAST_WORDS!r}.encode())\nos.abort()", *args)
    assert done.returncode < 0
    assert done.stderr.endswith(WARNING + LAST_WORDS)
