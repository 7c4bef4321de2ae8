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
TensorFlow's own is 1.0, so `migrate` writes it out. The cells of `tf.contrib.rnn` are in `tf.compat.v1.nn.rnn_cell`,
which needs tf_keras.

**Not rewritten.** The other names of `tf.contrib`. Copy the code that you need, or stay on TensorFlow 1.15. TensorFlow
Addons, which took over a part of it, ended in 2024.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.source import Source, aliases, bound_name, dotted, keyword, root
from compat_auc.migrate.tables.names import KERAS_ROOT, canonical
from compat_auc.migrate.tables.tensorflow_v1 import CONTRIB_RNN, OF_CONTRIB_RNN
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
# What TensorFlow itself has under another name.
_RNN = {CONTRIB_RNN + name: moved for name, moved in OF_CONTRIB_RNN.items()}
_HINT = "pip install tf-slim"
_GONE = "TensorFlow 2 has no {}. Look for a replacement in TensorFlow, Keras or tf_slim."


@rule("CA104", "CA303", "CA304", stage=Stage.NAMES)
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
    inside = {f"{module}.{dotted(alias.name)}": alias for alias in names}
    if names and set(inside) <= set(_RNN):
        yield _named_inside(source, node, inside)
        return
    if names and all(_goes(source, alias, full) for full, alias in inside.items()):
        return  # the next round removes it
    if names and not any(source.used(alias) for alias in names):
        edit = source.remove_statement(node)
        yield source.finding("CA304", f"The unused import of {package} is removed.", node, (edit,))
        return
    if len(names) == 1:
        alias = names[0]
        full = f"{module}.{dotted(alias.name)}"
        local = bound_name(alias)
        if canonical(full) in AUCS_OF_CONTRIB:
            yield _auc(source, node, canonical(full))
            return
        moved = _moved(full)
        if moved:
            home, _, name = moved.rpartition(".")
            text = f"from {home} import {name}" if home else f"import {name}"
            text += "" if name == local else f" as {local}"
            yield source.finding("CA303", f"{full} is now {moved} ({_HINT}).", node, (source.replace(node, text),))
            return
        if KERAS_ROOT.match(full):
            return
    moved = _moved(module)
    if moved:
        edit = source.replace_module(node, moved)
        yield source.finding("CA303", f"{module} is now {moved} ({_HINT}).", node, (edit,))
        return
    yield source.report("CA304", _GONE.format(package), node)


def _import(source: Source, node: cst.Import, alias: cst.ImportAlias) -> Iterator[Finding]:
    full = dotted(alias.name)
    if _goes(source, alias, full):
        return
    if len(node.names) == 1 and not source.used(alias):
        edit = source.remove_statement(node)
        yield source.finding("CA304", f"The unused import of {full} is removed.", node, (edit,))
        return
    moved = _moved(full)
    if moved and alias.asname:
        edit = source.replace(alias, f"{moved} as {bound_name(alias)}")
        yield source.finding("CA303", f"{full} is now {moved} ({_HINT}).", node, (edit,))
    else:
        yield source.report("CA304", _GONE.format(full), node)


def _moved(name: str) -> str | None:
    """Return where tf_slim has a name of contrib: in the same module, or in a module above it."""
    for old, new in _SLIM.items():
        if name == old or name.startswith(old + "."):
            last = name.rpartition(".")[2]
            if api().has(new + name[len(old) :]):
                return new + name[len(old) :]
            paths = (f"{new}.{last}", f"tf_slim.{last}")
            return next((path for path in paths if api().has(path) and not api().is_module(path)), None)
    return None


def _goes(source: Source, alias: cst.ImportAlias, full: str) -> bool:
    """Whether an imported module is used, and each use is of a name that moves into TensorFlow."""
    uses = [name for name in source.named(bound_name(alias)) if source.raw_name(name) == full]
    tops = [next(up for up in [name, *source.ancestors(name)] if _is_top(source, up)) for name in uses]
    return bool(tops) and all((source.raw_name(top) or "") in _RNN for top in tops)


def _is_top(source: Source, node: cst.CSTNode) -> bool:
    """Whether a name or attribute is not part of a longer dotted name."""
    return not isinstance(source.parents[node], cst.Attribute)


def _inside(source: Source, node: cst.Attribute, name: str) -> Finding:
    """Replace a name of an imported module of contrib, as in ``rnn.GRUCell``, by that of TensorFlow itself."""
    new = f"tf.compat.v1.{_RNN[name]}"
    imports = ("import tensorflow as tf",)
    for local in source.all(cst.Import):
        for alias in local.names:
            if alias.asname and dotted(alias.name) in ("tensorflow", "tensorflow.compat.v1"):
                prefix = "" if dotted(alias.name).endswith("v1") else "compat.v1."
                new, imports = f"{bound_name(alias)}.{prefix}{_RNN[name]}", ()
    return source.finding("CA304", f"{name} is now {new}.", node, (source.replace(node, new),), imports)


