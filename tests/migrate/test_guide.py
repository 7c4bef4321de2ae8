"""Every code that a rule declares has its section, every section its rule, and rules yield no other."""

import re
from pathlib import Path

import pytest
from make_rules import page

import compat_auc
from compat_auc.migrate.rule import OF_THE_FILE, Stage
from compat_auc.migrate.rules import RULES, STAGES
from compat_auc.migrate.source.source import Source

ROOT = Path(compat_auc.__file__).parents[1]
SCRIPTS = sorted((Path(__file__).parent / "cases").rglob("*.py")) + sorted(
    (Path(__file__).parent / "legacy").glob("*.py")
)

CODE = re.compile(r"\bCA\d{3}\b")


def sections():
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    return dict(re.findall(r"^### (CA\d{3}): [^\n]+\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))


def declared():
    return {code for rule in RULES for code in rule.codes} | set(OF_THE_FILE)


def test_codes_and_sections_agree():
    assert sections().keys() == declared()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_rule_yields_what_it_declares(path):
    source = Source(path.read_text("utf-8"), "keras3", frozenset())
    for rule in RULES:
        assert {finding.code for finding in rule(source)} <= set(rule.codes), rule.name


def test_the_page_is_what_the_rules_say():
    assert page() == (ROOT / "docs" / "rules.md").read_text("utf-8"), "run: python docs/make_rules.py"


def test_a_code_belongs_to_a_rule_that_has_its_section():
    # A code that tells what happened to an AUC may come from several rules; all others have one.
    shared = {code for code in sections() if sum(code in rule.codes for rule in RULES) > 1}
    assert all(code.startswith("CA1") for code in shared)


def test_rules_run_in_the_order_of_their_stages():
    assert [rule.stage for stage in STAGES for rule in stage] == sorted(rule.stage for rule in RULES)
    assert len(STAGES) == len(Stage)


def test_a_rule_is_silent_for_other_targets():
    source = 'from keras.models import load_model\nmodel = load_model("model.h5")\nprint(model.metrics_names)\n'
    (rule,) = (rule for rule in RULES if rule.name == "metrics_names")
    assert rule.targets == ("keras3",)
    assert [bool(list(rule(Source(source, target, frozenset())))) for target in ("keras3", "tf_keras")] == [True, False]


def test_every_section_has_its_parts():
    for code, body in sections().items():
        assert "```diff" in body, code
        assert "**Why.**" in body, code
        assert "**Not rewritten.**" in body, code


def test_references_between_sections_exist():
    for body in sections().values():
        assert set(CODE.findall(body)) <= declared()
