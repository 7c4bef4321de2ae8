"""The hooks for pre-commit call commands that exist, and bring what these need."""

import re
from pathlib import Path

import pytest

import compat_auc
from compat_auc.command import cli

ROOT = Path(compat_auc.__file__).parents[1]
HOOKS = re.split(r"^- ", (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"), flags=re.MULTILINE)[1:]
OLD = "import keras\nx = keras.utils.np_utils.to_categorical(y)\n"


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.split("\n")[0])
def test_a_hook_fails_or_changes_files(hook, tmp_path):
    settings = dict(re.findall(r"^\s*(\w+): (.*)$", hook, re.MULTILINE))
    name, *arguments = settings["entry"].split()
    assert (name, settings["additional_dependencies"]) == ("compat-auc", '[".[migrate]"]')
    path = tmp_path / "old.py"
    path.write_text(OLD)
    failed = cli.main([*arguments, str(path)]) == 1
    assert failed != (path.read_text() != OLD)
    assert cli.main([*arguments, str(path)]) == failed


def test_both_are_there():
    assert len(HOOKS) == 2


def test_the_page_of_rules_shows_hooks_that_exist():
    shown = re.findall(r"- id: (\S+)", (ROOT / "docs" / "rules.md").read_text("utf-8"))
    assert shown and set(shown) <= {hook.split("\n")[0].rpartition(" ")[2] for hook in HOOKS}
