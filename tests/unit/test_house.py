"""The rules of the house that no linter says: small functions, modules with a reason, one that reads versions.

Which module may import which is in pyproject.toml, for import-linter.
"""

import ast
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
MAX_FUNCTION = 45
# What old programs were like, and what moves them: data, not code of the house.
DATA = ("cases", "legacy", "legacy_2017.py", "make_golden.py")


def modules(*folders):
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in [*paths, ROOT / "noxfile.py"] if not set(DATA) & set(path.relative_to(ROOT).parts)]


EVERY = {str(path.relative_to(ROOT)): path for path in modules("compat_auc", "tests", "examples", "benchmarks")}
PACKAGE = {name: path for name, path in EVERY.items() if name.startswith("compat_auc")}


# These say nothing of what they stand for: call it `score`, `finding`, `keyword`, `bucket`.
VAGUE = {"one", "found", "given", "known", "place", "made", "apart", "held", "said"}


def parsed(name):
    return ast.parse(EVERY[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EVERY)
def test_a_module_says_why_it_exists(name):
    reason = ast.get_docstring(parsed(name)) or ""
    assert reason.split("\n\n")[0].rstrip().endswith((".", ":", "?")), "no sentence at its top"


@pytest.mark.parametrize("name", EVERY)
def test_a_function_is_small(name):
    for node in ast.walk(parsed(name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[ast.get_docstring(node) is not None :] or [node]
            lines = node.end_lineno - first[0].lineno + 1 + (node.body[0].lineno - node.lineno)
            assert lines <= MAX_FUNCTION, f"{node.name} has {lines} lines, its docstring left out"


def bound_names(tree):
    """The names that the code itself chooses: of variables, attributes, parameters, functions, classes, imports."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            yield node.id if isinstance(node, ast.Name) else node.attr
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname
        elif isinstance(node, ast.ExceptHandler):
            yield node.name


@pytest.mark.parametrize("name", PACKAGE)
def test_a_name_says_what_it_stands_for(name):
    assert not VAGUE & {bound.strip("_") for bound in bound_names(parsed(name)) if bound}


@pytest.mark.parametrize("name", PACKAGE)
def test_an_error_says_what_was_received_in_one_wording(name):
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not re.search(r"Received(?!:)|\band received\b", node.value)


def test_every_way_to_choose_a_name_is_seen():
    program = (
        "import a as b\nclass c:\n def d(self, e, *f, g=1, **h):\n  self.i = j = 1\n  for k, (l, *m) in e: pass\n"
        "  with e as n: o: int = 1\n  try: p += 1\n  except E as q: (r := 1)\n  return [s for s in e], lambda t: t\n"
    )
    assert set(bound_names(ast.parse(program))) == {*"bcdefghijklmnopqrst", "self"}


def test_the_command_imports_no_framework_before_it_needs_one():
    # lint-imports says it of counting and migrate. `doctor` does import one, when it runs.
    program = (
        "import sys, compat_auc.command.cli\n"
        "print([name for name in ('tensorflow', 'keras', 'tf_keras', 'jax', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", sorted(set(PACKAGE) - {"compat_auc/stack.py"}))
def test_only_stack_compares_versions(name):
    for node in ast.walk(parsed(name)):
        names = {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(node)}
        if isinstance(node, ast.Compare):
            of_no_framework = {"_FORMAT_VERSION", "version_info"}
            assert not {version for version in names if "version" in version.lower()} - of_no_framework
        assert "major_minor" not in names
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "startswith":
            assert "version" not in ast.dump(node.func.value)
