"""Compare the speed with the last figures on file, `benchmarks/speed.json`: one line a figure, with its limit.

    nox -s speed
    nox -s speed -- --write

Each figure is a ratio within one run: the time of one update divided by that of `keras.metrics.AUC`, and the time of
`migrate` divided by that of LibCST's parser on the same text. A figure may be half above the last one, since a second
run differs by up to a third. A higher one is slower: the program then ends with exit code 1. ``--write`` puts the new
figures on file.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

import libcst
from migrate_speed import up_to
from updates import BACKENDS, BASE, alone

from compat_auc.migrate import migrate_source

HERE = pathlib.Path(__file__).parent
FILE = HERE / "speed.json"
ALLOWED = 1.5
CHARACTERS = 40_000


def of_updates(rounds):
    """The figures of `updates.py`, by name. Each backend runs in its own process."""
    figures = {}
    for backend in BACKENDS:
        table = alone(backend, rounds, stdout=subprocess.PIPE, text=True).stdout
        for line in table.splitlines():
            _, shape, name, _, ratio, _ = (cell.strip() for cell in line.strip("|").split("|"))
            if name in ("auc_roc", "RankAUC"):
                figures[f"{backend}, {shape}: {name} / {BASE}"] = float(ratio)
    return figures


def of_migrate(rounds):
    """`migrate` over LibCST's parser, on old scripts that are joined to one text."""
    texts = [path.read_text("utf-8") for path in sorted((HERE.parent / "tests/migrate/legacy").glob("*.py"))]
    text = up_to(texts, size=CHARACTERS)

    def seconds(function):
        start = time.process_time()
        function(text)
        return time.process_time() - start

    ratios = [seconds(migrate_source) / seconds(libcst.parse_module) for _ in range(rounds)]
    return {f"{CHARACTERS // 1000} kB: migrate / libcst.parse_module": round(statistics.median(ratios), 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="put the new figures on file")
    options = parser.parse_args()
    last = json.loads(FILE.read_text("utf-8"))
    figures = {**of_migrate(3), **of_updates(options.rounds)}
    slower = [name for name, ratio in figures.items() if ratio > ALLOWED * last.get(name, ratio)]
    for name, ratio in figures.items():
        before = last.get(name)
        limit = "new" if before is None else f"last {before:.2f}, limit {ALLOWED * before:.2f}"
        print(f"{ratio:6.2f}  {name} ({limit}){' SLOWER' if name in slower else ''}")
    if options.write:
        FILE.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    elif slower:
        sys.exit(f"{len(slower)} of {len(figures)} figures are slower. On a busy machine, try again.")


if __name__ == "__main__":
    main()
