"""Remove sessions from Keras code: Keras initializes its variables itself. GPU memory options go to ``tf.config``.

CA405: sessions

```diff
 import tensorflow as tf
-from keras import backend as K

-config = tf.ConfigProto()
-config.gpu_options.allow_growth = True
-K.set_session(tf.Session(config=config))
+for gpu in tf.config.list_physical_devices("GPU"):
+    tf.config.experimental.set_memory_growth(gpu, True)
```

**Why.** Keras runs eagerly. You have no session to set, and no variable to initialize by hand. A `with tf.Session():`
or `with graph.as_default():` around Keras code becomes `with contextlib.nullcontext():`, so that the block keeps its
layout.

Of the session's options `migrate` moves `allow_growth`. The others get a finding each: the visible devices, the number
of threads, the limit of memory.

**Not rewritten.** Other options of the `config` that went into the session. If the script runs Keras models through
`session.run`, use `--target tf_keras`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import SESSIONS, drives_graph, is_initializer, is_keras_file, is_session
from compat_auc.migrate.source.guards import chooses_tf_keras
from compat_auc.migrate.source.source import Source, aliases, argument, dotted, keywords

_DEVICES = 'for gpu in {tf}.config.list_physical_devices("GPU")'
_GROWTH = "{tf}.config.experimental.set_memory_growth(gpu, True)"

# Options of a session besides allow_growth, and the call that does the same today; {} is the value.
_OPTIONS = {
    "visible_device_list": 'tf.config.set_visible_devices(gpus, "GPU") with the GPUs of {}',
    "device_count": 'tf.config.set_visible_devices([], "GPU") to stay off the GPU',
    "intra_op_parallelism_threads": "tf.config.threading.set_intra_op_parallelism_threads({})",
    "inter_op_parallelism_threads": "tf.config.threading.set_inter_op_parallelism_threads({})",
    "per_process_gpu_memory_fraction": "tf.config.set_logical_device_configuration(gpu, [...]) with a memory_limit",
    "log_device_placement": "tf.debugging.set_log_device_placement({})",
}


@rule("CA104", "CA405", stage=Stage.CALLS)
def sessions(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    if drives_graph(source):
        yield from () if chooses_tf_keras(source) else _mixed(source)
        return
    yield from _lost_options(source)
    for call in source.calls("keras.backend.set_session"):
        yield _set_session(source, call)
    for call in source.all(cst.Call):
        if not _runs_initializer(source, call):
            continue
        wrapper = _wrapper(source, call)
        if wrapper is not None:
            message = (
                f"`{wrapper}` wraps a metric of TensorFlow 1, which needs a session. Use compat_auc.auc_roc instead."
            )
            yield source.report("CA104", message, call, given_up=[call])
        elif not _counts(source, call):
            edit = source.remove_statement(source.statement(call))
            yield source.finding(
                "CA405", "The initializer call is removed. Keras initializes its variables itself.", call, (edit,)
            )
    yield from _unused(source)
    yield from _with_blocks(source)


def _lost_options(source: Source) -> Iterator[Finding]:
    """Report the options that go with a session, and what sets them now. Only ``allow_growth`` is moved."""
    for call in source.calls("tensorflow.Session", "tensorflow.InteractiveSession"):
        config = argument(call, "config", 2)
        options = dict(_options(source, config.value)) if config is not None else {}
        for name, advice in _OPTIONS.items():
            value = options.get(name)
            if value is None or (source.constant(value) in (0, "", False) and name != "device_count"):
                continue
            message = (
                f"{name}={source.code(value)} of the session is now lost. Write {advice.format(source.code(value))}."
            )
            yield source.finding("CA405", message, call)


def _options_of_file(source: Source) -> Iterator[tuple[str, cst.BaseExpression]]:
    for call in source.calls("tensorflow.ConfigProto"):
        yield from _options(source, call)
    for text, assigned in source.attribute_values.items():
        yield from ((text.rpartition(".")[2], value) for value in assigned)


def _options(source: Source, config: cst.BaseExpression) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the options of a ConfigProto or GPUOptions: its arguments, and what the file assigns to its attributes."""
    proto = source.resolved(config)
    for name, value in keywords(proto).items() if isinstance(proto, cst.Call) else ():
        yield from _options(source, value) if name == "gpu_options" else [(name, value)]
    prefix = f"{config.value}." if isinstance(config, cst.Name) else ""
    for text, assigned in source.attribute_values.items() if prefix else ():
        yield from ((text.rpartition(".")[2], value) for value in assigned if text.startswith(prefix))


def _is_true(source: Source, value: cst.BaseExpression) -> bool:
    return source.constant(value) in (True, ...)


def _wrapper(source: Source, call: cst.Call) -> str | None:
    """Return the name of the outer function, if the call is in an inner function that Keras calls as a metric."""
    inner = source.enclosing(call, cst.FunctionDef)
    outer = source.enclosing(inner, cst.FunctionDef) if inner is not None else None
    returns = any(value is not None for value in source.returned(inner)) if inner is not None else False
    return outer.name.value if outer is not None and returns else None


def _counts(source: Source, call: cst.Call) -> bool:
    """Whether the function around the call has a metric of TensorFlow 1, and so needs the call."""
    function = source.enclosing(call, cst.FunctionDef)
    return function is not None and any(
        (source.name(inner.func) or "").startswith(("tensorflow.metrics.", "tensorflow.contrib.metrics."))
        and function in source.ancestors(inner)
        for inner in source.all(cst.Call)
    )


