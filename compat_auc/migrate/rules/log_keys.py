"""Choose ``'acc'`` or ``'accuracy'``. Keras logs the spelling it was given; Keras 2.0 to 2.2 always wrote ``acc``.

CA409: `acc` and `accuracy`

```diff
-model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
+model.compile("adam", "binary_crossentropy", metrics=["acc"])
 history = model.fit(x, y, validation_split=0.2)
 print(history.history["val_acc"])
```

**Why.** Keras 2.0 to 2.2 logged both spellings as `acc`. Now the log key is the spelling that `compile` got. `migrate`
writes the spelling whose key the script reads.

`history.history["lr"]` becomes `history.history["learning_rate"]`, the key of Keras 3.

**Not rewritten.** Scripts that read both spellings.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.definitions import metric_elements

_SHORT = re.compile(r"^(val_|\w+_)?acc$|\{(val_)?acc[:}]")
_LONG = re.compile(r"^(val_)?accuracy$|\{(val_)?accuracy[:}]")


@rule("CA409", phase=Phase.CALLS)
def log_keys(source: Source) -> Iterator[Finding]:
    if source.target == "keras3":
        yield from _rates(source)
    metrics = {
        element: None
        for element in metric_elements(source)
        if isinstance(element, cst.SimpleString) and element.evaluated_value in ("acc", "accuracy")
    }
    spellings = {str(element.evaluated_value) for element in metrics}
    if len(spellings) != 1:
        return
    spelling = spellings.pop()
    others = [(node, value) for node, value in source.strings if node not in metrics]
    others += [(node, node.value) for node in source.all(cst.FormattedStringText)]
    short = any(_SHORT.search(value) for _, value in others)
    long = any(_LONG.search(value) for _, value in others if value != "accuracy")
    wanted = "acc" if short and not long else "accuracy" if long and not short else spelling
    if wanted == spelling:
        return
    for element in metrics:
        edit = source.replace(element, element.quote + wanted + element.quote)
        yield source.finding(
            "CA409",
            f"the script reads the log key {wanted!r}, so the metric is called that",
            element,
            (edit,),
        )


def _rates(source: Source) -> Iterator[Finding]:
    """Rename ``history.history["lr"]``: the callbacks of Keras 3 log it as ``learning_rate``."""
    for node in source.all(cst.Subscript):
        only = node.slice[0].slice
        of_history = isinstance(node.value, cst.Attribute) and node.value.attr.value == "history"
        key = only.value if of_history and isinstance(only, cst.Index) else None
        if isinstance(key, cst.SimpleString) and key.evaluated_value == "lr":
            edit = source.replace(key, key.quote + "learning_rate" + key.quote)
            yield source.finding("CA409", "Keras 3 logs the rate as learning_rate", node, (edit,))
