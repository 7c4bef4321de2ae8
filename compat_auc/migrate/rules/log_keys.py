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

**Not rewritten.** Scripts that read both spellings. A key that cannot be there is reported, unless a condition or `get`
allows for that.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, keyword
from compat_auc.migrate.understand.compiled import metric_elements

_SHORT = re.compile(r"^(val_|\w+_)?acc$|\{(val_)?acc[:}]")
_LOGS = re.compile(r"hist|logs?$|^h$|^h\.")
_LONG = re.compile(r"^(val_)?accuracy$|\{(val_)?accuracy[:}]")


@rule("CA409", stage=Stage.CALLS)
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
    # The plain word is in many other places, too.
    long = any(_LONG.search(value) for node, value in others if value != "accuracy" or _is_read(source, node))
    if short and long:
        yield from _missing(source, spelling, [node for node, _ in others])
    wanted = "acc" if short and not long else "accuracy" if long and not short else spelling
    if wanted == spelling:
        return
    for element in metrics:
        edit = source.replace_string(element, wanted)
        yield source.finding(
            "CA409",
            f"The metric is now called {wanted!r}, the log key that the script reads.",
            element,
            (edit,),
        )


def _missing(source: Source, spelling: str, nodes: list[cst.CSTNode]) -> Iterator[Finding]:
    """Report what reads the other spelling: an item of the history or the logs, or the monitor of a callback."""
    other = {"acc": "accuracy", "accuracy": "acc"}[spelling]
    for node in nodes:
        value = source.constant(node)
        if value not in (other, f"val_{other}"):
            continue
        new = str(value).replace(other, spelling)
        if (_is_read(source, node) and not _is_asked_for(source, node)) or _is_monitored(source, node):
            message = f"the metric is called {spelling!r}, so no log has {value!r}. Write {new!r}."
            yield source.report("CA409", message, node)


def _is_read(source: Source, node: cst.CSTNode) -> bool:
    """Whether a string is the key of an item that is read, not set."""
    item = source.enclosing(node, cst.Subscript, cst.BaseStatement)
    if not isinstance(item, cst.Subscript) or isinstance(source.parents[item], (cst.AssignTarget, cst.Del)):
        return False
    holder = source.code(item.value)
    is_index = isinstance(item.slice[0].slice, cst.Index) and item.slice[0].slice.value is node
    return is_index and bool(_LOGS.search(holder))


def _is_asked_for(source: Source, node: cst.CSTNode) -> bool:
    """Whether the code around looks whether the key is there, or handles that it is not."""
    for parent in source.ancestors(node):
        if isinstance(parent, (cst.If, cst.IfExp)) and "acc" in source.code(parent.test):
            return True
        if isinstance(parent, cst.Try):
            return True
    return False


def _is_monitored(source: Source, node: cst.CSTNode) -> bool:
    arg = source.parents[node]
    call = source.parents[arg]
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return False
    is_callback = (source.name(call.func) or "").startswith("keras.callbacks.")
    return is_callback and keyword(arg) in ("", "monitor")


def _rates(source: Source) -> Iterator[Finding]:
    """Rename ``history.history["lr"]``: the callbacks of Keras 3 log it as ``learning_rate``."""
    for node in source.all(cst.Subscript):
        only = node.slice[0].slice
        of_history = isinstance(node.value, cst.Attribute) and node.value.attr.value == "history"
        key = only.value if of_history and isinstance(only, cst.Index) else None
        if isinstance(key, cst.SimpleString) and key.evaluated_value == "lr":
            edit = source.replace_string(key, "learning_rate")
            yield source.finding("CA409", "The log key 'lr' is now 'learning_rate'.", node, (edit,))
