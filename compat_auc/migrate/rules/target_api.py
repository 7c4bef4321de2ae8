"""Report what no rule moved and the target lacks: names, and arguments that do not bind. It changes nothing.

CA601: a name that the target does not have

```diff
 from keras.layers import MaxoutDense
 from keras.models import Sequential

 model = Sequential()
 model.add(MaxoutDense(8))
 print(model.to_yaml())
```

**Why.** The import, the attribute or the method fails on the target. The message names a replacement if one exists.
This code also reports a class of yours that sets what Keras lets you only read, such as `trainable_weights`, or the
`model` of a callback.

**Not rewritten.** Reported only. Names under `if hasattr(...)` or `if tf.__version__ ...`, and in a `try` that catches
the error, are not looked up. What the file does not show is not looked up either: parameters, `getattr`, and classes
with bases of other packages.

CA602: arguments that the target does not take

```diff
 from keras.layers import Embedding

 words = Embedding(1000, 64, dropout=0.2)
```

**Why.** The call raises a `TypeError` or `ValueError`. The function or class of the target has no such parameter, takes
fewer arguments by position, or needs one more.

**Not rewritten.** Reported only. Remove the argument, or do in another way what it did: `SpatialDropout1D(0.2)` after
the `Embedding` is close to its old `dropout=0.2`. In calls with `*args` or `**kwargs`, only the arguments that are
written out are looked up.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.guards import is_guarded, sets_legacy_keras
from compat_auc.migrate.source.source import Source, aliases, dotted, keyword
from compat_auc.migrate.target_api.advice import about_argument, advice
from compat_auc.migrate.target_api.api import PACKAGES, Api, Missing, Signature, api
from compat_auc.migrate.target_api.names_used import missing_imports, missing_uses, raw_names
from compat_auc.migrate.target_api.objects import Objects
from compat_auc.migrate.target_api.old_api import failing_functions, lost_attributes


@rule("CA601", "CA602", stage=Stage.API)
def target_api(source: Source) -> Iterator[Finding]:
    if not any(name.split(".")[0] in PACKAGES for name in source.imported_names()):
        return
    target = api(legacy=sets_legacy_keras(source))
    yield from _names(source, target)
    yield from _known_callables(source, target)
    if "tf_slim" in source.text:
        yield from _failing(source, target)
    objects = Objects(source, target)
    yield from _methods(source, target, objects)
    yield from _lost_attributes(source, objects)
    yield from _own_classes(source, target, objects)


def _names(source: Source, target: Api) -> Iterator[Finding]:
    for node, missing in [*missing_imports(source, target), *missing_uses(source, target)]:
        end = f"{_today(source, missing.owner)}.{advice(missing, target, _last(node))}"
        message = f"{missing.owner} has no `{missing.name}`{end}"
        yield source.report("CA601", message, node, subject=missing.name)


def _today(source: Source, owner: str) -> str:
    """Return the end of a sentence about what a module, or the package of a class, does not have."""
    if owner.startswith("tensorflow") and not owner.startswith("tensorflow.keras"):
        return " in TensorFlow 2"
    return "" if owner.startswith(("tf_keras", "tf_slim")) else f" in {source.release}"


def _failing(source: Source, target: Api) -> Iterator[Finding]:
    """Report functions that are there and fail when they are called."""
    failing = set(failing_functions())
    for node, full in source.full_names(cst.Attribute, cst.Name):
        is_import = isinstance(source.parents[node], (cst.ImportFrom, cst.ImportAlias, cst.AsName))
        if full in failing and not is_import and not is_guarded(source, node):
            module, _, name = full.rpartition(".")
            text = advice(Missing(module, name), target)
            yield source.report("CA601", f"calls of {full} fail on TensorFlow 2.{text}", node, subject=name)


def _last(node: cst.CSTNode) -> str:
    """Return the last part of the dotted or imported name that the script asks for."""
    if isinstance(node, cst.ImportFrom) and aliases(node):
        node = aliases(node)[0]
    return dotted(node.name if isinstance(node, cst.ImportAlias) else node).rpartition(".")[2]


def _known_callables(source: Source, target: Api) -> Iterator[Finding]:
    """Check the arguments of calls of the packages' functions and classes."""
    for call in source.all(cst.Call):
        keys = [target.find(raw) for raw in raw_names(source, target, call.func)]
        signatures = [target.signature(key) for key in keys if not isinstance(key, Missing)]
        if len(signatures) == 1 == len(keys) and signatures[0] is not None and not is_guarded(source, call):
            for node, message in _unbound(call, signatures[0], source.code(call.func)):
                yield source.report("CA602", f"{message}.{_about(node)}", node)


