"""A document: any file as Python, with the way back to its lines and to its text."""

import json
from pathlib import Path

import pytest

from compat_auc.migrate.documents import pipeline

LEGACY = sorted((Path(__file__).parent / "legacy").iterdir())
NOTEBOOK = json.dumps(
    {
        "cells": [
            {"cell_type": "code", "source": ["%matplotlib inline\n", "x = [1,\n", "     2]"]},
            {"cell_type": "markdown", "source": ["x = 'not code'"]},
            {"cell_type": "code", "source": ["!ls\n", "y = x"]},
        ]
    },
    indent=1,
)
FILES = {
    "script.py": "import os\r\n\r\nx = 1\r\n",
    "magics.py": "%matplotlib inline\nimport os\nfiles = !ls \\\n  -l\n%time x = 1\n",
    "notebook.ipynb": NOTEBOOK,
    "requirements.txt": "keras\n",
    "setup.py": "from setuptools import setup\nsetup(install_requires=['keras'])\n",
}


def read(name, text):
    return pipeline.read_document(name, text.encode(), "keras3")


@pytest.mark.parametrize("name", FILES)
def test_what_no_rule_changes_is_rebuilt_to_the_letter(name):
    document = read(name, FILES[name])
    assert document.rebuild(document.python) == document.file.text == FILES[name]


@pytest.mark.parametrize("path", LEGACY, ids=lambda path: path.name)
def test_old_scripts_and_notebooks_are_rebuilt_to_the_letter(path):
    document = pipeline.read_document(path.name, path.read_bytes(), "keras3")
    assert document.rebuild(document.python).encode() == path.read_bytes()


@pytest.mark.parametrize("name", ["magics.py", "notebook.ipynb"])
def test_a_line_of_the_python_leads_to_its_line_of_the_file(name):
    document = read(name, FILES[name])
    lines = FILES[name].split("\n")
    for number, line in enumerate(document.python.split("\n"), 1):
        if line and not line.startswith(("pass", "#:", "    #:", "  #:")) and "#:" not in line:
            assert line in lines[document.line(number) - 1]


def test_a_script_is_compiled_at_once_and_a_notebook_cell_by_cell():
    document = read("script.py", "x = 1\ny = 2\n")
    assert [(part.start, part.stop, part.cell) for part in document.parts] == [(1, 4, 0)]
    document = read("notebook.ipynb", NOTEBOOK)
    lines = document.python.split("\n")
    assert [part.cell for part in document.parts] == [1, 3]
    assert [lines[part.start - 1 : part.stop - 1][-1] for part in document.parts] == ["     2]", "y = x"]
    first, second = document.parts
    assert [document.cell_line(number) for number in (first.start, second.start + 1)] == [(1, 1), (3, 2)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("script.py", "import keras\npass  #: compat-auc magic 0\nkeras.layers.Dense(output_dim=3)\n"),
        ("notebook.ipynb", json.dumps({"cells": [
            {"cell_type": "code", "source": "import keras\nx = 'keep me'"},
            {"cell_type": "code", "source": "#: compat-auc cell 0\nkeras.layers.Dense(output_dim=3)"},
        ]}, indent=1)),
    ],
)  # fmt: skip
def test_a_file_that_holds_a_mark_is_left_alone(name, text):
    outcome = pipeline.process(name, text.encode(), "keras3")
    line = next(number for number, line in enumerate(text.split("\n"), 1) if "#: compat-auc" in line)
    assert outcome.error == "The comment `#: compat-auc ...` is a mark of compat-auc. Change the comment."
    assert (outcome.error_line, outcome.changed) == (line, False)
