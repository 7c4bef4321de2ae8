"""Replace ``merge([a, b], mode='concat')`` and ``Merge(mode='concat')([a, b])`` of Keras 1 by the mode's function.

CA413: `merge`

```diff
-from keras.layers import merge
+from keras.layers import concatenate

-both = merge([a, b], mode="concat", concat_axis=1)
+both = concatenate([a, b], axis=1)
```

**Why.** Keras 2 replaced `merge` with one function for each mode, and `Merge(mode="concat")([a, b])` with one layer for
each mode. A function as mode becomes `Lambda(function, output_shape=...)([a, b])`.

**Not rewritten.** `mode="dot"` and `"cos"`. Also `model.add(Merge([left, right], mode="concat"))`,
because a `Sequential` has no layer for several inputs. Build the model in the functional style:
`both = Concatenate()([left.output, right.output])`, then `Model([left.input, right.input], Dense(1)(both))`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.guards import is_guarded
from compat_auc.migrate.source.source import Source, aliases, argument, dotted, has_star, keyword, keywords
from compat_auc.migrate.understand.replacement import import_line, local_name

# The function and the layer for each mode. "dot" and "cos" are not here: they depend on the tensors' dimensions.
_MODES = {
    "concat": ("concatenate", "Concatenate"),
    "sum": ("add", "Add"),
    "mul": ("multiply", "Multiply"),
    "ave": ("average", "Average"),
    "max": ("maximum", "Maximum"),
}
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
_OF_LAMBDA = ("output_shape", "name", "arguments")
# Keras 1 read output_shape= for a function as the mode only.
_READ = ("inputs", "mode", "concat_axis", "name", "output_shape")
_OF_MODELS = (
    "keras.layers has no Merge, and a Sequential has no layer for several inputs. Build the model with keras.Model, "
    "from the outputs of both models and a layer such as Concatenate()."
)
_FUNCTION, _LAYER = "keras.layers.merge", "keras.layers.Merge"


@rule("CA413", stage=Stage.CALLS)
def merge_layers(source: Source) -> Iterator[Finding]:
    left = 0
    for call in source.calls(_FUNCTION):
        new = _new(source, call)
        of_function = _of_function(source, call) if new is None else None
        if of_function is not None:
            yield of_function
        elif new is None:
            left += 1
            message = (
                "merge() is gone, and no single function replaces this mode. Write your own function as "
                "keras.layers.Lambda(function, output_shape=...)(inputs), and dot or cos as keras.layers.Dot."
            )
            yield source.report("CA413", message, call, everywhere=("merge",))
        else:
            yield _moved(source, call, new[0], "merge(mode=...) is now {}().")
    for call in source.calls(_LAYER):
        new = _new(source, call)
        if new is not None and _is_layer(source, call):
            yield _moved(source, call, new[1], "Merge(mode=...) is now {}().")
        elif not is_guarded(source, call):
            yield source.report("CA413", _OF_MODELS, call, everywhere=("Merge",))
    if not left:
        yield from _imports(source)


def _of_function(source: Source, call: cst.Call) -> Finding | None:
    """Write ``merge(inputs, mode=function)`` as ``Lambda(function)(inputs)``, which is what Keras 1 did."""
    inputs, mode = argument(call, "inputs", 0), argument(call, "mode", 1)
    if inputs is None or mode is None or not isinstance(source.bound_node(mode.value) or mode.value, _FUNCTIONS):
        return None
    options = [arg for arg in call.args if arg not in (inputs, mode)]
    if any(keyword(arg) not in _OF_LAMBDA for arg in options):
        return None
    local = local_name(source, "Lambda")
    arguments = ", ".join([source.code(mode.value), *(source.code(arg).rstrip(", \n") for arg in options)])
    text = f"{local}({arguments})({source.code(inputs.value)})"
    imports = (import_line(f"{source.package}.layers", "Lambda", local),)
    return source.finding(
        "CA413", "merge() by a function is now Lambda().", call, (source.replace(call, text),), imports
    )


def _new(source: Source, call: cst.Call) -> tuple[str, str] | None:
    """Return the function and the layer for the call's mode, or None if the call has other arguments."""
    keys = keywords(call).keys()
    if has_star(call) or not keys <= set(_READ) or len(call.args) - len(keys) > 3:
        return None
    mode = argument(call, "mode", 1)
    return _MODES.get(source.constant(mode.value)) if mode is not None else _MODES["sum"]


def _is_layer(source: Source, call: cst.Call) -> bool:
    """Whether this is ``Merge(mode='concat')([a, b])``. ``Merge([left, right])`` of models has no layer like it."""
    parent = source.parents[call]
    return isinstance(parent, cst.Call) and parent.func is call and all(map(keyword, call.args))


def _moved(source: Source, call: cst.Call, new: str, message: str) -> Finding:
    local = local_name(source, new)
    return source.finding(
        "CA413",
        message.format(new),
        call,
        (source.replace(call.func, local), *_arguments(source, call, new)),
        (import_line(f"{source.package}.layers", new, local),),
    )


def _arguments(source: Source, call: cst.Call, new: str) -> Iterator[Edit]:
    """Remove the mode, which the new name says. Keep an axis only for concatenation."""
    mode, axis = argument(call, "mode", 1), argument(call, "concat_axis", 2)
    takes_axis = new in _MODES["concat"]
    shape = argument(call, "output_shape")
    dropped = [arg for arg in (mode, None if takes_axis else axis, shape) if arg is not None]
    yield from source.remove_arguments(call, dropped) if dropped else ()
    if takes_axis and axis is not None and axis.keyword is not None:
        yield source.replace(axis.keyword, "axis")


def _imports(source: Source) -> Iterator[Finding]:
    """Remove ``from keras.layers import merge``, which would fail."""
    if any(source.calls(_FUNCTION)):
        return
    for node in source.from_imports():
        if dotted(node.module).split(".")[0] not in ("keras", "tf_keras"):
            continue
        gone = [alias for alias in aliases(node) if dotted(alias.name) in ("merge", "Merge")]
        if not gone or any(source.used(alias) for alias in gone):
            continue
        message = "The import of merge is removed. keras.layers no longer has a merge."
        yield source.finding("CA413", message, node, source.remove_names(node, gone))
