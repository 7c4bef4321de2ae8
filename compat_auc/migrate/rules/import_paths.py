"""Move imports and dotted names to where Keras has them now: ``keras.layers.core``, ``np_utils``, the backend.

CA401: import paths

```diff
-from keras.layers.core import Dense
-from keras.utils import np_utils
-from keras import backend as K
+from keras.layers import Dense
+from keras.utils import to_categorical
+from tensorflow.keras import backend as K

 model.add(Dense(3, activation="softmax"))
 model.compile("adam", lambda y_true, y_pred: K.mean(K.square(y_pred - y_true), axis=-1))
-model.fit(x, np_utils.to_categorical(y))
+model.fit(x, to_categorical(y))
```

```diff
 import tensorflow as tf
-from tensorflow.keras.layers.experimental import preprocessing
-from tensorflow.keras.mixed_precision import experimental as mixed_precision
+from tensorflow.keras import layers as preprocessing
+from tensorflow.keras import mixed_precision

-mixed_precision.set_policy("mixed_float16")
-rate = tf.keras.experimental.CosineDecay(0.1, decay_steps=1000)
-adam = tf.keras.optimizers.legacy.Adam(rate)
+mixed_precision.set_global_policy("mixed_float16")
+rate = tf.keras.optimizers.schedules.CosineDecay(0.1, decay_steps=1000)
+adam = tf.keras.optimizers.Adam(rate)
 model = tf.keras.Sequential([preprocessing.Rescaling(1 / 255), tf.keras.layers.Dense(1)])
-model.compile(adam, "mse", metrics=[tf.keras.metrics.mean_absolute_error])
+model.compile(adam, "mse", metrics=[tf.keras.metrics.mae])
```

**Why.** Keras 3 has no such submodules. It keeps the old backend functions that scripts used, under
`tensorflow.keras.backend`. With `--target tf_keras` every import goes to `tf_keras`, and so do `tf.optimizers` and its
like. What TensorFlow 2.0 to 2.15 called `experimental` now has a name without that word. Keras 3 raises an ImportError
for `keras.optimizers.legacy`. It refuses `Reduction.AUTO`, which meant `SUM_OVER_BATCH_SIZE`.

**Not rewritten.** Your own modules with such names, relative imports, and names without a new home. The functions of
`keras.initializations` in Keras 1 took a shape and made a variable: they are reported where something else than a layer
gets them. Also a script that chooses tf_keras itself: it imports `tf_keras`, perhaps in a `try` or under a condition,
or it sets `TF_USE_LEGACY_KERAS`. It stays on tf_keras, whatever the target is, and keeps the names that exist there. To
move it to Keras 3, first remove what chooses tf_keras.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.guards import chooses_tf_keras, is_guarded, sets_legacy_keras
from compat_auc.migrate.source.source import Source, aliases, bound_name, dotted, root
from compat_auc.migrate.tables.backend_names import KEPT, NATIVE
from compat_auc.migrate.tables.names import KERAS_ROOT, canonical
from compat_auc.migrate.target_api.api import api
from compat_auc.migrate.target_api.new_names import relocate

# Modules that scripts imported for one function, and where it is now.
_SINGLE = ("keras.utils.np_utils", "tensorflow.keras.utils.np_utils", "tensorflow.python.keras.utils.np_utils")
_SINGLE_HOME = "keras.utils"


@rule("CA401", stage=Stage.NAMES)
def import_paths(source: Source) -> Iterator[Finding]:
    legacy = _uses_legacy_backend(source)
    for node in source.from_imports():
        functions = list(_functions_of_keras_1(source, node))
        yield from functions
        if not functions and not _stays(
            source, node, [f"{dotted(node.module)}.{dotted(alias.name)}" for alias in aliases(node)]
        ):
            yield from _import_from(source, node, legacy)
    for node in source.all(cst.Import):
        if not _stays(source, node, [dotted(alias.name) for alias in node.names]):
            yield from _import(source, node, legacy)
    yield from _dotted_uses(source, legacy)


def _stays(source: Source, node: cst.CSTNode, names: list[str]) -> bool:
    """Whether a script that chooses tf_keras itself keeps these names: they exist, or only an old release runs them."""
    if not chooses_tf_keras(source):
        return False
    return is_guarded(source, node) or all(api(legacy=sets_legacy_keras(source)).has(name) for name in names)


def _uses_legacy_backend(source: Source) -> bool:
    """Whether the file uses backend functions that Keras 3 has only in TensorFlow's ``tf.keras.backend``."""
    for _, name in source.full_names(cst.Attribute):
        parts = canonical(name).split(".")
        if parts[:2] == ["keras", "backend"] and len(parts) > 2 and parts[2] in KEPT:
            return True
    return False


