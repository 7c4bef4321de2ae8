"""Change one place of the code at a time, and see whether a test fails: `nox -s mutants`.

mutmut makes the mutants in a copy of the repository, and runs the tests that reach each. `equivalent.toml` lists the
mutants that no test can kill. mutmut leaves alone what has a decorator, and what runs at import.
"""

import argparse
import collections
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import tomllib

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_name("equivalent.toml")
COPIED = ["compat_auc", "tests", "docs", "examples", "benchmarks", "README.md", "CHANGELOG.md"]
# The tests that may kill: those that need no Keras and are not slow.
OF_MIGRATE = [
    "auc_uses",
    "cases",
    "conditions",
    "engine",
    "evidence",
    "findings",
    "graph_files",
    "guide",
    "message_snapshot",
    "metric_strings",
    "models",
    "output_metrics",
    "outputs",
    "project",
    "understand",
]
TESTS = {
    "counting": [
        "tests/counting",
        *(f"tests/unit/test_{name}.py" for name in ("callback_data", "explain", "thresholds")),
    ],
    "migrate": [f"tests/migrate/test_{name}.py" for name in OF_MIGRATE],
}
# What is mutated, and by which tests.
MODULES = {
    "counting": ("compat_auc/counting/", "counting"),
    "understand": ("compat_auc/migrate/understand/", "migrate"),
    "engine": ("compat_auc/migrate/engine.py", "migrate"),
    "conditions": ("compat_auc/migrate/conditions.py", "migrate"),
}
SETTINGS = r"""
[tool.mutmut]
source_paths = ["compat_auc"]
only_mutate = {only_mutate}
also_copy = {also_copy}
pytest_add_cli_args = ["-p", "mutation.without_memory", "--hypothesis-seed=0"]
pytest_add_cli_args_test_selection = {tests}
# A worker of "fork" has what functions remember from a run of all tests.
process_isolation = "forkserver"
track_dependencies = false
timeout_constant = 4.0
timeout_multiplier = 2.5
# The words of messages: tests read some of them, never all.
do_not_mutate_patterns = [
    'raise \w+\(',
    'warnings\.warn\(',
    '''^\s*(return |yield |\w+ \+?= )?\(?f?["'].* .*["'][,)]*$''',
]
"""
# A warning names the frame from which mutmut calls a function, a script needs Keras, and a test reads the text of the
# code. The rest is slow.
NOT_RUN = " and ".join(
    f"not {name}"
    for name in (
        "few_rows_are_a_warning",
        "gives_the_recorded_number",
        "every_text_of_a_finding",
        "every_rule_with_stars",
    )
)
KILLED = {"killed", "timeout", "segfault"}


def prepared(tests, paths):
    """A copy of the repository, with the settings for mutmut."""
    folder = ROOT / ".nox" / "mutated" / tests
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    selection = [*TESTS[tests], "-m", "not slow", "-k", NOT_RUN]
    only = [f"{path}*" if path.endswith("/") else path for path in paths]
    settings = SETTINGS.format(only_mutate=only, also_copy=COPIED[2:], tests=selection)
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8") + settings, "utf-8")
    return folder


def mutmut(folder, *arguments):
    """The lines that a command of mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True)
    return done.stdout.splitlines()


def results(folder, path):
    """The status of each mutant of a module by its name."""
    module = path.rstrip("/").removesuffix(".py").replace("/", ".")
    lines = (line.strip() for line in mutmut(folder, "results", "--all", "true"))
    return dict(line.split(": ") for line in lines if line.startswith(f"{module}."))


def change(folder, name):
    """A mutant as "old line -> new line"."""
    lines = [line for line in mutmut(folder, "show", name) if line[:1] in ("-", "+") and line[:3] not in ("---", "+++")]
    return " -> ".join(line[1:].strip() for line in lines)


def report(folder, module, statuses, equivalent):
    """Print the survivors, and the share killed of what is not equivalent."""
    survivors = {name: change(folder, name) for name, status in sorted(statuses.items()) if status == "survived"}
    named = {name: text for name, text in survivors.items() if text not in equivalent}
    for name, text in named.items():
        print(f"survived: {name}\n    {text}")
    count = collections.Counter(statuses.values())
    killed = sum(count[status] for status in KILLED)
    print(f"{module}: {killed} of {killed + len(named)} killed ({killed / max(killed + len(named), 1):.1%})")
    print(f"    equivalent: {len(survivors) - len(named)}; reached by none of these tests: {count['no tests']}")
    unreached = {name.partition("__mutmut_")[0] for name, status in statuses.items() if status == "no tests"}
    print("".join(f"    not reached: {name}\n" for name in sorted(unreached)))


def examine(tests, paths, sample, seed, equivalent):
    folder = prepared(tests, paths.values())
    names = []
    if sample:
        # Makes the mutants and finds the tests of each. No mutant has this name.
        mutmut(folder, "run", "none")
        for path in paths.values():
            every = sorted(results(folder, path))
            names.extend(random.Random(seed).sample(every, min(sample, len(every))))
    output = mutmut(folder, "run", *names)
    for module, path in paths.items():
        statuses = {name: status for name, status in results(folder, path).items() if status != "not checked"}
        if not statuses:
            sys.exit("\n".join(output[-40:]))
        report(folder, module, statuses, equivalent)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("modules", nargs="*", default=[*MODULES], help=" ".join(MODULES))
    parser.add_argument("--sample", type=int, help="run only so many mutants of each module, chosen at random")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    options = parser.parse_args()
    unknown = set(options.modules) - set(MODULES)
    if unknown:
        parser.error(f"no such module: {', '.join(sorted(unknown))}; expected {', '.join(MODULES)}")
    equivalent = {mutant for mutants in tomllib.loads(LIST.read_text("utf-8")).values() for mutant in mutants}
    for tests in TESTS:
        paths = {name: MODULES[name][0] for name in options.modules if MODULES[name][1] == tests}
        if paths:
            examine(tests, paths, options.sample, options.seed, equivalent)


if __name__ == "__main__":
    main()
