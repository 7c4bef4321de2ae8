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

**Not rewritten.** Names whose ending cannot be seen: they are put together, or come from a function's caller, from a
configuration or from another file. Also a name without an ending, if other paths are made of it: it is a folder. These
are reported, and so is what looks for the old ending: `glob("ck/*.hdf5")`, `endswith(".hdf5")`, a copy of the file.

Files that the script only reads are reported if Keras 3 does not read their format. It reads `.keras`, `.h5` and
`.hdf5`, but no SavedModel and no checkpoint of TensorFlow: `model.load_weights(tf.train.latest_checkpoint("ck"))`. Load
such a file once with tf_keras, and save it as `.h5`. `tf.train.Checkpoint(model=model).restore(path)` is reported, too.
From a checkpoint that Keras 2 wrote, it restores nothing into a model of Keras 3, and raises no error.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from typing import Collection, Iterator, Sequence

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.outputs import values
from compat_auc.migrate.source.source import Source, argument, fact

_OLD_ENDING = re.compile(r"(\.weights)?\.(hdf5|h5|model|hdf|ckpt|weights|hd5|mdl|pkl|pt|bin|tf)$")
_FIELD = re.compile(r"\{[^{}]*\}|%[-\d.]*[a-z]")
_FIELD_AT_END = re.compile(rf"({_FIELD.pattern})$")
_WEIGHTS = ".weights.h5"
# Functions and methods that take the path of a file.
_OF_FILES = (
    "ModelCheckpoint load_model save_model save load_weights save_weights exists isfile remove unlink getsize print"
).split()
_OF_ENDINGS = ("endswith", "replace", "split", "rstrip", "strip", "partition", "rpartition", "removesuffix", "index")
_COPIES = ("copy", "copy2", "copyfile", "move", "rename", "replace")
# What gives back the path that it is given, or its last part: functions, and methods of ``pathlib.Path``.
_WRAPPERS = (
    "os.fspath os.path.abspath os.path.expanduser os.path.join os.path.normpath os.path.realpath posixpath.join "
    "pathlib.Path pathlib.PurePath"
).split()
_METHODS_OF_PATHS = ("absolute", "as_posix", "expanduser", "format", "resolve")
_READABLE = (".keras", ".h5", ".hdf5")
_OPTIONS = ("add_argument", "DEFINE_string")
_LATEST = "tensorflow.train.latest_checkpoint"
_NO_CHECKPOINTS = (
    "Keras 3 neither writes nor loads checkpoints of TensorFlow. Name the file of weights instead of "
    "latest_checkpoint()."
)
_NOT_READABLE = (
    "Keras 3 reads .keras, .h5 and .hdf5 files, and not {!r}. If the file is HDF5, rename the file to .h5. If not, "
    "load the file once with tf_keras, and save an .h5 file."
)
_RESTORES_NOTHING = (
    "a checkpoint that Keras 2 wrote restores nothing into a model of Keras 3, and raises no error. Add "
    ".assert_existing_objects_matched()."
)
_MAX_LENGTH = 8


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
        if literal is None:
            yield from _unseen(source, call, path, ending)
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
        yield source.finding(
            "CA403", f"The file name {old!r} is now {new!r}. Keras 3 refuses the old name.", call, edits
        )
        names[old] = new
    yield from _patterns(source, names)
    yield from _unreadable(source, endings)
    yield from _restored(source)


def _unseen(source: Source, call: cst.Call, path: cst.BaseExpression, ending: str) -> Iterator[Finding]:
    """Report a path that may end in what Keras 3 refuses, or whose ending the file does not show."""
    texts = [text for text, _ in _ends(source, path)]
    if any(text is not None and not _allowed(text, ending) for text in texts):
        yield _report(source, call, ending)
    elif None in texts and not _names_files_of_keras_3(source.first):
        yield _report(source, call, ending, "Check the ending, which this file does not show.")


@fact
def _names_files_of_keras_3(first: Source) -> bool:
    """Whether the file as the user wrote it has names for Keras 3: then those from elsewhere may fit as well."""
    return any(text.endswith((".keras", _WEIGHTS)) for _, text in first.strings)