def _unbound(call: cst.Call, signature: Signature, what: str) -> Iterator[tuple[cst.CSTNode, str]]:
    """Yield each argument without a parameter, or the call if an argument is missing, with a message like Python's."""
    stars = [arg.star for arg in call.args]
    bound: set[str] = set()
    for index, arg in enumerate(call.args):
        if arg.star:
            continue
        if arg.keyword is not None:
            key = arg.keyword.value
            if key in bound:
                yield arg, f"{what} gets {key} twice"
            elif not signature.takes(key):
                yield arg, f"{what} takes no {key}="
            bound.add(key)
        elif "*" not in stars[:index]:
            if index < len(signature.names):
                bound.add(signature.names[index])
            elif not signature.takes_rest:
                yield arg, f"{what} takes {_count(len(signature.names))} by position"
                return
    lacking = sorted(signature.required - bound)
    if lacking and not any(stars):
        yield call, f"{what} needs {', '.join(lacking)}"


def _count(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"


def _about(node: cst.CSTNode) -> str:
    """Say what to do with an argument that the target does not take."""
    return about_argument(keyword(node)) if isinstance(node, cst.Arg) else ""


def _methods(source: Source, target: Api, objects: Objects) -> Iterator[Finding]:
    """Check attributes and methods of objects whose class the file shows."""
    assigned = {text.rpartition(".")[2] for text in source.attribute_values}
    for node in source.all(cst.Attribute):
        parent, name = source.parents[node], node.attr.value
        if isinstance(parent, (cst.AssignTarget, cst.Del, cst.ImportFrom, cst.ImportAlias)) or name in assigned:
            continue
        classes = objects.classes(node.value)
        kinds = [target.attribute(key, name) for key in classes]
        if not kinds or is_guarded(source, node) or (objects.is_any_model(node.value) and not objects.of_models(name)):
            continue
        if all(kind is None for kind in kinds):
            what = objects.described(classes)
            end = f"{_today(source, min(classes))}.{advice(Missing(what, name), target)}"
            message = f"{what} has no attribute `{name}`{end}"
            yield source.report("CA601", message, node, subject=name)
        elif isinstance(parent, cst.Call) and parent.func is node:
            yield from _arguments(source, target, parent, kinds)


def _lost_attributes(source: Source, objects: Objects) -> Iterator[Finding]:
    """Report attributes that only old classes have, of objects whose class the file does not show."""
    lost = lost_attributes(source.target)
    nodes = [node for node in source.all(cst.Attribute) if node.attr.value in lost]
    if not nodes or "disable_v2_" in source.text:
        return
    own = source.functions | {text.rpartition(".")[2] for text in source.attribute_values}
    for node in nodes:
        name = node.attr.value
        is_read = not isinstance(source.parents[node], (cst.AssignTarget, cst.Del, cst.ImportFrom, cst.ImportAlias))
        of_others = source.is_foreign(node.value) or objects.is_of_others(node.value)
        if is_read and name not in own and not of_others and not is_guarded(source, node):
            owner = lost[name]
            text = advice(Missing(owner, name), objects.api)
            message = f"{owner} has no attribute `{name}`{_today(source, owner)}.{text}"
            yield source.report("CA601", message, node, subject=name)


def _arguments(source: Source, target: Api, call: cst.Call, methods: list[str | None]) -> Iterator[Finding]:
    """Report the arguments that do not bind, for the method that fits best of those that may be meant.

    One without a target signature fits. At least one of ``methods`` is not None.
    """
    signatures = [target.signature(key) for key in methods if key is not None]
    problems = [
        list(_unbound(call, signature, source.code(call.func))) if signature is not None else []
        for signature in signatures
    ]
    for node, message in min(problems, key=len):
        yield source.report("CA602", f"{message}.{_about(node)}", node)


def _own_classes(source: Source, target: Api, objects: Objects) -> Iterator[Finding]:
    """Check what the file's own layers, models and callbacks use of ``self``."""
    for node in source.all(cst.Attribute):
        holder = source.enclosing(node, cst.ClassDef)
        is_self = isinstance(node.value, cst.Name) and node.value.value == "self"
        ancestry = objects.ancestry(holder) if is_self and isinstance(holder, cst.ClassDef) else None
        if ancestry is not None and not is_guarded(source, node):
            yield from _of_self(source, target, node, ancestry[1], objects.defined(ancestry[0]))


def _of_self(
    source: Source, target: Api, node: cst.Attribute, keys: list[str], defined: frozenset[str]
) -> Iterator[Finding]:
    parent, name = source.parents[node], node.attr.value
    kinds = [target.attribute(key, name) for key in keys]
    if isinstance(parent, cst.AssignTarget):
        if "r" in kinds and name not in source.functions:
            kind = keys[0].rpartition(".")[2]
            message = f"{kind} has a read-only attribute `{name}`{_today(source, keys[0])}. Use another name."
            yield source.report("CA601", message, node)
    elif name in defined or not isinstance(parent, cst.Call) or parent.func is not node:
        return
    elif all(kind is None for kind in kinds):
        if name.startswith("_") and name not in target.attributes:
            return  # No Keras had it, so other code sets it on the object.
        kind = keys[0].rpartition(".")[2]
        end = f"{_today(source, keys[0])}.{advice(Missing(kind, name), target)}"
        message = f"{kind} has no attribute `{name}`{end}"
        yield source.report("CA601", message, node, subject=name)
    elif len(keys) == 1:  # With several bases, the method may be another one's.
        yield from _arguments(source, target, parent, kinds)
