"""Move ``lr=`` and ``decay=`` of optimizers, and ``model.optimizer.lr``.

CA402: learning rates

```diff
 from keras.optimizers import SGD
+from keras.optimizers.schedules import InverseTimeDecay

-sgd = SGD(lr=0.1, decay=1e-6, momentum=0.9)
+sgd = SGD(learning_rate=InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6), momentum=0.9)
 discriminator.compile(sgd, "binary_crossentropy")
```

**Why.** `lr` is now `learning_rate`. `decay` divided the rate by `1 + decay * step`, and so does `InverseTimeDecay`;
tf_keras keeps it in `tf_keras.optimizers.legacy`. Adagrad, Adadelta, Adamax and Nadam have other default rates today,
so `migrate` writes out the old one.

**Not rewritten.** ReduceLROnPlateau and LearningRateScheduler cannot set the rate of a schedule on Keras 3. With them
`decay` is left out, and a finding says so. Reads of `model.optimizer.decay` are reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.outputs import values
from compat_auc.migrate.source.source import Source, argument, fact, has_star
from compat_auc.migrate.understand.compiled import Compiled, compiles
from compat_auc.migrate.understand.replacement import import_line, local_name

# Default learning rates of Keras 2.1 to 2.3.
_OLD_RATES = {
    "SGD": "0.01",
    "RMSprop": "0.001",
    "Adagrad": "0.01",
    "Adadelta": "1.0",
    "Adam": "0.001",
    "Adamax": "0.002",
    "Nadam": "0.002",
}
# Optimizers with another default today.
_CHANGED = ("Adagrad", "Adadelta", "Adamax", "Nadam")
_MAX_DEPTH = 4
_RATE_SETTERS = ("keras.callbacks.ReduceLROnPlateau", "keras.callbacks.LearningRateScheduler")


@rule("CA402", stage=Stage.CALLS)
def optimizers(source: Source) -> Iterator[Finding]:
    for call in source.all(cst.Call):
        name = source.name(call.func) or ""
        kind = name.rsplit(".", 1)[-1]
        if (
            name.startswith("keras.optimizers.")
            and kind in _OLD_RATES
            and not {"schedules", "legacy"} & set(name.split("."))
        ):
            yield from _rate(source, call, kind)
        elif call in compiles(source):
            yield from _by_name(source, compiles(source)[call])
    if source.target == "keras3":
        yield from _set_value(source)
        yield from _decays(source)
    handled = {(source.code(node.value), _scope(source, node)) for node in _given_rates(source)}
    for node in source.all(cst.Attribute):
        if node.attr.value != "lr":
            continue
        if _is_optimizer(source, node.value) or (source.code(node.value), _scope(source, node)) in handled:
            edit = source.replace(node.attr, "learning_rate")
            yield source.finding("CA402", "optimizer.lr is now optimizer.learning_rate.", node, (edit,))


def _decays(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.Attribute):
        if node.attr.value == "decay" and _is_optimizer(source, node.value):
            message = "optimizers of Keras 3 have no decay. Read the schedule in learning_rate."
            yield source.report("CA402", message, node)


def _is_optimizer(source: Source, node: cst.BaseExpression, depth: int = 0) -> bool:
    """Whether this is ``model.optimizer``, or a variable, attribute or parameter that holds an optimizer."""
    if isinstance(node, cst.Attribute) and node.attr.value == "optimizer":
        return True
    if isinstance(node, cst.Call):
        return (source.name(node.func) or "").startswith("keras.optimizers.")
    if isinstance(node, cst.Attribute):
        return any(
            isinstance(value, cst.Call) and _is_optimizer(source, value)
            for value in source.attribute_values.get(source.code(node), [])
        )
    if not isinstance(node, cst.Name) or depth > _MAX_DEPTH:
        return False
    return any(value is not None and _is_optimizer(source, value, depth + 1) for value in values(source, node))


def _scope(source: Source, node: cst.CSTNode) -> cst.CSTNode | None:
    return source.enclosing(node, cst.FunctionDef, cst.Lambda)


def _given_rates(source: Source) -> Iterator[cst.Attribute]:
    """Yield the ``x.lr`` in ``K.set_value`` and ``K.get_value``, and in the ``assign()`` made from ``K.set_value``."""
    for call in source.all(cst.Call):
        value = call.args[0].value if call.args else None
        if source.name(call.func) not in ("keras.backend.set_value", "keras.backend.get_value"):
            is_assign = isinstance(call.func, cst.Attribute) and call.func.attr.value == "assign"
            value = call.func.value if is_assign else None
        if isinstance(value, cst.Attribute) and value.attr.value in ("lr", "learning_rate"):
            yield value


def _set_value(source: Source) -> Iterator[Finding]:
    """Replace ``K.set_value(model.optimizer.lr, rate)``, which fails on variables of Keras 3."""
    for call in source.calls("keras.backend.set_value"):
        target = call.args[0].value if len(call.args) == 2 else None
        if isinstance(target, cst.Attribute) and target.attr.value in ("lr", "learning_rate"):
            new = f"{source.code(target.value)}.learning_rate.assign({source.code(call.args[1].value)})"
            message = "set_value() of the learning rate is now learning_rate.assign()."
            yield source.finding("CA402", message, call, (source.replace(call, new),))


def _rate(source: Source, call: cst.Call, kind: str) -> Iterator[Finding]:
    decay = argument(call, "decay")
    rate = argument(call, "lr") or argument(call, "learning_rate", 0)
    if decay is not None and source.constant(decay.value) not in (0, 0.0, None):
        yield _decay(source, call, kind, rate, decay)
        if source.target == "keras3" and _beside_setter(source):
            message = (
                f"Without decay={source.code(decay.value)}, only {_setter(source)} changes the learning rate of {kind}."
            )
            yield source.finding("CA402", message, call)
        return
    edits = [] if decay is None else [source.remove_argument(call, decay)]
    edits.extend(_renamed(source, rate))
    message = f"lr= of {kind} is now learning_rate=." if _renamed(source, rate) else f"decay= of {kind} is removed."
    is_default = rate is None and kind in _CHANGED and _is_multi_backend(source, call)
    if is_default and has_star(call):
        old = f"learning_rate={_OLD_RATES[kind]}"
        yield source.report("CA402", f"{kind} had the default {old}. Write {old} if the call sets no rate.", call)
    elif is_default and not edits:
        edits, message = [source.add_argument(call, f"learning_rate={_OLD_RATES[kind]}")], _written_out(kind)
    if edits:
        yield source.finding("CA402", message, call, tuple(edits))


def _written_out(kind: str) -> str:
    return f"The old default of {kind}, learning_rate={_OLD_RATES[kind]}, is now written out."


def _renamed(source: Source, rate: cst.Arg | None) -> list[Edit]:
    """Rename ``lr=`` to ``learning_rate=``."""
    if rate is None or rate.keyword is None or rate.keyword.value != "lr":
        return []
    return [source.replace(rate.keyword, "learning_rate")]


def _decay(source: Source, call: cst.Call, kind: str, rate: cst.Arg | None, decay: cst.Arg) -> Finding:
    """Move the old ``decay``, which divides the learning rate by 1 + decay * step."""
    value = source.code(rate.value) if rate is not None else _OLD_RATES[kind]
    if source.target == "tf_keras":
        edits = [source.replace(call.func, f"tf_keras.optimizers.legacy.{kind}"), *_renamed(source, rate)]
        message = f"{kind} is now tf_keras.optimizers.legacy.{kind}, which takes decay=."
        return source.finding("CA402", message, call, tuple(edits), ("import tf_keras",))
    remove = source.remove_argument(call, decay)
    if _beside_setter(source):
        edits = [remove, *_renamed(source, rate)]
        message = (
            f"decay={source.code(decay.value)} of {kind} is removed. Keras 3 has no decay= where {_setter(source)} "
            "sets the learning rate."
        )
        return source.finding("CA402", message, call, tuple(edits))
    local = local_name(source, "InverseTimeDecay")
    schedule = f"{local}({value}, decay_steps=1, decay_rate={source.code(decay.value)})"
    if rate is None:
        edits = (source.replace(decay, f"learning_rate={schedule}"),)
    elif rate.keyword is None:
        edits = (source.replace(rate, schedule), remove)
    else:
        edits = (source.replace(rate, f"learning_rate={schedule}"), remove)
    imports = (import_line("keras.optimizers.schedules", "InverseTimeDecay", local),)
    return source.finding("CA402", f"decay= of {kind} is now a learning rate schedule.", call, edits, imports)


def _setter(source: Source) -> str:
    """Name what sets the learning rate: the callback, or the script itself."""
    calls = source.calls(*_RATE_SETTERS)
    return next(((source.name(call.func) or "").rpartition(".")[2] for call in calls), "the script itself")


@fact
def _beside_setter(source: Source) -> bool:
    return any(source.calls(*_RATE_SETTERS)) or _sets_rate(source)


def _sets_rate(source: Source) -> bool:
    """Whether the file sets the rate of an optimizer itself, by ``K.set_value``, ``assign`` or an assignment."""
    if any(source.calls("keras.backend.set_value")) and any(_given_rates(source)):
        return True
    targets = [node.target for node in source.all(cst.AssignTarget, cst.AugAssign)]
    targets += [call.func.value for call in source.method_calls("assign")]
    return any(
        isinstance(target, cst.Attribute)
        and target.attr.value in ("lr", "learning_rate")
        and (_is_optimizer(source, target.value) or "opt" in source.code(target.value).lower())
        for target in targets
    )


def _is_multi_backend(source: Source, call: cst.Call) -> bool:
    """Whether the optimizer comes from the ``keras`` package. Its old defaults differ from those of tf.keras."""
    return (source.raw_name(call.func) or "").startswith(("keras.", "tf_keras."))


def _by_name(source: Source, compiled: Compiled) -> Iterator[Finding]:
    node = compiled.arguments.get("optimizer")
    if not isinstance(node, cst.SimpleString):
        return
    kinds = {kind.lower(): kind for kind in _CHANGED}
    kind = kinds.get(str(node.evaluated_value).lower())
    if kind is None or not any(name.startswith(("keras", "tf_keras")) for name in source.imported_modules):
        return
    local = local_name(source, kind)
    new = f"{local}(learning_rate={_OLD_RATES[kind]})"
    imports = (import_line(f"{source.package}.optimizers", kind, local),)
    yield source.finding("CA402", _written_out(kind), node, (source.replace(node, new),), imports)
