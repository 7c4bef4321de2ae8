"""Every finding code has its section in the guide, and every section its code."""

import re
from pathlib import Path

import compat_auc

PACKAGE = Path(compat_auc.__file__).parent
ROOT = PACKAGE.parent
CODE = re.compile(r"\bCA\d{3}\b")


def sections():
    text = (ROOT / "migration_guide.md").read_text("utf-8")
    return dict(re.findall(r"^### (CA\d{3}): [^\n]+\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))


def emitted():
    return {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(CA\d{3})"', path.read_text("utf-8"))}


def test_codes_and_sections_agree():
    assert sections().keys() == emitted()


def test_every_section_has_its_parts():
    for code, body in sections().items():
        assert "```diff" in body, code
        assert "**Why.**" in body, code
        assert "**Not rewritten.**" in body, code


def test_references_between_sections_exist():
    for body in sections().values():
        assert set(CODE.findall(body)) <= emitted()
