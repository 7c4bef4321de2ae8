"""``compat-auc run`` of notebooks: cell by cell, with what Jupyter has and a script has not."""

import json

import pytest
from test_run import run


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
    assert f'File "{path}, cell 2", line 2' in done.stderr
    assert "raise ValueError('in the second cell')" in done.stderr


def test_imports_from_the_future_below_a_magic(notebook):
    future = "from __future__ import print_function, annotations"
    source = f"%matplotlib inline\n{future}\ndef f(x: who): pass\nprint(f.__annotations__)"
    assert run(notebook(source)).stdout == "{'x': 'who'}\n"


def test_each_statement_runs_once_where_code_goes(notebook):
    """Of the first cell a long function goes, so its last line is where the second cell is in the new code."""
    long = "from tensorflow.contrib.metrics import streaming_auc\n\n\ndef auc_roc(y_true, y_pred):\n"
    long += "    # what it does\n" * 30 + "    return streaming_auc(y_pred, y_true)[1]\n\n\nmetrics = [auc_roc]\n"
    path = notebook(long + "print('first')", "x = 2\n" * 40, "print('last')")
    assert run(path).stdout == "first\nlast\n"


def test_lines_of_a_notebook_are_those_of_the_cell(notebook):
    source = ["x = 1\n", "if x == 2:\n", "    import keras; keras.utils.multi_gpu_model(x)"]
    path = notebook("%matplotlib inline", source)
    done = run(path)
    assert done.returncode == 0
    assert "n.ipynb:cell 2:3: CA412" in done.stderr
    path = notebook("%matplotlib inline", ["x = 1\n", "print 'old"])
    assert "n.ipynb:cell 2:2: CA503 Not changed: not Python 3" in run(path).stderr


@pytest.mark.parametrize("call", ["", "import keras; keras.layers.core.Dense"], ids=["to compile", "to move"])
def test_a_cell_that_is_nested_too_deeply(notebook, call):
    done = run(notebook("x = 1", f"{call}({' + '.join(1500 * ['y'])})"))
    assert done.returncode == 123
    assert "nested too deeply" in done.stderr and "Traceback" not in done.stderr


def test_what_a_notebook_has_and_a_script_has_not(notebook):
    path = notebook(
        ["%matplotlib inline\n", "%load_ext tensorboard\n", "%time x = [1]\n", "display(x, 'shown')"],
        ["n = 2\n", "files = !echo a; echo {n + 1} $n\n", "print(files)\n", "got = !pip install keras==2.2.4\n", "got"],
        ["!pip install \\\n", "  keras\n", "who = %who_ls\n", "print(who, get_ipython().magic('pylab'))"],
        ["%%time\n", "y = 1\n", "print(y)"],
        ["%%bash\n", "exit 3"],
        ["try:\n", "    __file__\n", "except NameError:\n", "    print('no file')"],
    )
    done = run(path)
    assert done.stdout == "[1]\nshown\n['a', '3 2']\nNone None\n1\nno file\n", done.stderr
    assert "`!echo a; echo 3 2` is run by the shell, for its output" in done.stderr
    assert '`!pip install "keras>=3"` is not run' in done.stderr
    assert "`!pip install keras` is not run" in done.stderr
    assert "`%who_ls` does nothing in a script" in done.stderr


def test_cells_that_await(notebook):
    path = notebook(
        ["%matplotlib inline\n", "import asyncio\n", "await asyncio.sleep(0)\n", "x = 1"],
        ["task = asyncio.ensure_future(asyncio.sleep(0, result=x + 1))"],
        ["print(await task)\n", "async def fail():\n", "    raise ValueError('here')\n", "await fail()"],
    )
    done = run(path)
    assert done.stdout == "2\n", done.stderr
    assert f'File "{path}, cell 3", line 4, in <module>' in done.stderr and "asyncio" not in done.stderr
