"""Report what was not looked at, because following it takes too many steps.

CA507: code that is too much to follow

```diff
 from sklearn.metrics import roc_auc_score

 def area(y_true, y_pred, rounds=9):
     if rounds == 0:
         return roc_auc_score(y_true, y_pred)
     return area(y_true, y_pred, rounds - 1) + area(y_pred, y_true, rounds - 1)

 model.compile("adam", "binary_crossentropy", metrics=[area])
```

**Why.** `migrate` looks for AUC metrics by what functions compute. It follows up to 20,000 steps of each function, and
200,000 steps of each file, 20 more for each of its characters. What is left then is not followed. The finding names it
and the limit. Here each call makes two more.

**Not rewritten.** Reported only. See yourself whether these functions are AUC metrics, and write `auc_roc` in their
place. If a file has too many functions, split it.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.interpreter import MAX_SIZE, MAX_STEPS, budget, limit

_MOST_NAMES = 5


@rule("CA507", stage=Stage.API)
def not_followed(source: Source) -> Iterator[Finding]:
    spent = budget(source)
    for node in spent.too_long:
        what = f"{MAX_STEPS:,} steps or a value of more than {MAX_SIZE:,} parts"
        message = f"the search for an AUC in {_named(source, node)} takes more than {what}. Check the code by hand."
        yield source.report("CA507", message, node)
    if spent.left_out:
        names = list(dict.fromkeys(_named(source, node) for node in spent.left_out))
        more = len(names) - _MOST_NAMES
        listed = ", ".join(names[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        message = f"the search for an AUC stops after {limit(source):,} steps in a file. Check {listed} by hand."
        yield source.report("CA507", message, spent.left_out[0])


def _named(source: Source, node: cst.CSTNode) -> str:
    """Return what a message calls a function, an assignment or an expression."""
    name = node.name if isinstance(node, (cst.FunctionDef, cst.ClassDef)) else node
    target = name.targets[0].target if isinstance(name, cst.Assign) else name
    return f"`{source.code(target).partition(chr(10))[0]}`"
