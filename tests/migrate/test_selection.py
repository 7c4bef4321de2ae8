"""Choosing findings: --select, --ignore, comments on a line; and what is told about a code."""

import json
import os
import subprocess
import sys

import pytest

from compat_auc.command import cli
from compat_auc.migrate import migrate_source
from compat_auc.migrate.codes import sections
from compat_auc.migrate.documents import pipeline
from compat_auc.migrate.rules import RULES

OLD = """\
from keras.callbacks import ModelCheckpoint
from keras.layers.core import Dense
best = ModelCheckpoint("best.hdf5")
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "old.py"
    path.write_text(OLD)
    return path


def codes(capsys):
    return [line.split()[1] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], ["CA401", "CA403"]),
        (["--select", "CA401"], ["CA401"]),
        (["--select", "CA1,ca4"], ["CA401", "CA403"]),
        (["--select", "CA1"], []),
        (["--ignore", "CA403"], ["CA401"]),
        (["--select", "CA4", "--ignore", "CA40"], []),
    ],
)
def test_select_and_ignore(path, capsys, options, expected):
    assert cli.main(["check", *options, str(path)]) == bool(expected)
    assert codes(capsys) == expected


def test_what_is_not_chosen_is_not_written(path):
    assert cli.main(["migrate", "--write", "--ignore", "CA403", str(path)]) == 0
    assert path.read_text() == OLD.replace("layers.core", "layers")


@pytest.mark.parametrize("value", ["CA9", "", "x", "CA401,"])
def test_codes_that_are_none(path, capsys, value):
    with pytest.raises(SystemExit) as caught:
        cli.main(["check", "--select", value, str(path)])
    assert caught.value.code == 2
    assert "--list-rules prints all" in capsys.readouterr().err


def test_python_2_that_is_not_wanted_stays():
    from compat_auc.migrate.selection import Choice

    outcome = pipeline.process("old.py", b"print 1\n", "keras3", choice=Choice(ignore=("CA501",)))
    assert outcome.error.startswith("Not Python 3")


def test_list_rules(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["check", "--list-rules"])
    lines = capsys.readouterr().out.splitlines()
    assert caught.value.code == 0
    assert [line[:5] for line in lines] == list(sections())
    (line,) = (line for line in lines if line.startswith("CA414"))
    assert line.split() == ["CA414", "metrics_names", "metrics_names", "(keras3", "only)"]
    (line,) = (line for line in lines if line.startswith("CA109"))
    assert line.endswith(" auc_objects, monitors")


def test_a_comment_keeps_its_line():
    old = OLD.replace('5")', '5")  # compat-auc: ignore[CA403]')
    migration = migrate_source(old)
    assert migration.code == old.replace("layers.core", "layers")
    assert [one.code for one in migration.findings] == ["CA401"]
    assert not migrate_source(migration.code).changed


def test_a_comment_keeps_a_metric_s_definition():
    old = """\
import tensorflow as tf
from keras.models import Sequential

def auc(y_true, y_pred):  # compat-auc: ignore[CA101, CA108, CA306] ours
    return tf.metrics.auc(y_true, y_pred)[1]

