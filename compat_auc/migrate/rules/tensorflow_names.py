"""Move names in Keras code that only TensorFlow 1 has: ``tf.ConfigProto``, ``tf.log``, ``tf.py_func``.

CA306: names that only TensorFlow 1 has

```diff
 import tensorflow as tf

 def log_loss(y_true, y_pred):
-    return -tf.reduce_mean(y_true * tf.log(y_pred), axis=-1, keep_dims=True)
+    return -tf.reduce_mean(y_true * tf.compat.v1.log(y_pred), axis=-1, keepdims=True)
```

**Why.** TensorFlow 2 keeps these names under `tf.compat.v1`. `tf.py_func` becomes `tf.numpy_function`, which works
inside Keras 3. In a metric that stays, a call that gives one number goes into `tf.ensure_shape(..., ())`, because Keras
3 has to know the shape.

**Not rewritten.** Functions that kept their name and whose arguments changed in other ways.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.guards import depends_on_release
from compat_auc.migrate.source.source import Source, aliases, argument, dotted, keyword, root
from compat_auc.migrate.tables.tensorflow_v1 import ONLY_V1
from compat_auc.migrate.target_api.api import api
from compat_auc.migrate.understand.compiled import metric_elements
from compat_auc.migrate.understand.interpreter import (
    LABELS,
    PYTHON_CALLS,
    SCORES,
    Env,
    Interpreter,
    Term,
    Value,
    is_term,
)

# Names with an equivalent that also works inside Keras 3.
_RENAMED = {"py_func": "numpy_function"}
# Arguments that TensorFlow 1.0 to 2.0 renamed, by their old name.
_KEYWORDS = {
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
    "dim": "axis",
    "dimension": "axis",
    "concat_dim": "axis",
    "split_dim": "axis",
    "squeeze_dims": "axis",
    "seq_dim": "seq_axis",
    "batch_dim": "batch_axis",
    "num_split": "num_or_size_splits",
    "filter": "filters",
}


@rule("CA306", stage=Stage.NAMES)
def tensorflow_names(source: Source) -> Iterator[Finding]:
    if is_graph_file(source):
        return
    for node, raw in source.full_names(cst.Attribute):
        name = raw[len("tensorflow.") :] if raw.startswith("tensorflow.") else ""
        if name not in ONLY_V1 or isinstance(source.parents[node], (cst.ImportFrom, cst.ImportAlias)):
            continue
        base = root(node)
        spelled = source.code(base)
        if source.raw_name(base) != "tensorflow" or depends_on_release(source, node):
            continue
        if name.startswith("metrics."):
            message = f"tf.{name} needs a session. Use a metric of Keras, or compat_auc.auc_roc."
            yield source.report("CA306", message, node, subject=name.rpartition(".")[2])
            continue
        new = f"{spelled}.{_RENAMED.get(name, 'compat.v1.' + name)}"
        yield source.finding("CA306", f"tf.{name} is now tf{new[len(spelled) :]}.", node, (source.replace(node, new),))
    for node in source.from_imports():
        old = [alias for alias in aliases(node) if dotted(alias.name) in ONLY_V1]
        if old and dotted(node.module) == "tensorflow":
            edit = source.split_import(node, old, "tensorflow.compat.v1")
            yield source.finding("CA306", "These names are now in tensorflow.compat.v1.", node, (edit,))
    yield from _keywords(source)
    if source.target == "keras3":
        yield from _shapes(source)


def _shapes(source: Source) -> Iterator[Finding]:
    """Give ``tf.py_func`` in a metric that stays a shape. Keras 3 must know that its result is one number."""
    for element in metric_elements(source):
        function = source.bound_node(element)
        if not isinstance(function, cst.FunctionDef):
            continue
        for call in source.calls(*PYTHON_CALLS):
            around = source.enclosing(source.parents[call], cst.Call)
            shaped = around is not None and source.name(around.func) == "tensorflow.ensure_shape"
            if function not in source.ancestors(call) or shaped or "set_shape" in source.code(function):
                continue
            interpreter = Interpreter(source)
            interpreter.call(interpreter.define(function, Env()), (LABELS, SCORES))
            start, end = source.span(call)
            if any(map(_is_number, interpreter.results.get(call, ()))):
                tf = source.code(call.func).rsplit(".", 1)[0]
                edits = (Edit(start, start, f"{tf}.ensure_shape("), Edit(end, end, ", ())"))
                message = "py_func is now inside tf.ensure_shape(). Keras 3 needs the shape of the result."
                yield source.finding("CA306", message, call, edits)
            else:
                message = "Keras 3 needs the shape of this result. Write tf.ensure_shape(..., ()) around the call."
                yield source.report("CA306", message, call)


def _is_number(value: Value) -> bool:
    """Whether the value comes from a function of scikit-learn that returns one number."""
    inner = value.args[0] if is_term(value, "py_func") else None
    while is_term(inner, "method:astype") or is_term(inner, "numpy.float32") or is_term(inner, "numpy.float64"):
        inner = inner.args[0]
    return isinstance(inner, Term) and inner.op.startswith("sklearn.metrics.") and inner.op.endswith("_score")


def _keywords(source: Source) -> Iterator[Finding]:
    """Rename old arguments, if the target's function takes only the new name."""
    for call in source.all(cst.Call):
        name = source.raw_name(call.func) or ""
        old = [arg for arg in call.args if keyword(arg) in _KEYWORDS]
        if not old or not name.startswith("tensorflow."):
            continue
        entry = api().find(name)
        signature = api().signature(entry) if isinstance(entry, str) else None
        if signature is None:
            continue
        for arg in old:
            key = keyword(arg)
            new = _KEYWORDS[key]
            if signature.takes(new) and not signature.takes(key) and argument(call, new) is None:
                message = f"{key}= is now {new}=."
                yield source.finding("CA306", message, arg, (source.replace(arg.keyword, new),))
