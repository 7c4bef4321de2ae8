"""Notebooks: one analysis over all cells, magics held back, and every other byte as it was."""

import json

import pytest

from compat_auc.migrate import CannotMigrate
from compat_auc.migrate.documents import pipeline

AUC = [
    "def auc(y_true, y_pred):\n",
    "    value = tf.metrics.auc(y_true, y_pred)[1]\n",
    "    K.get_session().run(tf.local_variables_initializer())\n",
    "    return value",
]


def notebook(*cells, **style):
    cells = [
        {"cell_type": "code", "execution_count": 3, "metadata": {"tags": ["\u00e9"]}, "outputs": [], "source": source}
        if not isinstance(source, dict)
        else source
        for source in cells
    ]
    return json.dumps({"cells": cells, "metadata": {"x": 1.50}, "nbformat": 4, "nbformat_minor": 2}, **style) + "\n"


def migrate_notebook(text, target):
    outcome = pipeline.process("notebook.ipynb", text.encode(), target)
    if outcome.error:
        raise CannotMigrate(outcome.error, outcome.error_line)
    return outcome.new, outcome.findings


HEAD = ["import tensorflow as tf\n", "import keras.backend as K\n", "from keras.models import Sequential"]


@pytest.mark.parametrize(
    "style", [{"indent": 1}, {"indent": 2, "ensure_ascii": False}, {}, {"separators": (",", ":")}, {"indent": "\t"}]
)
def test_only_the_sources_change(style):
    use = "m = Sequential(); m.compile('sgd', 'mse', metrics=[auc])"
    old = notebook(
        ["%matplotlib inline\n", "!ls"], HEAD, {"cell_type": "markdown", "source": ["auc"]}, AUC, use, **style
    )
    new, findings = migrate_notebook(old, "keras3")
    expected = notebook(
        ["%matplotlib inline\n", "!ls"],
        ["from keras.models import Sequential\n", "from compat_auc import auc_roc"],
        {"cell_type": "markdown", "source": ["auc"]},
        use.replace("[auc]", '[auc_roc(name="auc")]'),
        **style,
    )
    assert new == expected
    assert "CA101" in {one.code for one in findings}
    assert migrate_notebook(new, "keras3")[0] == new


def test_nothing_to_do_is_byte_for_byte():
    old = '{ "cells" : [ {"cell_type":"code","source":["x = 1\\n","%time y = 2"] ,"metadata":{}} ],\n"nbformat":4 }'
    assert migrate_notebook(old, "keras3") == (old, ())


@pytest.mark.parametrize(
    "magic",
    [
        "%time x = 1",
        "!pip install keras",
        "files = !ls",
        "m = %who_ls",
        "keras?",
        "?keras",
        "%%time\nx = 1",
        "keras.layers??",
        "!pip install -q \\\n    keras \\\n  tensorflow",
        "pip install keras",
        "cd /content",
        "!echo \"it's",
        "%time keras.utils.normalize(x)  # slow",
        "%timeit -n 3 keras.x",
        "x['a'] = !ls",
        "text = '''\n%matplotlib inline\n!ls\n'''\n%matplotlib inline",
        "f(1,\n  a\n  % b)\n!ls",
    ],
)
def test_magics_come_back(magic):
    source = f"{magic}\nimport keras\nz = keras.utils.np_utils.to_categorical(y)"
    new, _ = migrate_notebook(notebook(source), "keras3")
    assert json.loads(new)["cells"][0]["source"] == source.replace("utils.np_utils.to", "utils.to")


def test_indented_magic_and_percent_operator():
    source = "import keras\nif x:\n    !ls\nprint('%d'\n      % keras.utils.np_utils.normalize(x))"
    new, _ = migrate_notebook(notebook(source), "keras3")
    assert json.loads(new)["cells"][0]["source"] == source.replace("utils.np_utils.n", "utils.n")


