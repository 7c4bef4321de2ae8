"""Move other uses of ``tf.contrib``: slim to ``tf_slim``. Remove unused imports, and report the rest.

CA303: slim and its relatives

```diff
-import tensorflow.contrib.slim as slim
+import tf_slim as slim

 net = slim.fully_connected(features, 64)
```

**Why.** `tf.contrib.slim`, `.layers`, `.framework` and `.metrics` became the package `tf_slim` (`pip install tf-slim`),
name for name.

**Not rewritten.** Names that `tf_slim` does not have.

CA304: the rest of `tf.contrib`

```diff
 import tensorflow as tf
 from keras.layers import Dense
-from tensorflow.contrib import learn

-layer = Dense(64, kernel_initializer=tf.contrib.layers.xavier_initializer())
-other = Dense(64, kernel_initializer=tf.contrib.layers.variance_scaling_initializer())
+layer = Dense(64, kernel_initializer=tf.compat.v1.glorot_uniform_initializer())
+other = Dense(64, kernel_initializer=tf.compat.v1.variance_scaling_initializer(scale=2.0))
```

**Why.** TensorFlow 2.0 removed `tf.contrib`. `migrate` removes unused imports of it. Where TensorFlow itself has an
equivalent, it uses that. The `factor` of `variance_scaling_initializer` was 2.0 by default, and the `scale` of
TensorFlow's own is 1.0, so `migrate` writes it out.

**Not rewritten.** The other names of `tf.contrib`. Copy the code that you need, or stay on TensorFlow 1.15. TensorFlow
Addons, which took over a part of it, ended in 2024.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.source import Source, aliases, dotted, root
from compat_auc.migrate.tables.names import KERAS_ROOT, canonical
from compat_auc.migrate.target_api.api import api
from compat_auc.migrate.understand.recognise import AUCS_OF_CONTRIB

_CONTRIB = "tensorflow.contrib"
# Packages of contrib that tf_slim (pip install tf-slim) has under the same names.
_SLIM = {
    "tensorflow.contrib.slim": "tf_slim",
    "tensorflow.contrib.metrics": "tf_slim.metrics",
    "tensorflow.contrib.framework": "tf_slim",
    "tensorflow.contrib.layers": "tf_slim",
}
# Initializers with an equivalent inside TensorFlow: the parameters that they had.
_SCALING = "tensorflow.contrib.layers.variance_scaling_initializer"
_INSIDE = {
    "tensorflow.contrib.layers.xavier_initializer": ("uniform", "seed", "dtype"),
    "tensorflow.contrib.layers.xavier_initializer_conv2d": ("uniform", "seed", "dtype"),
    _SCALING: ("factor", "mode", "uniform", "seed", "dtype"),
}
_HINT = "needs pip install tf-slim"


@rule("CA104", "CA303", "CA304", phase=Phase.NAMES)
def contrib_imports(source: Source) -> Iterator[Finding]:
    for node in source.from_imports():
        if dotted(node.module).startswith(_CONTRIB) or (
            dotted(node.module) == "tensorflow" and any(dotted(alias.name) == "contrib" for alias in aliases(node))
        ):
            yield from _import_from(source, node)
    for node in source.all(cst.Import):
        for alias in node.names:
            if dotted(alias.name).startswith(_CONTRIB) and not KERAS_ROOT.match(dotted(alias.name)):
                yield from _import(source, node, alias)
    yield from _uses(source)


def _import_from(source: Source, node: cst.ImportFrom) -> Iterator[Finding]:
    module = dotted(node.module)
    if KERAS_ROOT.match(module):
        return
    package = _CONTRIB if module == "tensorflow" else module
    names = aliases(node)
    if names and not any(source.used(alias) for alias in names):
        edit = source.remove_statement(node)
        yield source.finding("CA304", f"{package} is gone, and nothing here uses it", node, (edit,))
        return
    if len(names) == 1:
        alias = names[0]
        full = f"{module}.{dotted(alias.name)}"
        local = dotted(alias.asname.name) if alias.asname else dotted(alias.name)
        if canonical(full) in AUCS_OF_CONTRIB:
            yield _auc(source, node, canonical(full))
            return
        moved = _moved(full)
        if moved:
            home, _, name = moved.rpartition(".")
            text = f"from {home} import {name}" if home else f"import {name}"
            text += "" if name == local else f" as {local}"
            yield source.finding("CA303", f"{full} lives on as {moved} ({_HINT})", node, (source.replace(node, text),))
            return
        if KERAS_ROOT.match(full):
            return
    moved = _moved(module)
    if moved:
        edit = source.replace_module(node, moved)
        yield source.finding("CA303", f"{module} lives on as {moved} ({_HINT})", node, (edit,))
        return
    yield source.finding("CA304", f"{package} is gone", node)


def _import(source: Source, node: cst.Import, alias: cst.ImportAlias) -> Iterator[Finding]:
    full = dotted(alias.name)
    if len(node.names) == 1 and not source.used(alias):
        edit = source.remove_statement(node)
        yield source.finding("CA304", f"{full} is gone, and nothing here uses it", node, (edit,))
        return
    moved = _moved(full)
    if moved and alias.asname:
        edit = source.replace(alias, f"{moved} as {dotted(alias.asname.name)}")
        yield source.finding("CA303", f"{full} lives on as {moved} ({_HINT})", node, (edit,))
    else:
        yield source.finding("CA304", f"{full} is gone with tf.contrib", node)


def _moved(name: str) -> str | None:
    """Return where tf_slim has a name of contrib: in the same module, or in a module above it."""
    for old, new in _SLIM.items():
        if name == old or name.startswith(old + "."):
            last = name.rpartition(".")[2]
            if api().has(new + name[len(old) :]):
                return new + name[len(old) :]
            places = (f"{new}.{last}", f"tf_slim.{last}")
            return next((path for path in places if api().has(path) and not api().is_module(path)), None)
    return None


def _uses(source: Source) -> Iterator[Finding]:
    """Move or report each written-out ``tf.contrib....``."""
    for node in source.all(cst.Attribute):
        if isinstance(source.parents[node], (cst.Attribute, cst.ImportFrom, cst.ImportAlias)):
            continue
        raw = source.raw_name(node) or ""
        name = raw.replace("tensorflow.compat.v1.", "tensorflow.", 1)
        if not name.startswith(_CONTRIB + ".") or KERAS_ROOT.match(name):
            continue
        base = root(node)
        package = source.raw_name(base)
        if package not in ("tensorflow", "tensorflow.compat.v1"):
            continue
        if canonical(name) in AUCS_OF_CONTRIB:
            yield _auc(source, node, canonical(name))
            continue
        moved = _moved(name)
        call = source.parents[node]
        inside = _inside_tensorflow(source, name, call) if isinstance(call, cst.Call) and call.func is node else None
        if inside is not None:
            new = f"{source.code(base)}.{'' if package.endswith('v1') else 'compat.v1.'}{inside}"
            yield source.finding("CA304", f"{name} is {new} now", call, (source.replace(call, new),))
        elif moved:
            edit = source.replace(node, moved)
            message = f"{name} lives on as {moved} ({_HINT})"
            yield source.finding("CA303", message, node, (edit,), ("import tf_slim",))
        else:
            yield source.finding("CA304", f"{name} is gone with tf.contrib", node)


def _auc(source: Source, node: cst.CSTNode, name: str) -> Finding:
    """Report an AUC of contrib that no other rule replaced: what tf_slim has under its name cannot stand for it."""
    if is_graph_file(source):
        message = (
            f"{name} is gone with tf.contrib, and tf_slim's fails on TensorFlow 2: keep labels and scores in "
            "compat_auc.RocCounts, which has auc() and confidence_interval()"
        )
        return source.finding("CA304", message, node)
    message = (
        f"{name} is gone with tf.contrib, and tf_slim's needs a session: it is left as it is. "
        "Use compat_auc.auc_roc in a Keras metric, compat_auc.streaming_auc in graph code."
    )
    return source.finding("CA104", message, node)


def _inside_tensorflow(source: Source, name: str, call: cst.Call) -> str | None:
    """Return the call of TensorFlow 1's own initializer that does the same; None if the arguments are not known."""
    names = _INSIDE.get(name, ())
    values: dict[str, cst.BaseExpression] = {}
    for index, arg in enumerate(call.args):
        keyword = arg.keyword.value if arg.keyword is not None else "".join(names[index : index + 1])
        if arg.star or keyword not in names:
            return None
        values[keyword] = arg.value
    texts = {keyword: source.code(value) for keyword, value in values.items()}
    is_uniform = source.constant(values["uniform"]) if "uniform" in values else name != _SCALING
    mode = source.constant(values["mode"]) if "mode" in values else "FAN_IN"
    if not names or not isinstance(is_uniform, bool) or not isinstance(mode, str):
        return None
    arguments = [f"{keyword}={texts[keyword]}" for keyword in ("seed", "dtype") if keyword in texts]
    if name == _SCALING:
        more = [f'mode="{mode.lower()}"'] * (mode != "FAN_IN") + ['distribution="uniform"'] * is_uniform
        arguments = [f"scale={texts.get('factor', '2.0')}", *more, *arguments]
    kind = "variance_scaling" if name == _SCALING else "glorot_uniform" if is_uniform else "glorot_normal"
    return f"{kind}_initializer({', '.join(arguments)})"
