"""Move TensorFlow 1 graph code to ``tensorflow.compat.v1`` with ``disable_v2_behavior()``.

CA302: session code onto `tensorflow.compat.v1`

```diff
-import tensorflow as tf
+import tensorflow.compat.v1 as tf
+tf.disable_v2_behavior()

 x = tf.placeholder(tf.float32, [None, 3])
 session = tf.Session()
```

**Why.** `tensorflow.compat.v1` still has placeholders, sessions, variable scopes and `tf.train` optimizers, unchanged.
TensorFlow takes `tf.layers` and `tf.nn.rnn_cell` from tf_keras. Where the file uses these, `migrate` sets
`TF_USE_LEGACY_KERAS` before the import. It does the same for layers of `tf.keras` in a graph without a Keras model.

A file may use helpers of Keras and be graph code: `to_categorical`, a loss, a function of the backend.

A file without Keras that calls `tf.metrics.auc` is graph code as well, unless the function looks like a metric of
Keras: it has parameters `y_true` and `y_pred`, a decorator, or the GLOBAL_VARIABLES trick.

**Not rewritten.** Files that make or compile Keras models: Keras 3 has no graph mode (CA405).
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.guards import sets_legacy_keras
from compat_auc.migrate.source.source import Source, aliases, bound_name, dotted
from compat_auc.migrate.tables.tensorflow_v1 import is_cell
from compat_auc.migrate.target_api.api import api

_V1 = "tensorflow.compat.v1"
# TensorFlow reads this on import. Source: "TensorFlow + Keras 2 backwards compatibility", tensorflow.org.
_LEGACY_KERAS = 'os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.layers is in tf_keras now: pip install tf_keras'
_IN_TF_KERAS = ("tensorflow.layers.", "tensorflow.nn.rnn_cell.", "keras.layers.")
_MESSAGE = "TensorFlow 1 graph code now runs on tensorflow.compat.v1."


@rule("CA302", stage=Stage.CALLS)
def graph_mode(source: Source) -> Iterator[Finding]:
    if not is_graph_file(source):
        return
    disabled = any(name.endswith("disable_v2_behavior") for name in _called(source))
    moves = list(_moves(source))
    for node, edits, v1 in moves:
        if not disabled:
            disabled = True
            first = min((other for other, _, _ in moves), key=source.start)
            edits.extend([_before(source, first, _LEGACY_KERAS)] if _needs_legacy_keras(source) else [])
            edits.append(_after(source, node, f"{v1}.disable_v2_behavior()"))
        yield source.finding("CA302", _MESSAGE, node, tuple(edits))


def _moves(source: Source) -> Iterator[tuple[cst.CSTNode, list[Edit], str]]:
    """Yield each import that moves, with its edits and the name that ``compat.v1`` has below it."""
    below = f"import {_V1} as _tensorflow; _tensorflow"
    imports = [(node, alias, dotted(alias.name)) for node in source.all(cst.Import) for alias in node.names]
    for node, alias, name in imports:
        if name == "tensorflow":
            local = bound_name(alias)
            yield node, [source.replace(alias, f"{_V1} as {local}")], local
    for node in source.from_imports():
        names, module = [dotted(alias.name) for alias in aliases(node)], dotted(node.module)
        plain = module == "tensorflow" and not any(name in ("keras", "contrib", "python") for name in names)
        if names and (plain or all(_is_in_v1(f"{module}.{name}") for name in names)):
            yield node, [source.replace_module(node, _V1 + module[len("tensorflow") :])], below
    for node, alias, name in imports:
        if alias.asname is not None and _is_in_v1(name):
            yield node, [source.replace(alias.name, _V1 + name[len("tensorflow") :])], below


def _is_in_v1(name: str) -> bool:
    """Whether a name in a module of TensorFlow is also in ``compat.v1``, which has it as TensorFlow 1 had it."""
    module, _, rest = name.partition(".")
    return module == "tensorflow" and not rest.startswith(("keras", "compat")) and api(legacy=True).has(f"{_V1}.{rest}")


def _needs_legacy_keras(source: Source) -> bool:
    """Whether the file uses parts of TensorFlow 1 that are in tf_keras now."""
    legacy = any(name.startswith(_IN_TF_KERAS) or is_cell(name) for name in source.canonical_names)
    return legacy and not sets_legacy_keras(source)


def _before(source: Source, node: cst.CSTNode, statement: str) -> Edit:
    start = source.start(source.parents[node])
    first = source.starts[source.line_of(start) - 1]
    indent = source.text[first:start]
    lines = [statement] if _imports_os(source, first) else ["import os", statement]
    return Edit(first, first, "".join(f"{indent}{line}{source.newline()}" for line in lines))


def _imports_os(source: Source, before: int) -> bool:
    imports = (node for node in source.all(cst.Import) if isinstance(source.parents[source.parents[node]], cst.Module))
    return any(source.code(node) == "import os" and source.start(node) < before for node in imports)


def _called(source: Source) -> Iterator[str]:
    for call in source.all(cst.Call):
        yield source.name(call.func) or ""


def _after(source: Source, node: cst.CSTNode, statement: str) -> Edit:
    """Insert ``statement`` on a new line below the line of ``node``, at the same indent."""
    line = source.parents[node]
    start, end = source.start(line), source.span(line)[1]
    first = source.starts[source.line_of(start) - 1]
    index = source.line_of(end)
    stop = source.starts[index] if index < len(source.starts) else len(source.text)
    newline = "" if stop == len(source.text) and source.text[-1:] not in "\r\n" else source.newline()
    text = source.text[first:start] + statement
    return Edit(stop, stop, text + newline if newline else source.newline() + text)