def test_a_cell_of_another_language_is_left_out():
    old = notebook("%%bash\nkeras.utils.np_utils.to_categorical(", "import keras")
    assert migrate_notebook(old, "keras3") == (old, ())


def test_a_finding_has_its_cell_its_line_there_and_the_line_of_the_file():
    source = ["import keras\n", "\n", "x = keras.utils.np_utils.to_categorical(y)"]
    for style in (source, "".join(source)):
        old = notebook({"cell_type": "markdown", "metadata": {}, "source": ["title"]}, style, indent=1)
        _, (finding,) = migrate_notebook(old, "keras3")
        assert (finding.cell, finding.line, finding.column) == (2, 3, 5)
        assert "np_utils" in old.splitlines()[finding.file_line - 1]


GONE = ["from tensorflow.contrib.metrics import streaming_auc"]


@pytest.mark.parametrize("style", [{"indent": 1}, {}, {"separators": (",", ":")}])
@pytest.mark.parametrize("at", [0, 1, 3])
def test_a_cell_whose_code_goes_goes(style, at):
    cells = [["x = 1"], {"cell_type": "markdown", "metadata": {}, "source": ["title"]}, [], ["  \n"]]
    old = notebook(*cells[:at], GONE, *cells[at:], **style)
    assert migrate_notebook(old, "keras3")[0] == notebook(*cells, **style)


def test_two_cells_go_and_a_comment_stays():
    comment = ["# the metric\n", *GONE]
    old = notebook(GONE, GONE, comment, GONE, indent=1)
    assert migrate_notebook(old, "keras3")[0] == notebook(["# the metric"], indent=1)


def test_a_notebook_of_which_nothing_would_be_left_stays():
    with pytest.raises(CannotMigrate, match="Nothing would be left"):
        migrate_notebook(notebook(GONE), "keras3")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"worksheets": []}',
        "{'cells': []}",
        '{"cells": [1]}',
        '{"cells": [{"cell_type": "code"}]}',
        '{"cells": [{"cell_type": "code", "source": [1]}]}',
        '{"cells": [], "cells": []}',
        '{"cells": ' + "[" * 100_000,
        '{"cells": [], "x": ' + "9" * 5000 + "}",
    ],
)
def test_not_a_notebook(text):
    with pytest.raises(CannotMigrate, match="Not a notebook"):
        migrate_notebook(text, "keras3")


def test_a_cell_that_is_not_python_stays_and_the_others_move():
    use = "import keras\nx = keras.utils.np_utils.normalize(x)"
    old = notebook(use, ["y = 2\n", "!ls\n", "f(:\n", "z = 1"], ["!ls\n", *use.splitlines(keepends=True)], indent=1)
    new, findings = migrate_notebook(old, "keras3")
    assert new == old.replace("np_utils.", "")
    assert [one.code for one in findings] == ["CA401", "CA503", "CA401"]
    assert (findings[1].cell, findings[1].line) == (2, 3) and "f(" in old.splitlines()[findings[1].file_line - 1]


def test_cells_of_python_2():
    old = notebook("for i in xrange(3):\n    print i", "%matplotlib inline\nx = d.has_key(1) / 2.0", "y = 1 / n")
    new, findings = migrate_notebook(old, "keras3")
    sources = [cell["source"] for cell in json.loads(new)["cells"]]
    assert sources == ["for i in range(3):\n    print(i)", "%matplotlib inline\nx = (1 in d) / 2.0", "y = 1 / n"]
    assert [one.code for one in findings] == ["CA501", "CA501", "CA502"]


def test_a_magic_in_code_that_goes_is_not_lost():
    function = ["def auc(y_true, y_pred):\n", "    %time\n", "    return tf.metrics.auc(y_true, y_pred)[1]"]
    use = "Sequential().compile('sgd', 'mse', metrics=[auc])"
    with pytest.raises(CannotMigrate, match="A line for IPython"):
        migrate_notebook(notebook(HEAD, function, use), "keras3")
