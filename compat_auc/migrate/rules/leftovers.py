"""Remove what the other rules left without a use: imports, and options of a session that went.

CA110: leftovers

```diff
 import tensorflow as tf
-from keras import backend as K
 from keras.models import load_model

-config = tf.ConfigProto()
-config.gpu_options.allow_growth = True
-K.set_session(tf.Session(config=config))
+for gpu in tf.config.list_physical_devices("GPU"):
+    tf.config.experimental.set_memory_growth(gpu, True)
 model = load_model("model.h5")
```

**Why.** The code that used them is gone. Only what the file used before and nothing uses now goes: an import that was
never used stays. `config` goes if it held no other options than `allow_growth`, `allow_soft_placement` and
`log_device_placement`.

**Not rewritten.** Imports in `try` and `if`, with `# noqa` on their line, in `__all__`, or that other files take from
this one. Any import of a file that calls `eval`, `exec` or `globals`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, aliases, bound_name, fact, keyword

_OPTIONS = ("tensorflow.ConfigProto", "tensorflow.GPUOptions")
# Options that change no number and have no use without a session.
_IDLE = {"allow_growth", "allow_soft_placement", "log_device_placement", "gpu_options"}


@rule("CA110", stage=Stage.LEFTOVERS)
def leftovers(source: Source) -> Iterator[Finding]:
    if source.text == source.first.text:
        return
    yield from _options(source)
    if not any(source.spelled("eval", "exec", "globals")):
        for node in source.all(cst.Import, cst.ImportFrom):
            yield from _unused(source, node)


def _options(source: Source) -> Iterator[Finding]:
    """Remove the options of a session that nothing reads any more."""
    for call in source.calls(*_OPTIONS):
        assign = source.parents[call]
        target = assign.targets[0].target if isinstance(assign, cst.Assign) and len(assign.targets) == 1 else None
        if not isinstance(target, cst.Name) or not _was_read(source.first, target.value):
            continue
        keys = set(map(keyword, call.args))
        statements: list[cst.CSTNode] = [assign]
        for use in source.uses(target):
            if use is not target:
                field, statement = _set_field(source, use)
                keys.add(field)
                statements.append(statement)
        if keys <= _IDLE:
            edits = tuple(source.remove_statements(statements))
            yield source.finding("CA110", f"The unused variable `{target.value}` is removed.", assign, edits)


def _set_field(source: Source, use: cst.CSTNode) -> tuple[str, cst.CSTNode]:
    """Return the option that a use sets, with its statement; an empty name if the use is another."""
    node, field = use, ""
    while isinstance(source.parents[node], cst.Attribute):
        node = source.parents[node]
        field = node.attr.value if isinstance(node, cst.Attribute) else ""
    target = source.parents[node]
    statement = source.statement(use)
    is_set = isinstance(target, cst.AssignTarget) and isinstance(statement, cst.Assign) and len(statement.targets) == 1
    return (field, statement) if is_set else ("", statement)


def _was_read(first: Source, name: str) -> bool:
    """Whether the file as it was read a variable itself, and not only set fields of it."""
    return any(not isinstance(first.parents[use], (cst.AssignTarget, cst.Attribute)) for use in first.named(name))


def _unused(source: Source, node: cst.Import | cst.ImportFrom) -> Iterator[Finding]:
    """Remove the names of an import that the file used before."""
    line = source.parents[node]
    block = source.parents.get(line)
    around = source.parents.get(block) if isinstance(block, cst.IndentedBlock) else None
    if not isinstance(block, cst.Module) and not isinstance(around, cst.FunctionDef):
        return
    before = _used_before(source.first)
    gone = [alias for alias in aliases(node) if bound_name(alias) in before and not source.used(alias)]
    if not gone or "noqa" in source.text[source.start(line) : source.span(line)[1]] + _rest(source, line):
        return
    what = ", ".join(bound_name(alias) for alias in gone)
    yield source.finding("CA110", f"The unused import of {what} is removed.", node, source.remove_names(node, gone))


def _rest(source: Source, line: cst.CSTNode) -> str:
    """Return what stands on the line below the end of a statement: its comment."""
    end = source.span(line)[1]
    return source.text[end:].partition("\n")[0]


@fact
def _used_before(first: Source) -> frozenset[str]:
    """The names that the file as it was imported and used."""
    imported = [alias for node in first.all(cst.Import, cst.ImportFrom) for alias in aliases(node)]
    return frozenset(bound_name(alias) for alias in imported if first.used(alias))
