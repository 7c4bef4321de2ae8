"""What the README shows of `compat-auc migrate` is what it does and prints."""

import re
from pathlib import Path

import pytest
from test_guide_blocks import side

from compat_auc.command import cli
from compat_auc.migrate.documents import pipeline

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DROP_IN, PART_OF_OUTPUT = re.findall(r"^```diff\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
OUTPUT = re.findall(r"^```text\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_drop_in():
    outcome = pipeline.process("script.py", side(DROP_IN, "-").encode(), "keras3")
    assert (outcome.error, outcome.new) == ("", side(DROP_IN, "+"))


@pytest.mark.parametrize("shown", [PART_OF_OUTPUT, *OUTPUT])
def test_the_output(shown, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    (command,) = re.findall(r"^[.]venv/bin/compat-auc (migrate .*)$", README, re.MULTILINE)
    cli.main(command.split())
    printed = capsys.readouterr()
    assert shown in printed.out + printed.err
