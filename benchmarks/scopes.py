"""Time what a script costs to read: Python's own parser, libcst's, our scopes and positions, and libcst's providers.

python benchmarks/scopes.py tests/migrate/legacy
"""

import ast
import pathlib
import statistics
import sys
import time

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider, ScopeProvider

from compat_auc.migrate.source.source import Source

ROUNDS = 5


def source(text):
    """Parse, find scopes, and measure every position."""
    parsed = Source(text)
    for statement in parsed.module.body:
        parsed.span(statement)


def providers(text):
    MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True).resolve_many([PositionProvider, ScopeProvider])


READERS = {
    "ast.parse": ast.parse,
    "libcst.parse_module": cst.parse_module,
    "Source: parse, scopes, positions": source,
    "libcst: parse, ScopeProvider, PositionProvider": providers,
}


def main():
    texts = [path.read_text("utf-8") for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))]
    seconds = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name, read in READERS.items():
            start = time.process_time()
            for text in texts:
                read(text)
            seconds[name].append(time.process_time() - start)
    size = sum(map(len, texts)) / 1000
    print(
        f"{len(texts)} files, {size:.0f} kB; milliseconds of the processor for each kB, the median of {ROUNDS} rounds"
    )
    for name, values in seconds.items():
        print(f"{name:48} {1000 * statistics.median(values) / size:.2f}")


if __name__ == "__main__":
    main()
