"""Keras 1's ``merge([a, b], mode='concat')`` becomes the function for that mode."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, argument, dotted
from compat_auc.migrate.understand.replacement import import_line, local_name

_MODES = {
    "concat": "concatenate",
    "sum": "add",
    "mul": "multiply",
    "ave": "average",
    "max": "maximum",
    "dot": "dot",
}


@rule("CA413", phase=Phase.CALLS)
def merge_layers(source: Source) -> Iterator[Finding]:
    package = "tf_keras" if source.target == "tf_keras" else "keras"
    left = 0
    for call in source.calls("keras.layers.merge"):
        mode = argument(call, "mode", 1)
        function = _MODES.get(source.constant(mode.value)) if mode is not None else "add"
        if function is None or function == "dot" or argument(call, "dot_axes") or argument(call, "output_shape"):
            left += 1
            yield Finding("CA413", "merge() is gone; this mode has no one function in its place", source.start(call))
            continue
        axis = argument(call, "concat_axis", 2)
        local = local_name(source, function)
        edits = [source.replace(call.func, local)]
        edits.extend(source.remove_arguments(call, [mode]) if mode is not None else ())
        if axis is not None and axis.keyword is not None:
            edits.append(source.replace(axis.keyword, "axis"))
        imports = (import_line(f"{package}.layers", function, local),)
        yield Finding("CA413", f"merge() is {function}() now", source.start(call), tuple(edits), imports)
    if not left:
        yield from _imports(source)


def _imports(source: Source) -> Iterator[Finding]:
    """``from keras.layers import merge`` has nothing to import any more."""
    if any(True for _ in source.calls("keras.layers.merge")):
        return
    for node in source.from_imports():
        if dotted(node.module).split(".")[0] not in ("keras", "tf_keras") or isinstance(node.names, cst.ImportStar):
            continue
        gone = [one for one in node.names if dotted(one.name) in ("merge", "Merge")]
        if not gone or any(source.used(one) for one in gone):
            continue
        kept = [one for one in node.names if one not in gone]
        if not kept:
            edit = source.remove_statement(node)
        else:
            names = ", ".join(source.code(one).rstrip(", \n") for one in kept)
            edit = source.replace(node, f"from {dotted(node.module)} import {names}")
        yield Finding("CA413", "keras.layers has no merge any more", source.start(node), (edit,))
