"""The rules of the house: small functions, small modules with a reason, arrows that point one way."""

import ast
import pathlib
import subprocess
import sys

import graphlib
import pytest

ROOT = pathlib.Path(__file__).parents[2]
MAX_FUNCTION, MAX_MODULE = 45, 300
# What old programs were like, and what moves them: data, not code of the house.
DATA = ("cases", "legacy", "legacy_2017.py", "make_golden.py")


def modules(*folders):
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in [*found, ROOT / "noxfile.py"] if not set(DATA) & set(path.relative_to(ROOT).parts)]


EVERY = {str(path.relative_to(ROOT)): path for path in modules("compat_auc", "tests", "examples", "benchmarks")}
ABOVE = {
    "compat_auc.command.cli",
    "compat_auc.callback.roc_callback",
    "compat_auc.metrics.registry",
    "compat_auc.beam",
}
PACKAGE = {name: path for name, path in EVERY.items() if name.startswith("compat_auc")}


def parsed(name):
    return ast.parse(EVERY[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EVERY)
def test_a_module_is_small_and_says_why_it_exists(name):
    assert len(EVERY[name].read_text(encoding="utf-8").splitlines()) <= MAX_MODULE
    reason = ast.get_docstring(parsed(name)) or ""
    assert reason.split("\n\n")[0].rstrip().endswith((".", ":", "?")), "no sentence at its top"


@pytest.mark.parametrize("name", EVERY)
def test_a_function_is_small(name):
    for node in ast.walk(parsed(name)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[ast.get_docstring(node) is not None :] or [node]
            lines = node.end_lineno - first[0].lineno + 1 + (node.body[0].lineno - node.lineno)
            assert lines <= MAX_FUNCTION, f"{node.name} has {lines} lines, its docstring left out"


def without_type_checking(tree):
    """Every node but those under ``if TYPE_CHECKING``: what only a type checker reads is no arrow."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"):
            yield node
            yield from without_type_checking(node)


def imports(name):
    """The modules of the package that a module imports, at its top or later."""
    here = name[: -len(".py")].replace("/", ".")
    found = set()
    for node in without_type_checking(parsed(name)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("compat_auc"):
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(part if f"{part.replace('.', '/')}.py" in EVERY else node.module for part in parts)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name.startswith("compat_auc"))
    # The package's own names are loaded on first use, so importing the package is no arrow to what it names.
    return found - {here, "compat_auc"}


def test_arrows_point_one_way():
    arrows = {name[: -len(".py")].replace("/", "."): imports(name) for name in PACKAGE if "__init__" not in name}
    tuple(graphlib.TopologicalSorter(arrows).static_order())  # Raises CycleError.
    for name, targets in arrows.items():
        above = ABOVE & targets
        assert not above or name == "compat_auc.__main__", f"{name} imports {above}, which are above it"


@pytest.mark.parametrize("part", ["counting", "migrate"])
def test_the_arithmetic_and_the_tool_import_no_framework(part):
    names = [name[: -len(".py")].replace("/", ".") for name in PACKAGE]
    wanted = [name for name in names if name.startswith(f"compat_auc.{part}.")] + (
        ["compat_auc.command.cli"] * (part != "counting")
    )
    assert wanted
    program = (
        f"import importlib, sys\nfor name in {wanted}: importlib.import_module(name.replace('.__init__', ''))\n"
        "print([name for name in ('tensorflow', 'keras', 'tf_keras', 'jax', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", sorted(set(PACKAGE) - {"compat_auc/stack.py"}))
def test_only_runtime_compares_versions(name):
    for node in ast.walk(parsed(name)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imported = getattr(node, "module", None) or node.names[0].name
            assert not imported.startswith("packaging")
        names = {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(node)}
        if isinstance(node, ast.Compare):
            assert not {one for one in names if "version" in one.lower()} - {"_FORMAT_VERSION"}
        assert "major_minor" not in names
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "startswith":
            assert "version" not in ast.dump(node.func.value)
