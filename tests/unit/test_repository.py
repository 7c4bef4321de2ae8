"""What stands in several files of the repository is the same in each: lanes, sessions, the version."""

import ast
import pathlib
import re

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
    version, date = re.search(
        r"^## \[([\d.]+)\] - (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    ).groups()
    assert version == compat_auc.__version__ == re.search(r"^version: (.+)$", citation, re.MULTILINE).group(1)
    assert date == re.search(r"^date-released: (.+)$", citation, re.MULTILINE).group(1)
