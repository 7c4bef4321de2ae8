"""Keep what ``'accuracy'`` and ``'crossentropy'`` meant: the loss chose the metric, and now the shape does.

CA417: `accuracy` and `crossentropy`, which the loss chose

```diff
 from keras.layers import Dense
+from keras.metrics import BinaryAccuracy
 from keras.models import Sequential

 model = Sequential()
 model.add(Dense(6, activation="sigmoid", input_dim=100))
-model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
+model.compile("adam", "binary_crossentropy", metrics=[BinaryAccuracy(name="accuracy")])
```

**Why.** Keras up to 2.3 and `tf.keras` up to TensorFlow 2.1 looked at the loss. With `binary_crossentropy`, `accuracy`
was the share of right labels. `tf.keras` from TensorFlow 2.2 on, tf_keras and Keras 3 look at the shape. With several
columns, `accuracy` is now the share of rows whose highest score is at the highest label. On 200 labels, one model had
0.899 before and has 0.004 now. `migrate` writes out the metric that the string stood for, with the log key that the
script reads. The same holds for `crossentropy` and `ce`, which Keras 3 does not have.

A file with `tf.keras` and without names of TensorFlow 1 may be of either age. It is reported, with both metrics.

**Not rewritten.** Outputs with one column, other losses, and losses of your own: their `accuracy` is what it was.
"""

from __future__ import annotations

import json
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.outputs import values
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.compiled import (
    BINARY,
    CATEGORICAL,
    OTHER,
    SPARSE,
    UNSURE,
    Compiled,
    Metric,
    compiles,
)
from compat_auc.migrate.understand.replacement import import_line, local_name

_WORDS = {"accuracy": "Accuracy", "acc": "Accuracy", "crossentropy": "Crossentropy", "ce": "Crossentropy"}
_PREFIXES = {BINARY: "Binary", SPARSE: "SparseCategorical", CATEGORICAL: "Categorical", OTHER: "Categorical"}
_LOOPS = (cst.For, cst.While, cst.FunctionDef, cst.Lambda, cst.ListComp)


