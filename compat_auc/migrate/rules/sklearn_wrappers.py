"""Replace a ``KerasClassifier`` around one model by the model itself, if nothing of scikit-learn uses the wrapper.

CA411: `KerasClassifier`

```diff
 from keras.layers import Dense
 from keras.models import Sequential
-from keras.wrappers.scikit_learn import KerasClassifier

 def baseline_model():
     model = Sequential([Dense(1, activation="sigmoid", input_dim=8)])
     model.compile("adam", "binary_crossentropy")
     return model

-clf = KerasClassifier(build_fn=baseline_model, epochs=8, batch_size=128)
-history = clf.fit(x, y, callbacks=callbacks)
-scores = clf.predict_proba(x)[:, 1]
+clf = baseline_model()
+history = clf.fit(x, y, callbacks=callbacks, epochs=8, batch_size=128)
+scores = clf.predict(x)[:, 0]
```

**Why.** `keras.wrappers.scikit_learn` is gone. If the model has one output, and the script only fits the wrapper once
and asks it for predictions, the model itself replaces the wrapper.

**Not rewritten.** Wrappers that scikit-learn gets (`cross_val_score`, `GridSearchCV`, pipelines). Use the
`KerasClassifier` of `scikeras.wrappers`. It has `model=` for `build_fn=`, and its `fit` returns the estimator, not the
History. Newer releases of Keras 3 have `keras.wrappers.SKLearnClassifier`, for models with one unit for each class.

With scikit-learn 1.9 neither works with `scoring="roc_auc"` (`y should be a 1d array`). Pass a function that asks the
model, `cross_val_score(clf, x, y, scoring=auc)`. For scikeras `auc(clf, x, y)` returns
`roc_auc_score(y, clf.predict_proba(x)[:, 1])`, and for Keras's own wrapper
`roc_auc_score(y, clf.model_.predict(x)[:, 1])`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.source import Assignment, Source, aliases, argument, dotted, keywords

_WRAPPERS = ("keras.wrappers.scikit_learn.KerasClassifier", "keras.wrappers.scikit_learn.KerasRegressor")
_ADVICE = "with model= for build_fn=. Its fit() returns the estimator, not the History."


@rule("CA411", stage=Stage.DEFINITIONS)
def sklearn_wrappers(source: Source) -> Iterator[Finding]:
    for call in source.calls(*_WRAPPERS):
        kind = (source.name(call.func) or "").rsplit(".", 1)[-1]
        edits = _unwrap(source, call, kind)
        if edits is None:
            yield source.report("CA411", f"Keras has no {kind}. Use scikeras.wrappers.{kind}, {_ADVICE}", call)
        else:
            message = f"The model is now built and fitted directly. Keras has no {kind}."
            yield source.finding("CA411", message, call, edits)
    yield from _imports(source)


def _imports(source: Source) -> Iterator[Finding]:
    for node in source.from_imports():
        module = dotted(node.module)
        if not module.endswith("wrappers.scikit_learn") or not aliases(node):
            continue
        if not any(source.used(alias) for alias in aliases(node)):
            edit = source.remove_statement(node)
            yield source.finding("CA411", f"The unused import of {module} is removed.", node, (edit,))


def _unwrap(source: Source, call: cst.Call, kind: str) -> tuple[Edit, ...] | None:
    """Return the edits that replace the wrapper by its model, or None if the script needs the wrapper."""
    function, build = _build_function(source, call)
    assign = source.parents[call]
    if function is None or build is None or models.head_units(source) != 1 or not isinstance(assign, cst.Assign):
        return None
    target = assign.targets[0].target
    if len(assign.targets) != 1 or not isinstance(target, cst.Name):
        return None
    names = {param.name.value for param in function.params.params}
    arguments = {key: source.code(value) for key, value in keywords(call).items()}
    for_build = [f"{key}={value}" for key, value in arguments.items() if key in names]
    for_fit = {key: value for key, value in arguments.items() if key not in names and key not in ("build_fn", "model")}
    edits = [source.replace(call, f"{source.code(build)}({', '.join(for_build)})")]
    fits = 0
    for use in source.uses(target):
        if use is target:
            continue
        replacement = _use(source, use, for_fit, kind)
        if replacement is None:
            return None
        edits.extend(replacement)
        fits += source.parents[use].attr.value == "fit"
        if source.parents[use].attr.value == "fit" and not _same_block(source, assign, use):
            return None
    return tuple(edits) if fits == 1 else None


def _build_function(source: Source, call: cst.Call) -> tuple[cst.FunctionDef | None, cst.Name | None]:
    arg = argument(call, "build_fn", 0) or argument(call, "model")
    name = arg.value if arg is not None and isinstance(arg.value, cst.Name) else None
    bound = source.binding(name) if name is not None else None
    function = bound.node if isinstance(bound, Assignment) else None
    return (function, name) if isinstance(function, cst.FunctionDef) else (None, None)


def _same_block(source: Source, assign: cst.Assign, use: cst.CSTNode) -> bool:
    """Whether wrapper and fit are in one block. The wrapper builds a new model at every fit, so only then it is one."""
    return source.parents[source.parents[assign]] is source.parents[_line(source, use)]


def _line(source: Source, node: cst.CSTNode) -> cst.CSTNode:
    return next(
        up for up in source.ancestors(node) if isinstance(up, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
    )


def _use(source: Source, use: cst.Name, for_fit: dict[str, str], kind: str) -> list[Edit] | None:
    """Return the edits for one use of the wrapper, or None for a use that only the wrapper offers."""
    attribute = source.parents[use]
    call = source.parents[attribute]
    if not isinstance(attribute, cst.Attribute) or not (isinstance(call, cst.Call) and call.func is attribute):
        return None
    method = attribute.attr.value
    start, end = source.span(call)
    if method == "fit":
        extra = [f"{key}={value}" for key, value in for_fit.items() if key not in keywords(call)]
        return [source.add_argument(call, ", ".join(extra))] if extra else []
    if method == "predict" and kind == "KerasRegressor":
        return [Edit(end, end, "[:, 0]")]
    if method == "predict":
        return [Edit(start, start, "("), Edit(end, end, ' > 0.5).astype("int32")')]
    column = source.parents[call]
    if method == "predict_proba" and isinstance(column, cst.Subscript):
        text = source.text[end : source.span(column)[1]].replace(" ", "")
        if text == "[:,1]":
            return [source.replace(attribute.attr, "predict"), source.edit(end, source.span(column)[1], "[:, 0]")]
    return None
