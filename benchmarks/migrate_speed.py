"""Measure the CPU time of ``compat-auc check`` by the length of a file. Twice the lines should take twice the time.

Each file joins the scripts of a folder, repeated until it is long enough. A number follows the names that they define,
so that they differ. ``--lines`` adds one file of that many lines.

    python benchmarks/migrate_speed.py [tests/migrate/legacy] [--sizes 40 80 160 320] [--lines 30000]
"""

import argparse
import ast
import itertools
import pathlib
import re
import resource
import subprocess
import sys
import tempfile


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


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=pathlib.Path("tests/migrate/legacy"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 80, 160, 320], help="in kB")
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
    """Return the user CPU time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(
        [sys.executable, "-m", "compat_auc", "check", str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


if __name__ == "__main__":
    main()