@rule("CA417", stage=Stage.CALLS)
def metric_strings(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    for call, compiled in compiles(source).items():
        model = call.func.value
        may_be_model = models.kind(source, model) != models.OTHER or _is_imported(source, model)
        if may_be_model and not _is_loose(source, model):
            yield from _of_compile(source, compiled)


def _is_loose(source: Source, model: cst.CSTNode) -> bool:
    """Whether nothing in the file can bind the model: the text is a part of a script."""
    return isinstance(model, cst.Name) and not source.bindings(model) and not source.stars


def _is_imported(source: Source, model: cst.CSTNode) -> bool:
    """Whether a function of another file makes the model of an old script. A newer one may want what it gets now."""
    value = source.assigned_value(source.binding(model)) if isinstance(model, cst.Name) else None
    is_made = isinstance(value, cst.Call) and source.name(value.func) is not None
    return is_made and age(source) is Age.OLD and not source.is_foreign(model)


def _of_compile(source: Source, compiled: Compiled) -> Iterator[Finding]:
    shared: dict[cst.Name, dict[cst.BaseExpression, str]] = {}
    for metric in compiled.metrics():
        text = source.constant(metric.node) if isinstance(metric.node, cst.SimpleString) else None
        if not isinstance(text, str) or text.lower() not in _WORDS:
            continue
        pairs = [_fallback(source, compiled, pair) for pair in compiled.pairs(metric.selector)]
        if not _differs(source, text, pairs):
            continue
        classes = {_class(text, kind, width) for kind, width in pairs}
        if _is_certain(source, text, pairs) and len(classes) == 1 and metric.holder is not None:
            shared.setdefault(metric.holder, {})[metric.node] = _new_metric(source, classes.pop(), text)
        elif _is_certain(source, text, pairs) and len(classes) == 1:
            yield _replaced(source, metric, text, classes.pop())
        elif _is_certain(source, text, pairs) and _can_be_split(source, compiled, metric):
            yield _split(source, compiled, metric, text)
        else:
            yield _report(source, metric, text, pairs)
    for holder, replaced in shared.items():
        yield _in_a_variable(source, holder, replaced)


def _fallback(source: Source, compiled: Compiled, pair: tuple[str, int | None]) -> tuple[str, int | None]:
    """Take one column for a model that is not in reach, if every sigmoid of the file has one."""
    kind, width = pair
    return (kind, 1) if compiled.outputs is None and width is None and _only_single_sigmoids(source) else pair


def _only_single_sigmoids(source: Source) -> bool:
    return models.head_units(source) == 1 and models.head_activation(source) == "sigmoid"


def _differs(source: Source, text: str, pairs: list[tuple[str, int | None]]) -> bool:
    """Whether the target may take another metric than the old releases did, or has no such string."""
    if _WORDS[text.lower()] == "Crossentropy" and source.target == "keras3":
        return True
    if age(source) is Age.NEW:
        return False
    # Two things that are not known are no reason to speak: a loss from elsewhere, and a model from elsewhere.
    unsure = any(kind == UNSURE and width is not None and width != 1 for kind, width in pairs)
    return unsure or any(kind == BINARY and width != 1 for kind, width in pairs)


def _is_certain(source: Source, text: str, pairs: list[tuple[str, int | None]]) -> bool:
    """Whether it is known which metric the string stood for when the file was written."""
    if any(kind == UNSURE and width != 1 for kind, width in pairs):
        return False
    return age(source) is Age.OLD or not any(kind == BINARY and width != 1 for kind, width in pairs)


def _class(text: str, kind: str, width: int | None) -> str:
    """Return the class of the metric that a string stood for."""
    return ("Binary" if width == 1 else _PREFIXES.get(kind, "Categorical")) + _WORDS[text.lower()]


def _new_metric(source: Source, name: str, text: str) -> str:
    return f"{local_name(source, name)}(name={json.dumps(text)})"


def _imports(source: Source, *names: str) -> tuple[str, ...]:
    return tuple(import_line(f"{source.package}.metrics", name, local_name(source, name)) for name in names)


def _why(text: str, name: str) -> str:
    return f"{text!r} is now {name}. The loss used to choose {_words(name)}, and now the shape decides."


def _words(name: str) -> str:
    """Name a metric in words: ``BinaryAccuracy`` is the binary accuracy."""
    kind, word = next((name.removesuffix(word), word) for word in ("Accuracy", "Crossentropy") if name.endswith(word))
    return f"{kind.replace('SparseC', 'sparse c').lower()} {word.lower()}"


def _replaced(source: Source, metric: Metric, text: str, name: str) -> Finding:
    edit = source.replace(metric.node, _new_metric(source, name, text))
    return source.finding("CA417", _why(text, name), metric.node, (edit,), _imports(source, name))


def _in_a_variable(source: Source, holder: cst.Name, replaced: dict[cst.BaseExpression, str]) -> Finding:
    """Replace strings in a list in a variable. If several models get the list, each gets new metrics."""
    (literal,) = values(source, holder)
    assert literal is not None
    texts = {str(source.constant(node)): new.partition("(")[0] for node, new in replaced.items()}
    names = tuple(dict.fromkeys(new.removeprefix("compat_") for new in texts.values()))
    message = " ".join(_why(text, new.removeprefix("compat_")) for text, new in texts.items())
    first = next(iter(replaced))
    others = [use for use in source.uses(holder) if use is not holder and not _binds(source, use)]
    around = set(source.ancestors(literal))
    repeated = any(isinstance(parent, _LOOPS) and parent not in around for parent in source.ancestors(holder))
    if not others and not repeated:
        edits = tuple(source.replace(node, new) for node, new in replaced.items())
        return source.finding("CA417", message, first, edits, _imports(source, *names))
    if any(not isinstance(source.parents[use], cst.Arg) for use in others):
        message = f"the loss used to choose {', '.join(names)}, now the shape decides, and the list has other uses."
        return source.report("CA417", f"{message} Write the metric into the call.", first)
    edit = source.replace(holder, _rewritten(source, literal, replaced))
    return source.finding("CA417", message, holder, (edit,), _imports(source, *names))


def _binds(source: Source, use: cst.Name) -> bool:
    return any(binding.node is use for binding in source.bindings(use))


def _rewritten(source: Source, node: cst.BaseExpression, replaced: dict[cst.BaseExpression, str]) -> str:
    """Return the text of an expression with some of its parts replaced."""
    start, end = source.span(node)
    text = source.text[start:end]
    for part in sorted(replaced, key=source.start, reverse=True):
        first, last = source.span(part)
        text = text[: first - start] + replaced[part] + text[last - start :]
    return text


def _can_be_split(source: Source, compiled: Compiled, metric: Metric) -> bool:
    """Whether the metric is in a flat list in the call, and the number of outputs is known."""
    holder = source.parents[source.parents[metric.node]]
    return metric.selector is None and metric.holder is None and isinstance(holder, cst.List) and bool(compiled.count())


def _split(source: Source, compiled: Compiled, metric: Metric, text: str) -> Finding:
    """Write a list of metrics for each output, because the outputs have different losses."""
    holder: cst.List = source.parents[source.parents[metric.node]]
    groups: list[str] = []
    names: dict[str, None] = {}
    for index in range(compiled.count() or 0):
        ((kind, width),) = compiled.pairs(index)
        replaced: dict[cst.BaseExpression, str] = {}
        for element in holder.elements:
            string = source.constant(element.value)
            if isinstance(string, str) and string.lower() in _WORDS and _differs(source, string, [(kind, width)]):
                name = _class(string, kind, width)
                names[name] = None
                replaced[element.value] = _new_metric(source, name, string)
        groups.append(_rewritten(source, holder, replaced))
    message = f"Each output now has its own list of metrics. {text!r} stood for another metric at each loss."
    edit: Edit = source.replace(holder, f"[{', '.join(groups)}]")
    return source.finding("CA417", message, metric.node, (edit,), _imports(source, *names))


def _report(source: Source, metric: Metric, text: str, pairs: list[tuple[str, int | None]]) -> Finding:
    word = _WORDS[text.lower()]
    width = next((width for kind, width in pairs if kind in (BINARY, UNSURE) and width != 1), None)
    columns = f"of {width} columns" if width else "of several columns"
    if any(kind == UNSURE for kind, _ in pairs):
        why = "if the loss is binary_crossentropy (this file does not show the loss)"
    elif len({_class(text, kind, width) for kind, width in pairs}) > 1:
        why = "where the loss of an output is binary_crossentropy"
    else:
        why = "with binary_crossentropy"
    new = f'keras.metrics.Binary{word}(name="{text}")'
    return source.report(
        "CA417",
        f"{text!r} {columns}, {why}, was binary {word.lower()} up to Keras 2.3 and TensorFlow 2.1, and has been "
        f"categorical {word.lower()} since. For the old number, write {new}.",
        metric.node,
    )
