"""The README's table of stacks says of this lane what runtime() says on it."""

import os

from compat_auc import runtime

README = os.path.join(os.path.dirname(__file__), "..", "..", "README.md")


def row(lane):
    with open(README, encoding="utf-8") as f:
        rows = [[cell.strip(" `\n") for cell in line.strip().strip("|").split("|")] for line in f if line[0] == "|"]
    (found,) = [cells for cells in rows if cells[0] == lane]
    return found


def test_row(stack):
    _, _, tensorflow, keras_version, name, backend, mode, implementation = row(stack.lane)
    found = runtime()
    assert (found.keras, found.backend, found.mode, found.implementation) == (name, backend, mode, implementation)
    # A pinned version is written as it is, the newest one as "newest".
    assert tensorflow in ("newest", "not imported", found.tensorflow)
    assert keras_version in ("newest", found.keras_version)
    assert (found.tensorflow is None) == (tensorflow == "not imported")