def _ends(source: Source, path: cst.BaseExpression) -> list[tuple[str | None, cst.BaseExpression]]:
    """Return the last literal of each value that a path may have, with its node. None: the file does not show it."""
    ends: list[tuple[str | None, cst.BaseExpression]] = []
    waiting: list[cst.BaseExpression] = [path]
    seen: set[cst.BaseExpression] = set()
    while waiting:
        node = waiting.pop()
        literal = _last_literal(source, node)
        if literal is not None:
            ends.append((_text(literal), node))
        elif node not in seen and source.constant(node) is not None:  # None stands for "choose a path"
            parts = _parts(source, node)
            waiting.extend(part for part in parts if part is not None)
            ends.extend([(None, node)] if None in parts else [])
        seen.add(node)
    return ends or [(None, path)]


def _parts(source: Source, node: cst.BaseExpression) -> Sequence[cst.BaseExpression | None]:
    """Return the expressions that the ending of a path comes from. None stands for what the file does not show."""
    if isinstance(node, cst.IfExp):
        return node.body, node.orelse
    if isinstance(node, cst.BooleanOperation):
        return node.left, node.right
    if isinstance(node, cst.Name):
        possible = values(source, node)
        params = [binding.node for binding in source.bindings(node) if isinstance(binding.node, cst.Param)]
        stated = [param.default for param in params if param.default is not None]
        defaults = [default for default in stated if source.constant(default) is not None]
        return defaults if defaults and possible == [None] else possible  # the default of a function that others call
    if isinstance(node, cst.Attribute):
        return _of_attribute(source, node) or (None,)
    inner = _inner(source, node)
    ends_in_field = inner is not None and _is_filling(node) and _last_literal(source, inner) is not None
    return (None if ends_in_field else inner,)


def _of_attribute(source: Source, node: cst.Attribute) -> list[cst.BaseExpression]:
    """Return what a class assigns to ``self.name``, and the default of an option of argparse or of flags."""
    options = [call for call in source.all(cst.Call) if _defines_option(source, call, node.attr.value)]
    defaults = [argument(call, "default", 1 if _method(call) == "DEFINE_string" else None) for call in options]
    return [*source.self_values(node), *(arg.value for arg in defaults if arg is not None)]


def _defines_option(source: Source, call: cst.Call, name: str) -> bool:
    """Whether this is ``parser.add_argument("--name")`` or ``flags.DEFINE_string("name", "default", "help")``."""
    if _method(call) not in _OPTIONS:
        return False
    names = [source.constant(arg.value) for arg in call.args if arg.keyword is None]
    return name in {text.lstrip("-").replace("-", "_") for text in names if isinstance(text, str)}


def _is_only_a_file(
    source: Source, path: cst.BaseExpression, literal: cst.SimpleString | cst.FormattedStringText
) -> bool:
    """Whether all uses of a path are those of the file. A name without an ending may be a folder, or anything else."""
    old, names = _text(literal), [node for node in _way(source, path) if isinstance(node, cst.Name)]
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
    return (_method(call) or source.code(call.func)) in _OF_FILES


def _patterns(source: Source, names: dict[str, str]) -> Iterator[Finding]:
    """Report what looks for the old ending: a pattern, a test of the ending, and a copy under another name."""
    renamed = {old: new for old, new in names.items() if _OLD_ENDING.search(old) and not new.endswith(_ending(old))}
    for node, text in source.strings if renamed else ():
        call = source.enclosing(node, cst.Call)
        last = _method(call) if call is not None else ""
        missed = [new for old, new in renamed.items() if _finds(text, old, last)]
        if missed:
            message = f"{text!r} does not find the files that are now called {missed[0]!r}. Change the pattern."
            yield source.report("CA403", message, node)
        elif last in _COPIES and text in renamed and call is not None:
            message = (
                f"the file is now {renamed[text]!r}. Give the copy the same ending, or Keras cannot load the copy."
            )
            yield source.report("CA403", message, call)


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


def _unreadable(source: Source, written: Collection[str]) -> Iterator[Finding]:
    """Report files that the script reads and does not write, if Keras 3 cannot read them."""
    for call in source.all(cst.Call):
        weights = _method(call) == "load_weights" and _is_of_model(source, call)
        if not weights and source.name(call.func) != "keras.models.load_model":
            continue
        path = argument(call, "filepath", 0)
        for text, node in _ends(source, path.value) if path is not None else ():
            if text is None and isinstance(node, cst.Call) and source.name(node.func) == _LATEST:
                yield source.report("CA403", _NO_CHECKPOINTS, call)
            elif text is not None and not text.endswith(_READABLE) and not _is_among(text, written):
                yield source.report("CA403", _NOT_READABLE.format(text), call)


