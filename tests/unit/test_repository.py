"""What stands in several files of the repository is the same in each: lanes, sessions, the version."""

import ast
import pathlib
import re
import subprocess

import pytest
import stacks
from packaging.specifiers import SpecifierSet

import compat_auc

ROOT = pathlib.Path(__file__).parents[2]
NOXFILE = ast.parse((ROOT / "noxfile.py").read_text("utf-8"))
WORKFLOW = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")


def lanes_of_the_noxfile():
    """Each lane's Python, as noxfile.py writes it: a version, or a range of versions."""
    values = {node.targets[0].id: node.value for node in NOXFILE.body if isinstance(node, ast.Assign)
              if isinstance(node.targets[0], ast.Name)}  # fmt: skip
    pythons = [entry.elts[0] for entry in values["LANES"].values]
    named = [values[python.id] if isinstance(python, ast.Name) else python for python in pythons]
    return dict(zip(map(ast.literal_eval, values["LANES"].keys), map(ast.literal_eval, named)))


def test_the_lanes_are_those_of_the_workflow_and_of_the_tests():
    block = re.search(r"^ +lane:\n((?: +- .+\n)+)", WORKFLOW, re.MULTILINE).group(1)
    assert re.findall(r"- (.+)", block) == list(lanes_of_the_noxfile()) == list(stacks.LANES)


def test_the_workflow_installs_the_python_that_a_lane_wants():
    installed = dict(re.findall(r'\{lane: (.+), python: "(.+)"\}', WORKFLOW))
    for lane, wanted in lanes_of_the_noxfile().items():
        versions = SpecifierSet(wanted if "=" in wanted else f"=={wanted}")
        assert installed.get(lane, "3.11") in versions, lane


def test_the_sessions_of_the_workflow_are_in_the_noxfile():
    functions = [node for node in NOXFILE.body if isinstance(node, ast.FunctionDef)]
    defined = {node.name for node in functions} | {
        keyword.value.value
        for node in functions
        for decorator in node.decorator_list
        for keyword in decorator.keywords
        if keyword.arg == "name"
    }
    listed = re.search(r"session: \[(.+)\]", WORKFLOW).group(1).split(", ")
    assert listed and set(listed) <= defined


def test_the_version_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    version, date = re.search(r"^## \[([\d.]+)\] - (.+)$", changelog, re.MULTILINE).groups()
    assert version == compat_auc.__version__ == re.search(r"^version: (.+)$", citation, re.MULTILINE).group(1)
    released = [] if "No version has been released yet" in changelog else [date]
    assert re.findall(r"^date-released: (.+)$", citation, re.MULTILINE) == released


def test_actions_are_pinned_to_commits():
    texts = [path.read_text("utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    actions = {re.fullmatch(r"([\w/-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", used).groups()
               for text in texts for used in re.findall(r"uses: (.+)", text)}  # fmt: skip
    assert len(dict(actions)) == len(actions) > 0, "one action at two versions"


def test_blame_looks_past_commits_of_the_history():
    git = ["git", "-C", str(ROOT)]
    shallow = subprocess.run([*git, "rev-parse", "--is-shallow-repository"], capture_output=True, text=True)
    if shallow.stdout.strip() != "false":
        pytest.skip("needs the history, which an sdist and a shallow clone lack")
    text = (ROOT / ".git-blame-ignore-revs").read_text("utf-8")
    listed = re.findall(r"^# (.+)\n([0-9a-f]{40})$", text, re.MULTILINE)
    assert len(listed) == text.count("\n", text.index("\n\n") + 2) / 2
    for subject, commit in listed:
        command = [*git, "log", "-1", "--format=%s", commit]
        assert subprocess.run(command, capture_output=True, text=True).stdout.strip() == subject
