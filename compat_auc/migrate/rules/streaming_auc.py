"""Replace ``streaming_auc`` in graph code, however imported, by ``compat_auc.streaming_auc``; the arguments stay.

CA301: `streaming_auc`

```diff
-import tensorflow as tf
+import tensorflow.compat.v1 as tf
+from compat_auc import streaming_auc
+tf.disable_v2_behavior()

-auc, update_op = tf.contrib.metrics.streaming_auc(predictions, labels)
+auc, update_op = streaming_auc(predictions, labels)
 session = tf.Session()
```

**Why.** `tf.contrib` is gone. `compat_auc.streaming_auc` has the same arguments in the same order, and gives the same
numbers. It gives two values. Code that unpacks four is reported.

**Not rewritten.** `streaming_auc` inside a Keras metric: see CA101.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import STREAMING_AUC, is_graph_file
from compat_auc.migrate.source.source import Source, aliases, dotted
from compat_auc.migrate.tables.names import canonical
from compat_auc.migrate.understand.interpreter import Env, Interpreter, Term
from compat_auc.migrate.understand.recognise import follow
from compat_auc.migrate.understand.replacement import import_line, local_name

_MESSAGE = "streaming_auc is now compat_auc.streaming_auc, with the same arguments."


@rule("CA106", "CA301", stage=Stage.CALLS)
def streaming_auc(source: Source) -> Iterator[Finding]:
    if not is_graph_file(source):
        return
    yield from _unpacked(source)
    yield from _hard(source)
    local = local_name(source, "streaming_auc", [node for node in source.from_imports() if _imports_it(node)])
    line = (import_line("compat_auc", "streaming_auc", local),)
    for node, name in source.full_names(cst.Attribute):
        if canonical(name) == STREAMING_AUC and not isinstance(source.parents[node], cst.ImportFrom):
            yield source.finding("CA301", _MESSAGE, node, (source.replace(node, local),), line)
    for node in source.from_imports():
        if _imports_it(node):
            mine = [alias for alias in aliases(node) if dotted(alias.name) == "streaming_auc"]
            yield source.finding("CA301", _MESSAGE, node, (source.split_import(node, mine, "compat_auc"),))


def _unpacked(source: Source) -> Iterator[Finding]:
    for assign in source.all(cst.Assign):
        target = assign.targets[0].target
        call = assign.value.func if isinstance(assign.value, cst.Call) else None
        is_tuple = isinstance(target, (cst.Tuple, cst.List)) and len(target.elements) != 2
        if call is not None and is_tuple and source.name(call) in (STREAMING_AUC, "compat_auc.streaming_auc"):
            message = f"streaming_auc returns (value, update_op), not {len(target.elements)} values. Unpack two values."
            yield source.report("CA301", message, assign)


def _hard(source: Source) -> Iterator[Finding]:
    """Report the AUC of hard classes: predictions after ``argmax``, rounding or a threshold."""
    for call, position in _graph_aucs(source):
        function = source.enclosing(call, cst.FunctionDef)
        interpreter = Interpreter(source)
        if function is None:
            interpreter.value(call, Env())
        else:
            interpreter.call(interpreter.define(function, Env()), ())
        if interpreter.is_cut:
            interpreter.note_cut(call)
        for result in interpreter.results.get(call, ()):
            scores = result.keyword("predictions") if isinstance(result, Term) else None
            if scores is None and isinstance(result, Term) and len(result.args) > position:
                scores = result.args[position]
            if follow(scores).hard:
                message = "this is the AUC of hard classes (argmax or rounded predictions). Pass the scores instead."
                yield source.report("CA106", message, call)


def _graph_aucs(source: Source) -> Iterator[tuple[cst.Call, int]]:
    for call in source.calls("tensorflow.metrics.auc"):
        yield call, 1
    for call in source.calls(STREAMING_AUC, "compat_auc.streaming_auc"):
        yield call, 0


def _imports_it(node: cst.ImportFrom) -> bool:
    module = dotted(node.module)
    return module.startswith(("tensorflow.contrib", "tf_slim")) and any(
        dotted(alias.name) == "streaming_auc" for alias in aliases(node)
    )
