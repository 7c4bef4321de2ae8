"""Move what callbacks of 2017 took from Keras: ``self.params``, ``self.validation_data``, ``super(Callback, self)``.

CA204: what callbacks reached into

```diff
 from keras.callbacks import Callback

 class RocAucEvaluation(Callback):
     def __init__(self):
-        super(Callback, self).__init__()
+        super(RocAucEvaluation, self).__init__()

     def on_train_begin(self, logs={}):
-        if "roc_auc_val" not in self.params["metrics"]:
-            self.params["metrics"].append("roc_auc_val")
+        if "roc_auc_val" not in self.params.setdefault("metrics", []):
+            self.params.setdefault("metrics", []).append("roc_auc_val")
```

**Why.** `super(Callback, self)` skips the constructor of `Callback` itself. `params` no longer has a list of metrics.

**Not rewritten.** Other keys of `self.params`.

CA205: `self.validation_data` in a callback

```diff
 from keras.callbacks import Callback
 from sklearn.metrics import roc_auc_score

 class AucCallback(Callback):
     def on_epoch_end(self, epoch, logs={}):
         x_val, y_val = self.validation_data[:2]
         print("val AUC:", roc_auc_score(y_val, self.model.predict(x_val)))

 roc = AucCallback()
+roc.validation_data = (x_val, y_val)
 model.fit(x, y, validation_data=(x_val, y_val), callbacks=[roc])
```

**Why.** Keras 2.3 and tf.keras 2.0 stopped giving the validation data to callbacks. `self.model.validation_data` is
gone too, and is reported.

**Not rewritten.** `validation_split`, generators, and callbacks whose `fit` is in another file. Pass the data to the
callback there, or use `RocCallback(validation_data=(x_val, y_val))`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Source, argument, fact


@rule("CA204", "CA205", stage=Stage.CALLS)
def callback_internals(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.ClassDef):
        if models.is_callback(source, node):
            yield from _super_calls(source, node)
            yield from _attributes(source, node)
            yield from _validation_data(source, node)
            yield from _of_model(source, node)


def _of_model(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    """Report ``self.model.validation_data``, which Keras set for its TensorBoard callback."""
    for node in source.of_class(holder, cst.Attribute):
        if source.code(node) == "self.model.validation_data":
            message = "Keras no longer sets validation_data of a model. Pass the data to the callback."
            yield source.report("CA205", message, node)


def _attributes(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    for node in source.of_class(holder, cst.Attribute):
        if source.code(node.value) != "self":
            continue
        parent = source.parents[node]
        if node.attr.value == "params" and isinstance(parent, cst.Subscript) and source.key(parent) == "metrics":
            edit = source.replace(parent, f"self.params.setdefault({source.code(parent.slice[0])}, [])")
            message = "self.params['metrics'] is now an empty list. Keras no longer sets this key."
            yield source.finding("CA204", message, node, (edit,))


def _uses_validation_data(source: Source, holder: cst.ClassDef) -> cst.Attribute | None:
    """Return a use of ``self.validation_data`` in a class that never sets it, else None."""
    for node in source.of_class(holder, cst.Attribute):
        if node.attr.value == "validation_data" and source.code(node.value) == "self":
            return None if _assigns(source, holder) else node
    return None


def _validation_data(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    """Add a statement before ``fit`` that gives the callback the validation data of ``fit``, as Keras did."""
    use = _uses_validation_data(source, holder)
    if use is None:
        return
    handed_over: set[cst.CSTNode] = set()
    for call, instance, creation, data in _fits(source).get(holder, []):
        statement = source.statement(call)
        start = source.start_of_statement(statement)
        first = source.starts[source.line_of(start) - 1]
        indent = source.text[first:start]
        name = source.code(instance)
        edits: list[Edit] = []
        lines: list[str] = []
        if isinstance(instance, cst.Call):
            name = f"{holder.name.value.lower()}_callback"
            lines.append(f"{name} = {source.code(instance)}")
            edits.append(source.replace(instance, name))
        if indent.strip():
            continue
        handed_over.add(creation)
        if f"{name}.validation_data" in source.attribute_values:
            continue
        lines.append(f"{name}.validation_data = {data}")
        edits.append(Edit(first, first, "".join(f"{indent}{line}{source.newline()}" for line in lines)))
        message = "self.validation_data is now set before fit(). Keras no longer sets the attribute."
        yield source.finding("CA205", message, call, tuple(edits))
    instances = [
        call
        for call in source.spelled(holder.name.value)
        if isinstance(call.func, cst.Name) and any(binding.node is holder for binding in source.bindings(call.func))
    ]
    left = [instance for instance in instances if instance not in handed_over and not _is_given_data(source, instance)]
    is_given = any(text.endswith(".validation_data") for text in source.attribute_values)
    if left or not (instances or is_given):
        message = (
            "Keras no longer sets self.validation_data of a callback. Pass the data to the callback, "
            "or use compat_auc.RocCallback(validation_data=(x, y))."
        )
        yield source.report("CA205", message, use)


def _is_given_data(source: Source, instance: cst.Call) -> bool:
    """Whether an instance is kept under a name whose ``validation_data`` the script sets."""
    assign = source.parents[instance]
    targets = assign.targets if isinstance(assign, cst.Assign) else ()
    return any(f"{source.code(target.target)}.validation_data" in source.attribute_values for target in targets)


@fact
def _fits(source: Source) -> dict[cst.CSTNode, list[tuple[cst.Call, cst.BaseExpression, cst.Call, str]]]:
    """Return for each class the calls that get an instance of it, with the instance, what makes it, and the data.

    The data must be plain: the new statement evaluates it a second time.
    """
    fits: dict[cst.CSTNode, list[tuple[cst.Call, cst.BaseExpression, cst.Call, str]]] = {}
    for call in source.all(cst.Call):
        data, callbacks = argument(call, "validation_data"), argument(call, "callbacks")
        if data is None or callbacks is None or not _is_plain(data.value):
            continue
        listed = source.resolved(callbacks.value)
        for element in listed.elements if isinstance(listed, (cst.List, cst.Tuple)) else ():
            if listed is not callbacks.value and not isinstance(element.value, cst.Name):
                continue  # it is made inside a list elsewhere, so no name leads to it
            maker = source.resolved(element.value)
            if not isinstance(maker, cst.Call) or not isinstance(maker.func, cst.Name):
                continue
            for binding in source.bindings(maker.func):
                fits.setdefault(binding.node, []).append((call, element.value, maker, source.code(data.value)))
    return fits


def _is_plain(node: cst.BaseExpression) -> bool:
    """Whether an expression can be evaluated a second time: names, attributes, subscripts, and tuples of these."""
    if isinstance(node, (cst.Tuple, cst.List)):
        return all(_is_plain(element.value) for element in node.elements)
    if isinstance(node, cst.Subscript):
        return _is_plain(node.value)
    return isinstance(node, (cst.Name, cst.Attribute))


def _assigns(source: Source, holder: cst.ClassDef) -> bool:
    """Whether the class sets ``self.validation_data`` itself."""
    targets = source.of_class(holder, cst.AssignTarget)
    return any(source.code(target.target) == "self.validation_data" for target in targets)


def _super_calls(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    """Correct ``super(Callback, self).__init__()``, which skips the constructor of Callback itself."""
    for call in source.of_class(holder, cst.Call):
        if source.code(call.func) != "super" or not call.args:
            continue
        if (source.name(call.args[0].value) or "").startswith("keras.callbacks."):
            edit = source.replace(call.args[0].value, holder.name.value)
            old = source.code(call.args[0].value)
            new = f"super({holder.name.value}, self)"
            message = f"super({old}, self) is now {new}. The old call skipped the constructor of {old}."
            yield source.finding("CA204", message, call, (edit,))
