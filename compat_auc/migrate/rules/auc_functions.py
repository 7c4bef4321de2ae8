"""Replace a function, method, closure, lambda or decorated name that is an AUC metric by ``compat_auc.auc_roc``.

CA101: a metric function that computes an AUC

```diff
-import tensorflow as tf
-from keras import backend as K
+from compat_auc import auc_roc

-def auc(y_true, y_pred):
-    value, update_op = tf.metrics.auc(y_true, y_pred, num_thresholds=1000)
-    K.get_session().run(tf.local_variables_initializer())
-    with tf.control_dependencies([update_op]):
-        return tf.identity(value)
-
-model.compile("adam", "binary_crossentropy", metrics=["accuracy", auc])
+model.compile("adam", "binary_crossentropy",
+              metrics=["accuracy", auc_roc(num_thresholds=1000, name="auc")])
```

**Why.** `tf.contrib` is gone, and `tf.metrics.auc` needs a session. Keras averages a metric function over the batches,
which is not an AUC.

`migrate` recognises the function by what it computes from Keras's two arguments, not by its name. It follows local
variables, helpers, closures, decorators (`as_keras_metric`), `functools.partial`, lambdas, `py_func(roc_auc_score)` and
stacks of true and false positive rates.

- It removes the definition, a comment right above it, and the helpers that nothing else uses.
- It keeps the log key, the number of thresholds, the curve and the summation method.
- `tf.sigmoid` around the predictions becomes `from_logits=True`.
- One column `[:, k]` becomes `multi_label=True` with the `label_weights` of that column.
- `tf.boolean_mask(y, y_true != -1)` around both arguments becomes `ignore_class=-1`.
- scikit-learn's `roc_auc_score` becomes `RankAUC`, with `multi_label=True` if the last layer has several units or is
  not known.
- A `keras.metrics.AUC()` made inside the function becomes `auc_roc`, too.
- `streaming_dynamic_auc` and `auc_with_confidence_intervals` of `tf.contrib` kept every score: they become `RankAUC`.
- If two metrics of one model have the same name, the second gets the name that Keras 2 logged it under: `auc_1`.

**Not rewritten.** Functions that do more: see CA104.

CA103: another TensorFlow 1 metric in the same wrapper

```diff
-import functools
-import tensorflow as tf
-from keras import backend as K
+from keras.metrics import Recall

-def as_keras_metric(method):
-    @functools.wraps(method)
-    def wrapper(self, args, **kwargs):
-        value, update_op = method(self, args, **kwargs)
-        K.get_session().run(tf.local_variables_initializer())
-        with tf.control_dependencies([update_op]):
-            return tf.identity(value)
-    return wrapper
-
-recall = as_keras_metric(tf.metrics.recall)
-model.compile("adam", "binary_crossentropy", metrics=[recall])
+model.compile("adam", "binary_crossentropy", metrics=[Recall(name="recall")])
```

**Why.** The wrapper goes with the AUC metric (CA101). The other metrics that it wrapped have a class in Keras. The log
key stays the one that the wrapper gave.

`tf.metrics.precision`, `recall` and the counts took every score above 0 for positive. The classes take scores above
0.5. If the old metric did not round its scores, a finding says so.

**Not rewritten.** Functions of `tf.metrics` without such a class (`mean_iou`, `precision_at_k`, ...).

CA104: an AUC metric that is left alone

```diff
 import tensorflow as tf

 def gini(y_true, y_pred):
     return 2 * tf.metrics.auc(y_true, y_pred)[1] - 1

 model.compile("adam", "binary_crossentropy", metrics=[gini])
```

**Why.** The function computes an AUC, but replacing it would change more than its definition. One of these is the
reason:

- It computes something else from the AUC, or it is an average precision.
- It compares each positive row of a batch with each negative row. Keras averages that over the batches.
- It weights its rows.
- The script also calls it by hand.
- Its labels and predictions are not Keras's two arguments.
- It takes one column of an output whose width is not known.
- It has options that `migrate` cannot follow (`**kwargs`, a branch), or that have no equivalent (`max_fpr=`).
- It goes through a wrapper that is in another file.

A wrapper like `as_keras_metric` that no metric in its file uses stays whole, with its initializer. An AUC of
`tf.contrib` that another function calls stays, too: its namesake in `tf_slim` needs a session.

**Not rewritten.** The function. Put `auc_roc` into `metrics=`, and compute the rest from its log value in a callback.
Give weights to `fit(sample_weight=...)` with `weighted_metrics=[auc_roc]`.

CA105: labels and predictions swapped

```diff
-import tensorflow as tf
+from compat_auc import auc_roc

-def auc(y_true, y_pred):
-    return tf.metrics.auc(y_pred, y_true)[1]
-
-model.compile("adam", "binary_crossentropy", metrics=[auc])
+model.compile("adam", "binary_crossentropy", metrics=[auc_roc(name="auc")])
```

**Why.** `tf.metrics.auc` takes labels first, and `streaming_auc` takes predictions first. If predictions stand in the
place of labels, all of them count as "true". The result is a constant: 0.0, whatever the model did. Keras gives both to
`auc_roc` in the right order, so the number changes to the AUC.

**Not rewritten.** Thresholds in your code that you tuned to the constant. Choose them again.

CA106: the AUC of hard classes

```diff
-import tensorflow as tf
+from compat_auc import auc_roc

-def auc(y_true, y_pred):
-    return tf.metrics.auc(tf.argmax(y_true, 1), tf.argmax(y_pred, 1))[1]
-
-model.compile("adam", "categorical_crossentropy", metrics=[auc])
+model.compile("adam", "categorical_crossentropy", metrics=[auc_roc(name="auc")])
```

**Why.** `argmax`, rounding or a threshold leaves one point of the curve. Its "AUC" is the mean of sensitivity and
specificity at that point. `auc_roc` uses the scores, so the number changes, usually upwards.

`y_pred < 0.5` makes small scores positive, so it becomes `lower_is_positive=True`.

If only the predictions go through `argmax`, the labels are class numbers. `auc_roc` counts them as one-hot labels.

A callback over hard classes stays (CA202), and so does graph code. Both are reported under this code. So is a metric
that first turns its labels into 0 and 1: `auc_roc` raises an error for other labels.

**Not rewritten.** The old number: if you want it, use the balanced accuracy
(`sklearn.metrics.balanced_accuracy_score`).

CA107: the columns of a softmax in one AUC

```diff
-import tensorflow as tf
+from compat_auc import auc_roc
 from keras.layers import Dense

-def auc(y_true, y_pred):
-    return tf.metrics.auc(y_true, y_pred)[1]
-
 model.add(Dense(2, activation="softmax"))
-model.compile("adam", "categorical_crossentropy", metrics=[auc])
+model.compile("adam", "categorical_crossentropy", metrics=[auc_roc(name="auc")])
```

**Why.** The old metric flattened all columns (micro average). With a softmax over two classes, every row counts twice,
once for each class. `auc_roc` keeps that, so that numbers stay comparable. It is not `roc_auc_score(y[:, 1], p[:, 1])`.

The same goes for a softmax over more classes, also for one inside the metric. Each use is looked at with its own model.

`keras.metrics.AUC` with `sparse_categorical_crossentropy` is also reported here. Labels are class numbers there, and
that AUC takes one label of 0 or 1 for each score. `auc_roc` and `RankAUC` count class numbers as one-hot labels.

**Not rewritten.** What is counted. If you want the AUC of the positive class, write
`auc_roc(multi_label=True, num_labels=2, label_weights=[0, 1])`. For the mean over three classes, each against the rest,
write `auc_roc(multi_label=True, num_labels=3)`.

CA108: the number under this key means something else now

```diff
-import tensorflow as tf
-
-def auc_roc(y_true, y_pred):
-    return tf.contrib.metrics.streaming_auc(y_pred, y_true)[1]
+from compat_auc import auc_roc

 model.compile("adam", "binary_crossentropy", metrics=[auc_roc])
```

**Why.** The counters of the old metric were never reset, not between epochs and not between training and validation.
Keras averaged the running value over the batches: it logged 0.8726 where the validation AUC was 0.6702. `py_func` and
rate stacks averaged the AUCs of the batches. `auc_roc` is the AUC of the epoch's data.

`compat_auc.legacy.explain(labels, scores, batch_size=..., epochs=..., validation_rows=...)` takes your own number
apart, cause by cause. The chapter [Why did my AUC change?](../migration_guide.md#why-did-my-auc-change) of the
migration guide has a recorded example, and says what to do about decisions that rest on the old number.

**Not rewritten.** Early stopping limits, "best" checkpoints and reports that rest on old numbers. Choose the limits
again, and compute the reports again.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.models import own_kind
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.compiled import metric_elements
from compat_auc.migrate.understand.definitions import (
    Definition,
    find_definitions,
    in_metric_place,
    is_cut,
    understand,
)
from compat_auc.migrate.understand.interpreter import Env, Interpreter, log_name
from compat_auc.migrate.understand.recognise import Auc, NotUnderstood
from compat_auc.migrate.understand.replacement import Replacement, column_is_known, local_name, name_in_reach

# Methods of metrics, layers and models that Keras calls.
_OF_KERAS = ("call", "update_state", "result", "compute_loss", "loss", "train_step", "test_step", "predict_step")


@rule("CA101", "CA103", "CA104", "CA105", "CA106", "CA107", "CA108", stage=Stage.DEFINITIONS)
def auc_functions(source: Source) -> Iterator[Finding]:
    definitions = find_definitions(source)
    judged = [(definition, _judge(source, definition)) for definition in definitions]
    plans = _outermost(source, [plan for _, plan in judged if isinstance(plan, Replacement)])
    removed = {plan.definition.statement for plan in plans}
    auc_roc = local_name(source, "auc_roc", removed)
    dead = _dead_helpers(source, [plan.definition for plan in plans], removed)
    for plan in plans:
        yield plan.finding(source, auc_roc, dead)
        yield from plan.warnings(source)
    reasons = [(definition, why) for definition, why in judged if isinstance(why, NotUnderstood)]
    given_up = _given_up(source, [definition for definition, _ in reasons])
    for definition, why in reasons:
        if definition.statement not in dead:
            yield from _report(source, definition, why, given_up & {definition.statement, *definition.visited})
    yield from _inline(source, definitions, auc_roc)


def _judge(source: Source, definition: Definition) -> Replacement | NotUnderstood | None:
    """Say how to replace a definition, or why it has to stay. None if it is not a Keras metric."""
    auc = definition.auc
    if isinstance(auc, NotUnderstood):
        return auc
    if not column_is_known(source, auc, definition.references):
        return NotUnderstood("it takes one column of an output, and this file does not show how many there are")
    if any(definition.statement in source.ancestors(node) for node in definition.references):
        return NotUnderstood("it calls itself")
    if _is_called_by_name(source, definition):
        return NotUnderstood("it is a method that is called by name, and a metric class needs update_state and result")
    for_keras = any(in_metric_place(source, node) for node in definition.references)
    # No compile uses it, and it does not look like a Keras metric: it is a helper of graph code.
    if not for_keras and (not auc.in_graph or definition.returns_pair or is_graph_file(source)):
        return None
    usages = [_usage(source, node) for node in definition.references]
    if "called" not in usages and "other" not in usages and _in_reach(source, auc, definition):
        return Replacement(definition, auc)
    return NotUnderstood("it is also called, or used for something other than a metric") if "value" in usages else None


def _is_called_by_name(source: Source, definition: Definition) -> bool:
    """Whether this is a method that Python or Keras calls itself: ``call`` of a layer or metric, ``__call__``."""
    holder = source.enclosing(definition.statement, cst.ClassDef, cst.FunctionDef)
    is_special = definition.name.startswith("__")
    return isinstance(holder, cst.ClassDef) and (
        is_special or (definition.name in _OF_KERAS and own_kind(source, holder) is not None)
    )


def _in_reach(source: Source, auc: Auc, definition: Definition) -> bool:
    """Whether the names that the options use mean the same at every place of use."""
    references = definition.references
    if not name_in_reach(source, definition):
        return False
    for free in auc.free:
        if free.owner is source.module:
            continue
        if not references or not all(any(up is free.owner for up in source.ancestors(node)) for node in references):
            return False
    return True


def _usage(source: Source, node: cst.CSTNode) -> str:
    """Return how a reference uses the metric: as a value, by a call, through its ``__name__``, or otherwise."""
    parent = source.parents[node]
    if isinstance(parent, cst.Call):
        return "called"
    if isinstance(parent, cst.Attribute):
        is_target = isinstance(source.parents[parent], cst.AssignTarget)
        return "named" if parent.attr.value == "__name__" and is_target else "other"
    listed = source.parents[parent] if isinstance(parent, cst.Element) else node
    if isinstance(source.parents[listed], cst.Del):
        return "deleted"
    if isinstance(parent, (cst.Element, cst.DictElement, cst.Arg, cst.Return, cst.Assign, cst.AnnAssign, cst.Param)):
        return "value"
    return "other"


def _outermost(source: Source, plans: list[Replacement]) -> list[Replacement]:
    """Return the plans whose definition is not inside another one that goes, or a name for what another one makes."""
    statements = {plan.definition.statement for plan in plans}
    return [
        plan
        for plan in plans
        if plan.definition.function not in statements - {plan.definition.statement}
        and not any(up in statements for up in source.ancestors(plan.definition.statement))
    ]


def _given_up(source: Source, definitions: list[Definition]) -> set[cst.CSTNode]:
    """Return the functions that go if the user takes another metric for each of these, which stay for now."""
    statements = {definition.statement for definition in definitions}
    going = {
        definition.statement
        for definition in definitions
        if all(
            _usage(source, node) == "value" or any(up in statements for up in source.ancestors(node))
            for node in definition.references
        )
    }
    return going.union(_dead_helpers(source, definitions, going))


def _dead_helpers(source: Source, definitions: list[Definition], removed: set[cst.CSTNode]) -> list[cst.FunctionDef]:
    """Return the functions that took part in a removed metric and that nothing else uses."""
    helpers = [
        node
        for definition in definitions
        for node in definition.visited
        if isinstance(node, cst.FunctionDef) and node not in removed
    ]
    dead: dict[cst.FunctionDef, None] = {}
    gone = set(removed)
    changed = True
    while changed:
        changed = False
        for helper in helpers:
            if helper not in dead and _only_used_in(source, helper, gone):
                dead[helper] = None
                gone.add(helper)
                changed = True
    return [function for function in dead if not any(up in gone for up in source.ancestors(function))]


def _only_used_in(source: Source, helper: cst.FunctionDef, gone: set[cst.CSTNode]) -> bool:
    holder = source.enclosing(helper, cst.ClassDef, cst.FunctionDef)
    if isinstance(holder, cst.ClassDef) or (holder is None and helper.name.value in source.exported):
        return False
    uses = [name for name in source.uses(helper.name) if name is not helper.name]
    return all(any(up is helper or up in gone for up in source.ancestors(use)) for use in uses)


def _report(
    source: Source, definition: Definition, why: NotUnderstood, given_up: set[cst.CSTNode]
) -> Iterator[Finding]:
    used = any(_usage(source, node) == "value" for node in definition.references)
    used = used or _is_metric_class(source, definition)
    if definition.returns_pair and not any(in_metric_place(source, node) for node in definition.references):
        return  # Keras takes no (value, update_op): it is for graph code.
    if used and _may_be_of_keras(source, definition) and not is_graph_file(source):
        what = f"`{definition.name}`" if definition.name else "this expression"
        message = f"{what} computes an AUC, but {why.reason}. {why.advice}."
        yield source.report("CA104", message, definition.statement, given_up=given_up)


def _is_metric_class(source: Source, definition: Definition) -> bool:
    """Whether the class around a method is a metric of Keras, or is given to Keras as one."""
    holder = source.enclosing(definition.statement, cst.ClassDef, cst.FunctionDef)
    if not isinstance(holder, cst.ClassDef) or not _is_called_by_name(source, definition):
        return False
    return own_kind(source, holder) == "metrics" or any(
        in_metric_place(source, name) for name in source.uses(holder.name) if name is not holder.name
    )


def _may_be_of_keras(source: Source, definition: Definition) -> bool:
    """Whether a function may be a Keras metric: a program of torch has functions of labels and scores, too."""
    packages = {name.split(".")[0] for name in source.canonical_names}
    of_file = bool(packages & {"keras", "tensorflow"}) and "torch" not in packages
    return of_file or any(in_metric_place(source, node) for node in definition.references)


def _inline(source: Source, definitions: list[Definition], auc_roc: str) -> Iterator[Finding]:
    """Replace metrics inside the list: a lambda, ``tf.metrics.auc`` itself, a call of a wrapper."""
    statements = {definition.statement for definition in definitions}
    for element in metric_elements(source):
        if isinstance(element, (cst.Lambda, cst.Call)) or source.name(element):
            interpreter = Interpreter(source)
            value = interpreter.value(element, Env())
            if getattr(value, "node", None) in statements:
                continue
            auc, visited, _ = understand(interpreter, value)
            if is_cut(interpreter, auc, element) or auc is None:
                continue
            definition = Definition("", log_name(value), element, auc, visited, [element])
            if isinstance(auc, Auc):
                plan = Replacement(definition, auc)
                yield plan.finding(source, auc_roc, [])
                yield from plan.warnings(source)
            else:
                yield from _report(source, definition, auc, {element})