def _mixed(source: Source) -> Iterator[Finding]:
    for name in ("tensorflow.Session", "keras.backend.get_session"):
        for call in source.calls(name):
            advice = (
                "Keras 3 has no graph mode. Use --target tf_keras."
                if source.target == "keras3"
                else "a session runs Keras here. Call tf.compat.v1.disable_v2_behavior() first, and use "
                "tf.compat.v1.keras.backend.get_session()."
            )
            yield source.report("CA405", advice, call)


def _runs_initializer(source: Source, call: cst.Call) -> bool:
    """Whether this is a statement ``session.run(tf.global_variables_initializer())`` or ``tf.…initializer().run()``."""
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value != "run":
        return False
    if not isinstance(source.parents[call], cst.Expr):
        return False
    if is_initializer(source, call.func.value):
        return True
    return bool(call.args) and is_session(source, call.func.value) and is_initializer(source, call.args[0].value)


def _set_session(source: Source, call: cst.Call) -> Finding:
    statement = source.statement(call)
    tf = next(source.imported_as("tensorflow", "tensorflow.compat.v1"), None)
    if tf and any(_is_true(source, value) for name, value in _options_of_file(source) if name == "allow_growth"):
        whole = source.parents[call] if isinstance(source.parents[call], cst.Expr) else call  # with its parentheses
        edit = source.replace(whole, _set_growth(source, call, tf))
        message = "GPU memory growth is now set in tf.config. Keras has no session."
    elif isinstance(source.parents[call], cst.Expr):
        edit = source.remove_statement(statement)
        message = "set_session() is removed. Keras has no session, and device options are now in tf.config."
    else:
        return source.report("CA405", "Keras has no session. Remove set_session().", call, everywhere=("set_session",))
    return source.finding("CA405", message, call, (edit,))


def _set_growth(source: Source, call: cst.Call, tf: str) -> str:
    """Return a loop over the devices; where no loop can stand, a list made in a loop."""
    devices, growth = _DEVICES.format(tf=tf), _GROWTH.format(tf=tf)
    statement = source.parents[call]
    line = source.parents[statement]
    if not isinstance(statement, cst.Expr) or not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
        return f"[{growth} {devices}]"
    start = source.start(line)
    indent = source.text[source.starts[source.line_of(start) - 1] : start]
    unit = next(iter(source.all(cst.IndentedBlock)), None)
    step = (unit.indent if unit is not None else None) or "    "
    return f"{devices}:{source.newline()}{indent}{step}{growth}"


def _unused(source: Source) -> Iterator[Finding]:
    """Remove ``sess = K.get_session()`` if nothing reads it, and imports of session functions that are gone."""
    for call in source.calls("keras.backend.get_session", "tensorflow.Session", "tensorflow.InteractiveSession"):
        assign = source.parents[call]
        if not isinstance(assign, cst.Assign) or not isinstance(assign.targets[0].target, cst.Name):
            if source.name(call.func) == "keras.backend.get_session" and not _goes(source, call):
                message = "Keras has no session. Remove get_session()."
                yield source.report("CA405", message, call, everywhere=("get_session",))
            continue
        target = assign.targets[0].target
        uses = [name for name in source.uses(target) if name is not target]
        if all(use.value == target.value and isinstance(source.parents[use], cst.AssignTarget) for use in uses):
            message = "The session is removed. Keras needs no session."
            yield source.finding("CA405", message, call, (source.remove_statement(assign),))
    for node in source.from_imports():
        gone = [
            alias
            for alias in aliases(node)
            if dotted(alias.name) in ("set_session", "get_session") and not source.used(alias)
        ]
        if gone and "keras" in dotted(node.module):
            edits = source.remove_names(node, gone)
            yield source.finding(
                "CA405", "The import of session functions is removed. Keras has no session.", node, edits
            )


def _goes(source: Source, call: cst.Call) -> bool:
    """Whether the session is part of an initializer's statement or of a ``with`` that goes, and so goes with it."""
    for up in source.ancestors(call):
        if isinstance(up, cst.Call) and _runs_initializer(source, up):
            return True
        if isinstance(up, cst.WithItem):
            return _is_graph_context(source, up.item)
    return False


def _with_blocks(source: Source) -> Iterator[Finding]:
    """Replace the context of ``with tf.Session() as sess:`` or ``with graph.as_default():`` by an empty one."""
    for node in source.all(cst.With):
        for item in node.items:
            if _is_graph_context(source, item.item):
                edit = source.replace(item.item, "contextlib.nullcontext()")
                message = "The session or graph around the block is removed. Keras code in it would run in graph mode."
                yield source.finding("CA405", message, item.item, (edit,), ("import contextlib",))


def _is_graph_context(source: Source, node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Call):
        return False
    if source.name(node.func) in ("tensorflow.Session", "tensorflow.InteractiveSession"):
        return True
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value != "as_default":
        return False
    maker = source.resolved(node.func.value)
    makers = {"tensorflow.Graph", "tensorflow.get_default_graph", *SESSIONS}
    return isinstance(maker, cst.Call) and source.name(maker.func) in makers
