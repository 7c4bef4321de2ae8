"""``compat-auc run``: as ``python script`` would, on the migrated code, with the original lines in tracebacks."""

import json
import subprocess
import sys
import textwrap

import pytest


def run(path, *args, cwd=None):
    arguments = [sys.executable, "-m", "compat_auc", "run", str(path), *args]
    return subprocess.run(arguments, capture_output=True, text=True, cwd=cwd, timeout=120)


@pytest.fixture
def script(tmp_path):
    def write(code, name="script.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(code).lstrip("\n"))
        return path

    return write


def test_main_arguments_and_path(script):
    path = script("""
        import sys, os
        from helper import double
        print(__name__, sys.argv[1:], os.path.basename(__file__), sys.argv[0] == __file__, double(4))
        sys.exit(7)
    """)
    script("def double(x):\n    return 2 * x\n", "helper.py")
    done = run(path, "--epochs", "3", "-q")
    assert done.stdout == "__main__ ['--epochs', '3', '-q'] script.py True 8\n"
    assert done.returncode == 7


def test_traceback_shows_the_original(script):
    path = script("""
        # the import of a module that is gone, and a function that goes
        from tensorflow.contrib.metrics import streaming_auc
        keras = "no framework needed here"


        def auc_roc(y_true, y_pred):
            value, update_op = streaming_auc(y_pred, y_true)
            return value


        def fail():
            metrics = [auc_roc]
            raise RuntimeError("here")  # line 13


        fail()
    """)
    done = run(path)
    assert done.returncode == 1
    assert f'File "{path}", line 13, in fail\n    raise RuntimeError("here")  # line 13' in done.stderr
    assert "runner.py" not in done.stderr
    assert "compat-auc: " in done.stderr and "CA101 1" in done.stderr


def test_local_modules_are_migrated_when_imported(script):
    path = script("import net\nprint(net.name())\n")
    script(
        """
        import importlib
        try:
            from keras.utils.np_utils import to_categorical
        except ModuleNotFoundError:
            raise SystemExit("not migrated")


        def name():
            return to_categorical.__module__.split(".")[0]
        """,
        "net.py",
    )
    done = run(path)
    assert (done.returncode, done.stdout) == (0, "keras\n"), done.stderr


def test_what_cannot_be_run(script, tmp_path):
    done = run(script("import keras\nprint 'old'\n"))
    assert done.returncode == 123
    assert "script.py:2: not Python 3" in done.stderr
    missing, folder = run(tmp_path / "missing.py"), run(tmp_path)
    assert (missing.returncode, folder.returncode) == (2, 123)
    assert "missing.py: No such file" in missing.stderr
    assert "is a folder" in folder.stderr


@pytest.fixture
def notebook(tmp_path):
    def write(*sources):
        cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources]
        path = tmp_path / "n.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}, indent=1))
        return path

    return write


def test_notebook(notebook):
    path = notebook(
        ["%matplotlib inline\n", "x = 2"], ["print(x, '\u2028')\n", "raise ValueError('in the second cell')"]
    )
    done = run(path)
    assert done.stdout == "2 \u2028\n"
    assert f'File "{path}, cell 1", line 2' in done.stderr
    assert "raise ValueError('in the second cell')" in done.stderr


def test_lines_of_a_notebook_are_those_of_the_file(notebook):
    source = ["x = 1\n", "if x == 2:\n", "    import keras; keras.utils.multi_gpu_model(x)"]
    path = notebook("%matplotlib inline", source)
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "multi_gpu" in text)
    done = run(path)
    assert done.returncode == 0
    assert f"n.ipynb:{line}: CA412" in done.stderr
    path = notebook("%matplotlib inline", ["x = 1\n", "print 'old'"])
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "print" in text)
    assert f"n.ipynb:{line}: not Python 3" in run(path).stderr
