"""Report cells of an exported notebook that are strings: ``get_ipython().run_cell_magic("time", "", "...")``."""

from __future__ import annotations

from typing import Iterator

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import BAD_CELL, Phase, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.syntax import PYTHON_CELLS


@rule(BAD_CELL, phase=Phase.CALLS)
def exported_cells(source: Source) -> Iterator[Finding]:
    for call in source.spelled("get_ipython().run_cell_magic"):
        if len(call.args) != 3:
            continue
        magic, body = source.constant(call.args[0].value), source.constant(call.args[2].value)
        if magic in PYTHON_CELLS and isinstance(body, str) and body.strip():
            message = f"the cell is a string here, and stays as it is: take it out of %%{magic} to have it moved"
            yield source.finding(BAD_CELL, message, call)
