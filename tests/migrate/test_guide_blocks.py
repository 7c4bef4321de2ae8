"""The diff blocks of guide, rules and Chinese page are what ``compat-auc migrate`` does, to the letter."""

import ast
import re
from pathlib import Path

import pytest

import compat_auc
from compat_auc.migrate.documents import pipeline

ROOT = Path(compat_auc.__file__).parents[1]
GUIDE, RULES, CHINESE = (
    (ROOT / name).read_text("utf-8") for name in ("migration_guide.md", "docs/rules.md", "docs/zh.md")
)
CHAPTER = re.compile(r"^## The dialects.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^### ([^\n]+)\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)

CHAPTERS = [*CHAPTER.findall(GUIDE), RULES, CHINESE]
SECTIONS = [section for chapter in CHAPTERS for section in SECTION.findall(chapter)]
BLOCKS = [pytest.param(title, body, diff, id=title) for title, body in SECTIONS for diff in DIFF.findall(body)]


def side(diff, sign):
    """The lines of the old code ("-") or of the new ("+"); a blank line belongs to both."""
    lines = diff.splitlines()
    assert all(line[:1] in ("", " ", "-", "+") for line in lines)
    return "".join(line[1:] + "\n" for line in lines if line[:1] in ("", " ", sign))


def name_of(text):
    """The kind of file that a block shows."""
    if text.startswith("{"):
        return "notebook.ipynb"
    return "requirements.txt" if text.startswith("# requirements.txt") else "script.py"


@pytest.mark.parametrize("title, body, diff", BLOCKS)
def test_block_is_what_migrate_does(title, body, diff):
    old, new = side(diff, "-"), side(diff, "+")
    name = name_of(old)
    if name == "script.py":
        ast.parse("\n".join(line for line in new.split("\n") if not line.startswith(("%", "!"))))
    outcome = pipeline.process(name, old.encode(), "tf_keras" if "With `--target tf_keras`:" in body else "keras3")
    assert (outcome.error, outcome.new) == ("", new)
    if title.startswith("CA"):
        assert title[:5] in {finding.code for finding in outcome.findings}
    if "Reported only" in body:
        assert old == new


def test_these_chapters_have_no_other_blocks():
    assert BLOCKS
    # The blocks of YAML are for pre-commit and GitHub; migrate does not read them.
    fences = sum(chapter.count("```") for chapter in CHAPTERS)
    assert fences == 2 * (len(BLOCKS) + sum(chapter.count("```yaml") for chapter in CHAPTERS))
    assert (GUIDE + RULES + CHINESE).count("```diff") == len(BLOCKS), "a diff block elsewhere, which nothing tests"
