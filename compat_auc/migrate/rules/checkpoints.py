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
and files that the script only reads. Also a name without an ending, if other paths are made of it: it is a folder.
These are reported, and so is what looks for the old ending: `glob("ck/*.hdf5")`, `endswith(".hdf5")`, a copy of the
file.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.outputs import values
from compat_auc.migrate.source.source import Source, argument

_OLD_ENDING = re.compile(r"(\.weights)?\.(hdf5|h5|model|hdf|ckpt|weights|hd5|mdl|pkl|pt|bin|tf)$")
_FIELD = re.compile(r"\{[^{}]*\}|%[-\d.]*[a-z]")
_WEIGHTS = ".weights.h5"
# Functions and methods that take the path of a file.
_OF_FILES = (
    "ModelCheckpoint load_model save_model save load_weights save_weights exists isfile remove unlink getsize print"
).split()
_OF_ENDINGS = ("endswith", "replace", "split", "rstrip", "strip", "partition", "rpartition", "removesuffix", "index")
_COPIES = ("copy", "copy2", "copyfile", "move", "rename", "replace")


@rule("CA403", stage=Stage.CALLS)
def checkpoints(source: Source) -> Iterator[Finding]:
    if source.target != "keras3" or not is_keras_file(source):
        return
    names: dict[str, str] = {}
    written = [(*write, _last_literal(source, write[1])) for write in _written(source)]
    endings: dict[str, set[str]] = {}
    for _, _, ending, literal in written:
        if literal is not None:
            endings.setdefault(_text(literal), set()).add(_new_ending(ending))
    for call, path, ending, literal in written:
        yield from _bound_often(source, call, path, ending)
        if literal is None:
            hidden = _hidden(source, path)
            computed = source.constant(path) is ... and not isinstance(path, (cst.Name, cst.Attribute))
            if computed or any(not _allowed(text, ending) for text in hidden):
                yield _report(source, call, ending)
            continue
        old = _text(literal)
        if _allowed(old, ending) or old in names:
            continue
        # weights and a whole model under one name, or a name of which something else is made
        if len(endings[old]) > 1 or not _is_only_a_file(source, path, literal):
            yield _report(source, call, ending)
            continue
        new = _OLD_ENDING.sub("", old.rstrip("/")) + _new_ending(ending)
        edits = tuple(_renamed(source, old, new))
        yield source.finding("CA403", f"Keras 3 refuses the file name {old!r}: it becomes {new!r}", call, edits)
        names[old] = new
    yield from _patterns(source, names)


def _hidden(source: Source, path: cst.BaseExpression) -> list[str]:
    """Return the texts that a parameter gets by default or from calls, or an option of argparse by default."""
    if isinstance(path, cst.Name):
        expressions = values(source, path)
        params = [binding.node for binding in source.bindings(path) if isinstance(binding.node, cst.Param)]
        expressions += [param.default for param in params]
    elif isinstance(path, cst.Attribute):
        options = [call for call in source.all(cst.Call) if _defines_option(source, call, path.attr.value)]
        defaults = [argument(call, "default") for call in options]
        expressions = [arg.value for arg in defaults if arg is not None]
    else:
        expressions = []
    literals = [_last_literal(source, expression) for expression in expressions if expression is not None]
    return [_text(literal) for literal in literals if literal is not None]


def _defines_option(source: Source, call: cst.Call, name: str) -> bool:
    """Whether this is ``parser.add_argument("--name")``."""
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value != "add_argument":
        return False
    names = [source.constant(arg.value) for arg in call.args if arg.keyword is None]
    return name in {text.lstrip("-").replace("-", "_") for text in names if isinstance(text, str)}


def _is_only_a_file(
    source: Source, path: cst.BaseExpression, literal: cst.SimpleString | cst.FormattedStringText
) -> bool:
    """Whether all uses of a path are those of the file. A name without an ending may be a folder, or anything else."""
    old, names = _text(literal), [path] if isinstance(path, cst.Name) else []
    uses = [use for name in names for use in source.uses(name) if not isinstance(source.parents[use], cst.AssignTarget)]
    if _OLD_ENDING.search(old):
        return not any(_is_part(source, use) for use in uses)
    others = [node for node, text in source.strings if text == old or text.endswith(f"/{old}")]
    return all(_is_path(source, use) for use in [*uses, *(node for node in others if node is not literal)])