def _import_from(source: Source, node: cst.ImportFrom, legacy: bool) -> Iterator[Finding]:
    module = dotted(node.module)
    if isinstance(node.names, cst.ImportStar):
        moved = relocate(f"{module}.__all__", source.target, True).rpartition(".")[0]
        if moved != module:
            yield _finding(source, node, module, moved, (source.replace_module(node, moved),))
        return
    function = _only_function(source, node)
    if function is not None:
        yield _function_itself(source, node, function)
        return
    groups: dict[str, list[str]] = {}
    changes: list[str] = []
    same_names = True
    for alias in node.names:
        name = dotted(alias.name)
        local = bound_name(alias)
        full = f"{module}.{name}"
        moved = relocate(full, source.target, legacy)
        home, _, new = moved.rpartition(".")
        same_names = same_names and new == name
        groups.setdefault(home, []).append(new if new == local else f"{new} as {local}")
        if moved != full:
            changes.append(f"{module} is now {home}" if new == name else f"{full} is now {moved}")
    if list(groups) == [module] and same_names:
        return
    if len(groups) == 1 and same_names:
        edit = source.replace_module(node, next(iter(groups)))
    else:
        edit = source.replace(node, source.lines_for(node, [_line(home, names) for home, names in groups.items()]))
    yield source.finding("CA401", ", and ".join(dict.fromkeys(changes)) + ".", node, (edit,))


def _only_function(source: Source, node: cst.ImportFrom) -> str | None:
    """Return the function, if an import gives a module like ``np_utils`` that is used for one function only."""
    if len(aliases(node)) != 1 or f"{dotted(node.module)}.{dotted(aliases(node)[0].name)}" not in _SINGLE:
        return None
    uses = _uses_of(source, node)
    functions = {use.attr.value if isinstance(use, cst.Attribute) else "" for use in uses}
    function = functions.pop() if len(functions) == 1 else ""
    is_free = all(
        isinstance(source.parents[name], cst.Attribute) and source.parents[name].attr is name
        for name in source.named(function)
    )
    return function if function and is_free and not source.exported else None


def _uses_of(source: Source, node: cst.ImportFrom) -> list[cst.CSTNode]:
    """Return each use of the name that an import binds, with the attribute that it takes."""
    local = bound_name(aliases(node)[0])
    names = [name for name in source.named(local) if any(bound.node is node for bound in source.bindings(name))]
    return [source.parents[name] for name in names]


def _function_itself(source: Source, node: cst.ImportFrom, function: str) -> Finding:
    """Import a function from its home, and call it by its own name."""
    home = relocate(f"{_SINGLE_HOME}.{function}", source.target, False).rpartition(".")[0]
    edits = [source.replace(use, function) for use in _uses_of(source, node)]
    edits.append(source.replace(node, f"from {home} import {function}"))
    old = f"{dotted(node.module)}.{dotted(aliases(node)[0].name)}.{function}"
    return _finding(source, node, old, f"{home}.{function}", tuple(edits))


def _line(home: str, names: list[str]) -> str:
    return f"from {home} import {', '.join(names)}" if home else "; ".join(f"import {name}" for name in names)


