"""What callbacks of 2017 reached into: ``self.params['metrics']``, ``self.validation_data``, ``super(Callback, self)``."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate import models
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.source import Source


def callback_internals(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.ClassDef):
        if models.is_callback(source, node):
            yield from _super_calls(source, node)
            yield from _attributes(source, node)


def _inside(source: Source, node: cst.CSTNode, holder: cst.ClassDef) -> bool:
    return source.enclosing(node, cst.ClassDef) is holder


def _attributes(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    for node in source.all(cst.Attribute):
        if not _inside(source, node, holder) or source.code(node.value) != "self":
            continue
        parent = source.parents[node]
        if node.attr.value == "params" and isinstance(parent, cst.Subscript) and _key(source, parent) == "metrics":
            edit = source.replace(parent, f"self.params.setdefault({source.code(parent.slice[0])}, [])")
            yield Finding(
                "CA204", "self.params has no 'metrics' any more: an empty list stands in", source.start(node), (edit,)
            )
        elif node.attr.value == "validation_data" and not _assigns(source, holder):
            yield Finding(
                "CA205",
                "Keras no longer gives callbacks self.validation_data: pass the data to the callback, "
                "or use compat_auc.RocCallback(validation_data=(x, y))",
                source.start(node),
            )


def _key(source: Source, node: cst.Subscript):
    only = node.slice[0].slice
    return source.constant(only.value) if isinstance(only, cst.Index) else None


def _assigns(source: Source, holder: cst.ClassDef) -> bool:
    """Whether the class sets ``self.validation_data`` itself."""
    return any(
        source.code(target.target) == "self.validation_data" and _inside(source, target, holder)
        for target in source.all(cst.AssignTarget)
    )


def _super_calls(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    """``super(Callback, self).__init__()`` skips the constructor of Callback itself."""
    for call in source.all(cst.Call):
        if not _inside(source, call, holder) or source.code(call.func) != "super" or not call.args:
            continue
        if (source.name(call.args[0].value) or "").startswith("keras.callbacks."):
            edit = source.replace(call.args[0].value, holder.name.value)
            message = f"super({source.code(call.args[0].value)}, self) skips that class's own constructor"
            yield Finding("CA204", message, source.start(call), (edit,))