Sequential().compile("sgd", "mse", metrics=[auc])
"""
    migration = migrate_source(old)
    assert "def auc" in migration.code
    assert [(one.line, one.code) for one in migration.findings] == [(4, "CA506"), (5, "CA306")]
    assert "ignore[CA306] ignores nothing" in migration.findings[0].message


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# compat-auc: ignore[CA402]", "ignore[CA402] ignores nothing. Remove the code."),
        ("# compat-auc: ignore[CA999]", "ignore[CA999] ignores nothing. Remove the code."),
        ("#compat-auc:ignore", "the comment names no code"),
        ("# compat-auc: ignore[]", "the comment names no code"),
    ],
)
def test_an_ignore_that_ignores_nothing_is_reported(comment, message):
    outcome = pipeline.process("a.py", f"x = 1\ny = 2  {comment}\n".encode(), "keras3")
    (finding,) = outcome.findings
    assert (finding.code, finding.line, finding.column) == ("CA506", 2, 8)
    assert message in finding.message


def test_a_comment_in_a_string_is_none():
    assert pipeline.process("a.py", b"x = '# compat-auc: ignore[CA402]'\n", "keras3").findings == ()


def test_notebooks_have_comments():
    lines = OLD.replace('5")', '5")  # compat-auc: ignore[CA403]').splitlines()
    old = json.dumps({"cells": [{"cell_type": "code", "source": line} for line in ["%matplotlib inline", *lines]]})
    outcome = pipeline.process("n.ipynb", old.encode(), "keras3")
    new, findings = outcome.new, outcome.findings
    assert new == old.replace("layers.core", "layers")
    assert [one.code for one in findings] == ["CA401"]


def test_explain(capsys):
    assert cli.main(["explain", "ca104", "CA501"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("CA104: an AUC metric that is left alone\n\n```diff\n")
    assert "\n\nCA501: Python 2\n\n" in said and "**Why.**" in said
    assert cli.main(["explain", "CA999"]) == 2
    assert "no code CA999. compat-auc explain lists all codes." in capsys.readouterr().err


def test_json_has_titles_and_sections(path, capsys):
    assert cli.main(["check", "--format", "json", str(path)]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert sorted(answer["codes"]) == ["CA401", "CA403"]
    assert answer["codes"]["CA403"]["title"] == "file names"
    assert "Keras 3 writes whole models to `.keras`" in answer["codes"]["CA403"]["section"]


def test_annotations_of_github(path, capsys):
    odd = path.with_name("a,b:100%.py")
    odd.write_text("import keras\nf(\n")
    assert cli.main(["check", "--format", "github", str(path), str(odd)]) == 123
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{path}:2:1 CA401 ")
    assert lines[1].startswith(f"::warning file={path},line=2,col=1,title=CA401%3A import paths::")
    name = f"{path.parent}/a%2Cb%3A100%25.py"
    assert lines[-1].startswith(f"::error file={name},line=2,col=1,title=compat-auc::Not Python 3")


def test_every_code_of_a_rule_can_be_explained():
    assert {code for rule in RULES for code in rule.codes} <= set(sections())


@pytest.fixture
def run(tmp_path):
    """Run a script beside a TensorFlow and a Keras that are empty: the errors are the same, and 5 s earlier."""
    installed = tmp_path / "site-packages"
    for name in ("tensorflow", "keras"):
        (installed / name).mkdir(parents=True)
        (installed / name / "__init__.py").touch()
    (installed / "keras" / "backend.py").touch()
    path = os.pathsep.join([str(installed), os.getcwd(), os.environ.get("PYTHONPATH", "")])

    def run(script):
        command = [sys.executable, "-m", "compat_auc", "run", str(script)]
        return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path})

    return run


def test_an_exception_ends_with_what_is_known_of_its_line(tmp_path, run):
    path = tmp_path / "script.py"
    path.write_text("import net\n\n\ndef f():\n    net.g()\n\n\nf()\n")
    net = tmp_path / "net.py"
    net.write_text(
        "class keras_like: pass\nK = keras_like()\n\n\ndef g():\n    from keras import backend\n    backend.nope()\n"
    )
    done = run(path)
    lines = done.stderr.splitlines()
    assert "nope" in done.stderr
    assert lines[-2].startswith(f"compat-auc: in {net}, line 7: CA404 "), done.stderr
    assert lines[-1] == "compat-auc: more about it: compat-auc explain CA404"


def test_in_a_notebook_too(tmp_path, run):
    path = tmp_path / "n.ipynb"
    source = ["from tensorflow.contrib import crf\n", "x = crf.crf_log_likelihood(1)"]
    path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": source}]}, indent=1))
    done = run(path)
    assert done.stderr.splitlines()[-1] == "compat-auc: more about it: compat-auc explain CA304", done.stderr
    (path.with_suffix(".py")).write_text("raise KeyError(1)\n")
    assert "more about it" not in run(path.with_suffix(".py")).stderr


def test_run_honours_comments(tmp_path, run):
    path = tmp_path / "script.py"
    path.write_text("from tensorflow.contrib.metrics import streaming_auc  # compat-auc: ignore[CA304]\n")
    done = run(path)
    assert done.returncode == 1 and "Error" in done.stderr
