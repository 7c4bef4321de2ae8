"""Measure the CPU time of ``compat-auc check`` by the length of a file. Twice the lines should take twice the time.

Each file joins the scripts of a folder, repeated until it is long enough. A number follows the names that they define,
so that they differ. ``--lines`` adds one file of that many lines. The second table has the stages of one run over the
file of 157 kB: how often each is entered, and the time in it without the stages that it enters in turn.

    python benchmarks/migrate_speed.py [tests/migrate/legacy] [--sizes 40 80 157 320] [--lines 30000]
"""

import argparse
import ast
import functools
import itertools
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator

from compat_auc.migrate import conditions, edits, engine, rule
from compat_auc.migrate.source import source

OF_STAGES = 157_000
RUNS = 5
# What belongs to each stage. A round looks once.
STAGES = {
    "syntax": [(engine, "check_syntax"), (edits, "statement_starts")],
    "parse": [(source.Piece, "__init__")],
    "scopes": [(source.Outline, "__init__")],
    "positions": [(source.Tree, "_measure")],
    "join pieces": [(source.Source, "__init__")],
    "rounds": [(engine, "_look")],
    "rules": [(rule.Rule, "__call__")],
    "tokens": [(conditions, "wrong_tokens")],
    "compile": [(conditions, "not_compiled")],
    "names": [(conditions, "not_bound")],
    "long lines": [(engine, "_laid_out")],
    "the rest": [(engine, "_migrate")],
}


def main():
    options = arguments()
    texts = [path.read_text("utf-8") for path in sorted(options.folder.glob("*.py"))]
    with tempfile.TemporaryDirectory() as work:
        path = pathlib.Path(work, "long.py")
        path.write_text("import keras\n", encoding="utf-8")
        start = seconds(path)
        print(f"{start:.2f} s of CPU to start\n{'kB':>6} {'lines':>6} {'s':>6} {'ms a kB':>8}")
        files = [up_to(texts, size=1000 * size) for size in options.sizes]
        for text in [*files, *([up_to(texts, lines=options.lines)] if options.lines else [])]:
            path.write_text(text, encoding="utf-8")
            spent = seconds(path) - start
            print(f"{len(text) / 1000:6.0f} {text.count(chr(10)):6d} {spent:6.2f} {1e6 * spent / len(text):8.1f}")
    print_stages(up_to(texts, size=OF_STAGES))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=pathlib.Path("tests/migrate/legacy"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 80, 157, 320], help="in kB")
    parser.add_argument("--lines", type=int, default=0)
    return parser.parse_args()


def up_to(texts, size=0, lines=0):
    """Join scripts until they are that long: ``size`` in characters, ``lines`` in lines."""
    parts, length, count = [], 0, 0
    for number, text in enumerate(itertools.cycle(texts)):
        if length >= size and count >= lines:
            return "\n".join(parts)
        parts.append(numbered(text, number))
        length += len(parts[-1])
        count += parts[-1].count("\n")
    raise ValueError("no scripts in this folder")


def numbered(text, number):
    """Add a number to the names of the functions and classes that the script defines."""
    names = [node.name for node in ast.parse(text).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    for name in names:
        text = re.sub(rf"\b{name}\b(?![\"'])", f"{name}_{number}", text)
    return re.sub(r"^from __future__ .*\n", "", text, flags=re.MULTILINE)


def seconds(path):
    """Return the user CPU time of one run, the median of several."""
    command = [sys.executable, "-m", "compat_auc", "check", str(path)]
    times = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        times.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
    return statistics.median(times)


def print_stages(text):
    entered, spent = Counter(), Counter()
    inner = [0.0]

    def timed(function, stage):
        @functools.wraps(function)
        def call(*args, **kwargs):
            entered[stage] += 1
            inner.append(0.0)
            start = time.process_time()
            result = function(*args, **kwargs)
            result = iter(list(result)) if isinstance(result, Iterator) else result
            whole = time.process_time() - start
            spent[stage] += whole - inner.pop()
            inner[-1] += whole
            return result

        return call

    for stage, functions in STAGES.items():
        for owner, name in functions:
            setattr(owner, name, timed(getattr(owner, name), stage))
    engine.migrate_source("import keras\n")
    entered.clear()
    spent.clear()
    engine.migrate_source(text)
    print(f"\n{len(text) / 1000:.0f} kB   {'times':>6} {'s':>6}")
    for stage in STAGES:
        print(f"{stage:12} {entered[stage]:4d} {spent[stage]:6.2f}")
    print(f"{'together':12} {'':4} {sum(spent.values()):6.2f}")


if __name__ == "__main__":
    main()
