"""Report cells of an exported notebook that are strings: ``get_ipython().run_cell_magic("time", "", "...")``.

CA503: a cell that is left as it is

```diff
 {"cells": [
   {"cell_type": "code", "source": "model.fit(x, y"},
-  {"cell_type": "code", "source": "from keras.layers.core import Dense"}
+  {"cell_type": "code", "source": "from keras.layers import Dense"}
 ]}
```

**Why.** A notebook cell that no version of Python can read keeps its text. The other cells are rewritten. In a script
that was a notebook, `get_ipython().run_cell_magic("time", "", "...")` has the whole cell in a string, which stays as it
is.

**Not rewritten.** The cell. Correct the line that is named, or write the lines of the string out, and run compat-auc
again.
"""

from __future__ import annotations

from typing import Iterator

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import BAD_CELL, Stage, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.syntax import PYTHON_CELLS


@rule(BAD_CELL, stage=Stage.CALLS)
def exported_cells(source: Source) -> Iterator[Finding]:
    for call in source.spelled("get_ipython().run_cell_magic"):
        if len(call.args) != 3:
            continue
        magic, body = source.constant(call.args[0].value), source.constant(call.args[2].value)
        if magic in PYTHON_CELLS and isinstance(body, str) and body.strip():
            message = f"the code of the cell is a string here. Take the code out of %%{magic}."
            yield source.report(BAD_CELL, message, call)