def _is_part(source: Source, use: cst.CSTNode) -> bool:
    """Whether a name is a folder in a longer path: any but the last argument of ``os.path.join``."""
    arg = source.parents[use]
    call = source.parents[arg] if isinstance(arg, cst.Arg) else None
    is_join = isinstance(call, cst.Call) and (source.name(call.func) or "").endswith("path.join")
    return is_join and isinstance(call, cst.Call) and call.args[-1] is not arg


def _is_path(source: Source, use: cst.CSTNode) -> bool:
    """Whether an expression is the whole path in a call that writes, reads or looks for the file."""
    arg = source.parents[use]
    call = source.parents[arg] if isinstance(arg, cst.Arg) else None
    if not isinstance(call, cst.Call):
        return False
    last = call.func.attr.value if isinstance(call.func, cst.Attribute) else source.code(call.func)
    return last in _OF_FILES


def _patterns(source: Source, names: dict[str, str]) -> Iterator[Finding]:
    """Report what looks for the old ending: a pattern, a test of the ending, and a copy under another name."""
    renamed = {old: new for old, new in names.items() if _OLD_ENDING.search(old) and not new.endswith(_ending(old))}
    for node, text in source.strings if renamed else ():
        call = source.enclosing(node, cst.Call)
        last = call.func.attr.value if call is not None and isinstance(call.func, cst.Attribute) else ""
        missed = [new for old, new in renamed.items() if _finds(text, old, last)]
        if missed:
            message = f"{text!r} no longer finds the files that are called {missed[0]!r} now"
            yield source.finding("CA403", message, node)
        elif last in _COPIES and text in renamed and call is not None:
            message = f"{text!r} is {renamed[text]!r} now: give its copy the same ending, or Keras cannot load it"
            yield source.finding("CA403", message, call)


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2]


def _finds(text: str, name: str, method: str) -> bool:
    """Whether a text is a pattern that the old name matches, or its ending in a call such as ``endswith``."""
    file = _FIELD.sub("1", name)
    if "*" in text or "?" in text:
        pattern = text.replace("?", "*")  # the width of a field is not known
        tail = pattern.rpartition("/")[2]
        is_regex = text.endswith(("$", _ending(name).replace(".", "\\.")))
        return fnmatch(file, pattern) or fnmatch(file.rpartition("/")[2], tail) or is_regex
    return method in _OF_ENDINGS and len(text) > 1 and _ending(name).endswith(text)


def _bound_often(source: Source, call: cst.Call, path: cst.BaseExpression, ending: str) -> Iterator[Finding]:
    """Report a path in a variable that is bound more than once: its value here is not known."""
    bindings = source.bindings(path) if isinstance(path, cst.Name) else []
    assigned = [source.assigned_value(binding) for binding in bindings]
    literals = [_last_literal(source, value) if value is not None else None for value in assigned]
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
        elif _saves(source, call, method):
            path, ending = argument(call, "filepath", 0), _WEIGHTS if method == "save_weights" else "model"
        else:
            continue
        if path is not None:
            yield call, path.value, ending


def _saves(source: Source, call: cst.Call, method: str) -> bool:
    """Whether a call saves a model. Only Keras has ``save_weights``; anything may have ``save``."""
    if method not in ("save", "save_weights") or not isinstance(call.func, cst.Attribute):
        return False
    kind = models.kind(source, call.func.value)
    unknown = kind == models.UNSURE and method == "save_weights" and method not in source.functions
    return kind == models.MODEL or (unknown and not source.is_foreign(call.func.value))


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
    has_ending = _OLD_ENDING.search(old) is not None
    for node, value in source.strings:
        in_folder = value.endswith(f"/{old}") and (has_ending or _is_path(source, node))
        if value == old or in_folder:
            yield source.replace(node, source.code(node).replace(old, new))
        elif has_ending and old.endswith(f"/{value}"):
            yield source.replace(node, source.code(node).replace(value, new.rpartition("/")[2]))
    for part in source.all(cst.FormattedStringText):
        if part.value == old:
            yield source.replace(part, new)


def _report(source: Source, call: cst.Call, ending: str) -> Finding:
    message = f"Keras 3 wants a file name that ends in {_new_ending(ending)} here"
    return source.finding("CA403", message, call)