def _import(source: Source, node: cst.Import, legacy: bool) -> Iterator[Finding]:
    parts: list[str] = []
    for alias in node.names:
        name = dotted(alias.name)
        local = f" as {dotted(alias.asname.name)}" if alias.asname else ""
        moved = relocate(name, source.target, legacy)
        if local and moved != name:
            parts.append(f"{moved}{local}" if f" as {moved}" != local else moved)
        elif not local and moved != name and name.split(".")[0] == "keras":
            parts.append("tf_keras as keras" if source.target == "tf_keras" else "keras")
        elif not local and moved != name:
            parts.append(name.split(".")[0])
        else:
            parts.append(f"{name}{local}")
    text = ", ".join(dict.fromkeys(parts))
    old = ", ".join(source.code(alias) for alias in node.names)
    if text != old and any(KERAS_ROOT.match(dotted(alias.name)) for alias in node.names):
        start, end = source.start(node.names[0]), source.span(node.names[-1])[1]
        edit = source.replace(
            node, source.text[source.start(node) : start] + text + source.text[end : source.span(node)[1]]
        )
        yield _finding(source, node, f"`import {old}`", f"`import {text}`", (edit,))


def _dotted_uses(source: Source, legacy: bool) -> Iterator[Finding]:
    for node, raw in source.full_names(cst.Attribute):
        parent = source.parents[node]
        if isinstance(parent, (cst.Attribute, cst.ImportFrom, cst.ImportAlias)):
            continue
        moved = relocate(raw, source.target, legacy and not _is_native(source, node))
        if moved == raw or _stays(source, node, [raw]):
            continue
        of_keras_1 = "initializations" in (raw.split(".")[-2], source.code(node.value).rpartition(".")[2])
        if of_keras_1 and node.attr.value != "get" and not _is_for_layer(source, node):
            yield _of_keras_1(source, node, node.attr.value, moved)
            continue
        text, imports = _spell(source, root(node), moved, legacy)
        if text != source.code(node):
            yield source.finding(
                "CA401",
                f"{raw} is now {moved}.",
                node,
                (source.replace(node, text),),
                imports,
            )


def _functions_of_keras_1(source: Source, node: cst.ImportFrom) -> Iterator[Finding]:
    """Report the uses of functions of ``keras.initializations`` that an import names. Layers take the classes."""
    module = dotted(node.module)
    for alias in aliases(node) if module.endswith("keras.initializations") else ():
        name = dotted(alias.name)
        moved = relocate(f"{module}.{name}", source.target, False)
        for use in source.named(bound_name(alias)) if name != "get" else ():
            is_use = not isinstance(source.parents[use], (cst.ImportAlias, cst.AsName))
            if is_use and source.bound_node(use) is node and not _is_for_layer(source, use):
                yield _of_keras_1(source, use, name, moved)


def _of_keras_1(source: Source, node: cst.CSTNode, name: str, moved: str) -> Finding:
    what = f"initializations.{name} took a shape and made a variable, and the class {moved} makes an initializer"
    return source.report("CA401", f"{what}. Write {moved.rpartition('.')[2]}()(shape).", node, subject=name)


def _is_for_layer(source: Source, node: cst.CSTNode) -> bool:
    """Whether something is simply given to a call of Keras, such as a layer, which takes the class as well."""
    arg = source.parents[node]
    call = source.parents[arg] if isinstance(arg, cst.Arg) else None
    return isinstance(call, cst.Call) and (source.name(call.func) or "").startswith("keras.")


def _is_native(source: Source, node: cst.Attribute) -> bool:
    """Whether this is a function written out as ``keras.backend.…`` that Keras 3 has there, too."""
    name = (source.raw_name(node) or "").removeprefix("keras.backend.")
    return name in NATIVE and source.raw_name(root(node)) == "keras"


def _spell(source: Source, base: cst.CSTNode, moved: str, legacy: bool) -> tuple[str, tuple[str, ...]]:
    """Write ``moved`` with the names that the file has imported."""
    home = relocate(source.raw_name(base) or "", source.target, legacy)
    if moved == home or moved.startswith(home + "."):
        return source.code(base) + moved[len(home) :], ()
    if moved.startswith("tensorflow.") and home == "tensorflow.compat.v1":
        return source.code(base) + moved[len("tensorflow") :], ()
    if moved.startswith("tensorflow."):
        return "tf" + moved[len("tensorflow") :], ("import tensorflow as tf",)
    return moved, (f"import {moved.split('.', maxsplit=1)[0]}",)


def _finding(source: Source, node: cst.CSTNode, old: str, new: str, edits: tuple[Edit, ...]) -> Finding:
    return source.finding("CA401", f"{old} is now {new}.", node, edits)