def _named_inside(source: Source, node: cst.ImportFrom, names: dict[str, cst.ImportAlias]) -> Finding:
    """Import the names from ``tensorflow.compat.v1``."""
    lines: dict[str, list[str]] = {}
    for full, alias in names.items():
        home, _, new = f"tensorflow.compat.v1.{_RNN[full]}".rpartition(".")
        local = bound_name(alias)
        lines.setdefault(home, []).append(new if new == local else f"{new} as {local}")
    text = [f"from {home} import {', '.join(parts)}" for home, parts in lines.items()]
    edit = source.replace(node, source.lines_for(node, text))
    return source.finding("CA304", f"These names are now in {', '.join(lines)}.", node, (edit,))


def _uses(source: Source) -> Iterator[Finding]:
    """Move or report each written-out ``tf.contrib....``."""
    for node, raw in source.full_names(cst.Attribute):
        name = raw.replace("tensorflow.compat.v1.", "tensorflow.", 1)
        if not name.startswith(_CONTRIB + ".") or KERAS_ROOT.match(name):
            continue
        if isinstance(source.parents[node], (cst.Attribute, cst.ImportFrom, cst.ImportAlias)):
            continue
        base = root(node)
        package = source.raw_name(base) or ""
        if package not in ("tensorflow", "tensorflow.compat.v1"):
            if name in _RNN:
                yield _inside(source, node, name)
            continue
        if name in _RNN:
            new = f"{source.code(base)}.{'' if package.endswith('v1') else 'compat.v1.'}{_RNN[name]}"
            yield source.finding("CA304", f"{name} is now {new}.", node, (source.replace(node, new),))
            continue
        if canonical(name) in AUCS_OF_CONTRIB:
            yield _auc(source, node, canonical(name))
            continue
        moved = _moved(name)
        call = source.parents[node]
        inside = _inside_tensorflow(source, name, call) if isinstance(call, cst.Call) and call.func is node else None
        if inside is not None:
            new = f"{source.code(base)}.{'' if package.endswith('v1') else 'compat.v1.'}{inside}"
            yield source.finding("CA304", f"{name} is now {new}.", call, (source.replace(call, new),))
        elif moved:
            edit = source.replace(node, moved)
            message = f"{name} is now {moved} ({_HINT})."
            yield source.finding("CA303", message, node, (edit,), ("import tf_slim",))
        else:
            yield source.report("CA304", _GONE.format(name), node)


def _auc(source: Source, node: cst.CSTNode, name: str) -> Finding:
    """Report an AUC of contrib that no other rule replaced: what tf_slim has under its name cannot stand for it."""
    if is_graph_file(source):
        message = (
            f"TensorFlow 2 has no {name}, and the one of tf_slim fails there. Keep labels and scores in "
            "compat_auc.RocCounts, which has auc() and confidence_interval()."
        )
        return source.report("CA304", message, node)
    message = (
        f"TensorFlow 2 has no {name}, and the one of tf_slim needs a session. "
        "Use compat_auc.auc_roc in a Keras metric, and compat_auc.streaming_auc in graph code."
    )
    return source.report("CA104", message, node, subject="auc")


def _inside_tensorflow(source: Source, name: str, call: cst.Call) -> str | None:
    """Return the call of TensorFlow 1's own initializer that does the same; None if the arguments are not known."""
    names = _INSIDE.get(name, ())
    values: dict[str, cst.BaseExpression] = {}
    for index, arg in enumerate(call.args):
        parameter = keyword(arg) or "".join(names[index : index + 1])
        if arg.star or parameter not in names:
            return None
        values[parameter] = arg.value
    texts = {parameter: source.code(value) for parameter, value in values.items()}
    is_uniform = source.constant(values["uniform"]) if "uniform" in values else name != _SCALING
    mode = source.constant(values["mode"]) if "mode" in values else "FAN_IN"
    if not names or not isinstance(is_uniform, bool) or not isinstance(mode, str):
        return None
    arguments = [f"{parameter}={texts[parameter]}" for parameter in ("seed", "dtype") if parameter in texts]
    if name == _SCALING:
        more = [f'mode="{mode.lower()}"'] * (mode != "FAN_IN") + ['distribution="uniform"'] * is_uniform
        arguments = [f"scale={texts.get('factor', '2.0')}", *more, *arguments]
    kind = "variance_scaling" if name == _SCALING else "glorot_uniform" if is_uniform else "glorot_normal"
    return f"{kind}_initializer({', '.join(arguments)})"
