"""Recorded cases: each file in cases/rewrites becomes the file beside it, each in cases/noops stays as it is.

Those in cases/reports stay, too, with the findings that their comments name.
"""

import re
from pathlib import Path

import pytest

from compat_auc.migrate import migrate_source
from tests.migrate.mutants import unnamed_statements

CASES = Path(__file__).parent / "cases"
REWRITES = sorted((CASES / "rewrites").glob("*.before.py"))
EXPECTED = sorted(path for path in (CASES / "rewrites").glob("*.py") if ".before." not in path.name)
NOOPS = sorted((CASES / "noops").glob("*.py"))
REPORTS = sorted((CASES / "reports").glob("*.py"))
CODE = re.compile(r"\bCA\d{3}\b")


def read(path):
    return path.read_bytes().decode("utf-8")


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_rewrite(expected):
    name, target = expected.stem.split(".")
    migration = migrate_source(read(expected.with_name(f"{name}.before.py")), target)
    assert migration.code == read(expected)
    assert list(unnamed_statements(migration)) == []


@pytest.mark.parametrize("before", REWRITES, ids=lambda path: path.name.split(".")[0])
@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_second_time_changes_nothing(before, target):
    once = migrate_source(read(before), target)
    assert once.changed
    again = migrate_source(once.code, target)
    assert not again.changed
    assert not any(finding.fixable for finding in again.findings)


@pytest.mark.parametrize("path", NOOPS, ids=lambda path: path.stem)
def test_noop(path):
    migration = migrate_source(read(path))
    assert migration.code == read(path)
    assert migration.findings == ()


def test_every_rewrite_is_recorded_and_outnumbered():
    assert {path.name.split(".")[0] for path in EXPECTED} == {path.name.split(".")[0] for path in REWRITES}
    assert len(NOOPS) + len(REPORTS) >= len(REWRITES)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_report(path):
    """Nothing changes, and each line whose comment names codes has a finding of each of them, no other line any."""
    migration = migrate_source(read(path))
    assert migration.code == read(path)
    wanted = {
        (number, code)
        for number, line in enumerate(read(path).splitlines(), 1)
        for code in CODE.findall(line.partition("#")[2])
    }
    assert {(finding.line, finding.code) for finding in migration.findings} == wanted
