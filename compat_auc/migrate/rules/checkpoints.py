"""Rename files that Keras 3 refuses: checkpoints in ``.hdf5``, models in ``.model``, weights not in ``.weights.h5``.

CA403: file names

```diff
 from keras.callbacks import ModelCheckpoint

-model.fit(x, y, callbacks=[ModelCheckpoint("best.hdf5", save_best_only=True)])
-model.load_weights("best.hdf5")
+model.fit(x, y, callbacks=[ModelCheckpoint("best.keras", save_best_only=True)])
+model.load_weights("best.keras")
```

**Why.** Keras 3 writes whole models to `.keras` (or `.h5`), and weights to `.weights.h5` only. `migrate` changes the
name everywhere in the file, so that the script finds what it saved.

**Not rewritten.** Names that are put together so that the ending cannot be seen, names that are bound more than once,
and files that the script only reads.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source, argument

_OLD_ENDING = re.compile(r"(\.weights)?\.(hdf5|h5|model|hdf|ckpt|weights|hd5|mdl|pkl|pt|bin|tf)$")
_WEIGHTS = ".weights.h5"


@rule("CA403", phase=Phase.CALLS)
def checkpoints(source: Source) -> Iterator[Finding]:
    if source.target != "keras3" or not is_keras_file(source):
        return
    seen: set[str] = set()
    written = [(*write, _last_literal(source, write[1])) for write in _written(source)]
    endings: dict[str, set[str]] = {}
    for _, _, ending, literal in written:
        if literal is not None:
            endings.setdefault(_text(literal), set()).add(_new_ending(ending))
    for call, path, ending, literal in written:
        yield from _bound_often(source, call, path, ending)
        if literal is None:
            if source.constant(path) is ... and not isinstance(path, (cst.Name, cst.Attribute)):
                yield _report(source, call, ending)
            continue
        old = _text(literal)
        if _allowed(old, ending) or old in seen:
            continue
        if len(endings[old]) > 1:  # weights and a whole model under one name
            yield _report(source, call, ending)
            continue
        seen.add(old)
        new = _OLD_ENDING.sub("", old.rstrip("/")) + _new_ending(ending)
        edits = tuple(_renamed(source, old, new))
        yield source.finding("CA403", f"Keras 3 refuses the file name {old!r}: it becomes {new!r}", call, edits)


def _bound_often(source: Source, call: cst.Call, path: cst.BaseExpression, ending: str) -> Iterator[Finding]:
    """Report a path in a variable that is bound more than once: its value here is not known."""
    bindings = source.bindings(path) if isinstance(path, cst.Name) else []
    values = [source.assigned_value(binding) for binding in bindings]
    literals = [_last_literal(source, value) if value is not None else None for value in values]
    for value in literals if len(bindings) > 1 else ():
        if value is None or not _allowed(_text(value), ending):
            yield _report(source, call, ending)
            return


def _written(source: Source) -> Iterator[tuple[cst.Call, cst.BaseExpression, str]]:
    """Yield the calls that write a file, with its path and the ending that Keras 3 wants."""
    for call in source.all(cst.Call):
        name = source.name(call.func)
        method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        if name == "keras.callbacks.ModelCheckpoint":
            path = argument(call, "filepath", 0)
            only = argument(call, "save_weights_only", 4)
            weights = only is not None and source.constant(only.value) is True
            ending = _WEIGHTS if weights else ".keras"
        elif name == "keras.models.save_model":
            path, ending = argument(call, "filepath", 1), "model"
        elif method in ("save", "save_weights") and models.kind(source, call.func.value) == models.MODEL:
            path, ending = argument(call, "filepath", 0), _WEIGHTS if method == "save_weights" else "model"
        else:
            continue
        if path is not None:
            yield call, path.value, ending


def _allowed(path: str, ending: str) -> bool:
    if ending == "model":
        return path.endswith((".keras", ".h5", ".hdf5"))
    return path.endswith(ending) or (ending == ".keras" and path.endswith(".h5"))


def _new_ending(ending: str) -> str:
    return ".keras" if ending == "model" else ending


def _text(literal: cst.SimpleString | cst.FormattedStringText) -> str:
    return str(literal.evaluated_value) if isinstance(literal, cst.SimpleString) else literal.value


def _last_literal(
    source: Source, node: cst.BaseExpression, depth: int = 0
) -> cst.SimpleString | cst.FormattedStringText | None:
    """Return the last string literal of a path, through variables, ``%``, ``+``, ``format`` and ``os.path.join``."""
    if depth > 6:
        return None
    if isinstance(node, cst.SimpleString):
        return node if isinstance(node.evaluated_value, str) else None
    if isinstance(node, cst.FormattedString):
        last = node.parts[-1] if node.parts else None
        return last if isinstance(last, cst.FormattedStringText) else None
    if isinstance(node, cst.BinaryOperation):
        side = node.left if isinstance(node.operator, cst.Modulo) else node.right
        return _last_literal(source, side, depth + 1)
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "format":
            return _last_literal(source, node.func.value, depth + 1)
        if source.name(node.func) in ("os.path.join", "posixpath.join") and node.args:
            return _last_literal(source, node.args[-1].value, depth + 1)
        return None
    if isinstance(node, cst.Name) and len(source.bindings(node)) == 1:
        value = source.assigned_value(source.binding(node))
        return _last_literal(source, value, depth + 1) if value is not None else None
    return None


def _renamed(source: Source, old: str, new: str) -> Iterator[Edit]:
    """Rename every literal with this text, so that the code that reads the file finds it."""
    for node, value in source.strings:
        if value == old:
            yield source.replace(node, source.code(node).replace(old, new))
    for part in source.all(cst.FormattedStringText):
        if part.value == old:
            yield source.replace(part, new)


def _report(source: Source, call: cst.Call, ending: str) -> Finding:
    message = f"Keras 3 wants a file name that ends in {_new_ending(ending)} here"
    return source.finding("CA403", message, call)
