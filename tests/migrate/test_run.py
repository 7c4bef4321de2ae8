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


        def auc_roc(y_true, y_pred):
            value, update_op = streaming_auc(y_pred, y_true)
            return value


        def fail():
            metrics = [auc_roc]
            raise RuntimeError("here")  # line 12


        fail()
    """)
    code = path.read_text().replace(
        "streaming_auc\n\n", "streaming_auc\nimport keras_free_name_for_the_test as keras\n", 1
    )
    path.write_text(code.replace("import keras_free_name_for_the_test as keras", "keras = 'no framework needed here'"))
    done = run(path)
    assert done.returncode == 1
    assert f'File "{path}", line 12, in fail\n    raise RuntimeError("here")  # line 12' in done.stderr
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
    assert run(tmp_path / "missing.py").returncode == 2


def test_notebook(tmp_path):
    cells = [["%matplotlib inline\n", "x = 2"], ["print(x)\n", "raise ValueError('in the second cell')"]]
    path = tmp_path / "n.ipynb"
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in cells]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}))
    done = run(path)
    assert done.stdout == "2\n"
    assert f'File "{path}, cell 1", line 2' in done.stderr
    assert "raise ValueError('in the second cell')" in done.stderr