def _restored(source: Source) -> Iterator[Finding]:
    """Report ``tf.train.Checkpoint(...).restore(...)`` of which nobody asks whether it restored anything."""
    for call in source.method_calls("restore", "read"):
        checkpoint = call.func.value
        made_by = [checkpoint, *values(source, checkpoint)]
        if isinstance(checkpoint, cst.Attribute):
            made_by += _of_attribute(source, checkpoint)
        names = {source.name(value.func) for value in made_by if isinstance(value, cst.Call)}
        after = source.parents[call]
        is_asked = isinstance(after, cst.Attribute) and after.attr.value.startswith("assert_")
        if "tensorflow.train.Checkpoint" in names and not is_asked:
            yield source.report("CA403", _RESTORES_NOTHING, call)


def _is_among(text: str, names: Collection[str]) -> bool:
    """Whether a path is one of several, perhaps with its folder, or without."""
    return any(text == name or text.endswith(f"/{name}") or name.endswith(f"/{text}") for name in names)


def _written(source: Source) -> Iterator[tuple[cst.Call, cst.BaseExpression, str]]:
    """Yield the calls that write a file, with its path and the ending that Keras 3 wants."""
    for call in source.all(cst.Call):
        name = source.name(call.func)
        method = _method(call)
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
    if method == "save" and isinstance(call.func, cst.Attribute):
        return models.kind(source, call.func.value) == models.MODEL
    return method == "save_weights" and _is_of_model(source, call)


def _is_of_model(source: Source, call: cst.Call) -> bool:
    """Whether a method that only models of Keras have is called, and not one of another library or of the file."""
    if not isinstance(call.func, cst.Attribute):
        return False
    kind = models.kind(source, call.func.value)
    unknown = kind == models.UNSURE and call.func.attr.value not in source.functions
    return kind == models.MODEL or (unknown and not source.is_foreign(call.func.value))


def _method(call: cst.Call) -> str:
    """Return the name of the method, or of the function of a module, that is called; empty for a plain name."""
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def _allowed(path: str, ending: str) -> bool:
    if ending == "model":
        return path.endswith(_READABLE)
    return path.endswith(ending) or (ending == ".keras" and path.endswith(".h5"))


def _new_ending(ending: str) -> str:
    return ".keras" if ending == "model" else ending


def _text(literal: cst.SimpleString | cst.FormattedStringText) -> str:
    return str(literal.evaluated_value) if isinstance(literal, cst.SimpleString) else literal.value


def _last_literal(source: Source, path: cst.BaseExpression) -> cst.SimpleString | cst.FormattedStringText | None:
    """Return the last string literal of a path, through variables, ``%``, ``+``, ``format`` and ``os.path.join``."""
    *way, last = _way(source, path)
    if isinstance(last, cst.FormattedString):
        part = last.parts[-1] if last.parts else None
        return part if isinstance(part, cst.FormattedStringText) else None
    if not isinstance(last, cst.SimpleString) or not isinstance(last.evaluated_value, str):
        return None
    is_filled = any(_is_filling(node) for node in way)
    return None if is_filled and _FIELD_AT_END.search(last.evaluated_value) else last


def _way(source: Source, path: cst.BaseExpression) -> list[cst.BaseExpression]:
    """Return the expressions from a path to the last of its parts, or as far as the file shows them."""
    way = [path]
    while len(way) < _MAX_LENGTH:
        bound = source.only_binding(way[-1])
        following = source.assigned_value(bound) if bound is not None else _inner(source, way[-1])
        if following is None:
            break
        way.append(following)
    return way


def _is_filling(node: cst.BaseExpression) -> bool:
    """Whether this is ``text % values`` or ``text.format(values)``."""
    if isinstance(node, cst.Call):
        return _method(node) == "format"
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo)


def _inner(source: Source, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """Return the part of an expression that the ending of a path comes from."""
    if isinstance(node, cst.BinaryOperation):
        return node.left if isinstance(node.operator, cst.Modulo) else node.right
    if not isinstance(node, cst.Call):
        return None
    if isinstance(node.func, cst.Attribute) and _method(node) in _METHODS_OF_PATHS:
        return node.func.value
    is_wrapper = source.name(node.func) in _WRAPPERS or _method(node) == "joinpath" or source.code(node.func) == "str"
    return node.args[-1].value if is_wrapper and node.args else None


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


def _report(source: Source, call: cst.Call, ending: str, advice: str = "Change the name.") -> Finding:
    return source.report("CA403", f"Keras 3 wants a file name that ends in {_new_ending(ending)}. {advice}", call)
