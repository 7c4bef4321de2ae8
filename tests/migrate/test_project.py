"""What files of a project take from each other stays where they look for it."""

import json

import pytest

from compat_auc.migrate import engine, migrate_source
from compat_auc.migrate.documents.project import Project

AUC = "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]\n"
HEAD = "import tensorflow as tf\nfrom keras.callbacks import Callback\nfrom keras.models import Sequential\n"
HEAD += "from sklearn.metrics import roc_auc_score\n"
CALLBACK = """
class Roc(Callback):
    def __init__(self, training_data, validation_data):
        self.x, self.y = validation_data

    def on_epoch_end(self, epoch, logs={}):
        print(roc_auc_score(self.y, self.model.predict(self.x)))

Sequential().fit(x, y, callbacks=[Roc((x, y), (x, y))])
"""
IMPORTS = [
    "from train import auc\n",
    "from train import (other,\n    auc)\n",
    "from train import other, \\\n    auc as area\n",
    "from .train import auc\n",
    "try: from project.train import auc\nexcept ImportError: pass\n",
    "x = 1; from train import auc\n",
    "from train import *\nprint(auc)\n",
    "import train\nprint(train.auc)\n",
    "import os, train as t\nprint(t.auc)\n",
    "from project import train\nprint(train.auc)\n",
]


@pytest.mark.parametrize("text", IMPORTS)
@pytest.mark.parametrize("name", ["evaluate.py", "evaluate.ipynb"])
def test_what_another_file_takes(tmp_path, name, text):
    cells = [{"cell_type": "markdown", "source": ["import train\n"]}, {"cell_type": "code", "source": [text]}]
    train, other = tmp_path / "train.py", tmp_path / name
    train.write_text(AUC)
    other.write_text(json.dumps({"cells": cells}) if name.endswith("b") else text)
    taken = Project([str(train), str(other)]).names_taken_from(str(train))
    assert "auc" in taken and "y_pred" not in taken


@pytest.mark.parametrize("text", ["{", "[1]", '{"cells": 1}', '{"cells": [1, {"cell_type": "code", "source": "x"}]}'])
def test_a_notebook_that_is_none_takes_nothing(tmp_path, text):
    train, other = tmp_path / "train.py", tmp_path / "evaluate.ipynb"
    train.write_text(AUC)
    other.write_text(text)
    assert Project([str(train), str(other)]).names_taken_from(str(train)) == frozenset()


def test_a_callback_that_another_file_takes_stays():
    taken = migrate_source(HEAD + CALLBACK, exported=frozenset({"Roc"}))
    assert not taken.changed
    assert ["because another file may use it." in finding.message for finding in taken.reports] == [True]
    assert "class Roc" not in migrate_source(HEAD + CALLBACK, exported=frozenset({"x"})).code


def test_a_helper_of_a_metric_that_another_file_takes_stays():
    metric = AUC.replace("y_pred)[", "half(y_pred))[")
    text = f"{HEAD}def half(x):\n    return tf.identity(x)\n\n\n{metric}"
    text += "Sequential().compile('sgd', 'mse', metrics=[auc])\n"
    assert "def half" not in migrate_source(text).code
    code = migrate_source(text, exported=frozenset({"half"})).code
    assert "def half" in code and "def auc" not in code


def test_a_rewrite_that_takes_such_a_name_away_is_refused(monkeypatch):
    """Whatever a rule does: here the names that other files take do not reach the rules."""
    text = f"{HEAD}{AUC}Sequential().compile('sgd', 'mse', metrics=[auc])\n"
    asked = engine.conditions.complaints
    monkeypatch.setattr(
        engine.conditions, "complaints", lambda old, edits, exported: asked(old, edits, ["auc", "no_such"])
    )
    migration = migrate_source(text)
    assert AUC.partition("\n")[0] in migration.code
    assert "the result would not define `auc`, which another file takes from here" in migration.reports[0].message
