"""Report strings that name a loss, metric, activation and so on that the target does not have, or has changed.

CA441: a string that names what the target does not have

```diff
 from keras.layers import Dense
 from keras.models import Sequential

-model = Sequential([Dense(8, kernel_constraint="maxnorm"), Dense(1)])
-model.compile("adam", loss="logcosh")
+model = Sequential([Dense(8, kernel_constraint="max_norm"), Dense(1)])
+model.compile("adam", loss="log_cosh")
```

**Why.** Keras looks up what a string names when it makes a layer or compiles a model. Keras 3 has several objects under
new names, and lacks those that Keras 1 had, such as `fmeasure`. The lists were read from the installed Kerases.

**Not rewritten.** Metrics, because the string is also the log key, and names that have no successor. A file that
registers objects under names of its choice has no findings.

CA442: `hard_sigmoid`

```diff
 from keras.layers import LSTM
 from keras.models import Sequential

-model = Sequential([LSTM(8, init="uniform", recurrent_activation="hard_sigmoid")])  # CA442
+model = Sequential([LSTM(8, kernel_initializer="random_uniform", recurrent_activation="hard_sigmoid")])  # CA442
```

**Why.** `hard_sigmoid` was `0.2 * x + 0.5`, cut to 0 and 1, up to Keras 2, and is `relu6(x + 3) / 6` in Keras 3. So a
model with old weights gives other scores, and no error says so. The same holds for a saved model that Keras 3 loads.

**Not rewritten.** The string. The finding has the old formula.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source, argument, keyword
from compat_auc.migrate.tables.strings import AUC_STRINGS, COSINE, HARD_SIGMOID, RENAMED
from compat_auc.migrate.target_api.api import api
from compat_auc.migrate.understand.compiled import compiles_of_keras

_PARAMETER = re.compile(r"(?:^|_)(activation|constraint|initializer|regularizer)$")
_WORDS = {"losses": "loss"}
# `compile` chooses the first by the loss. Other rules are about the rest.
_METRICS = AUC_STRINGS | COSINE | {"accuracy", "acc", "crossentropy", "ce"}
_REGISTERING = ("get_custom_objects", "custom_object_scope", "CustomObjectScope", "register_keras_serializable")


@rule("CA441", "CA442", stage=Stage.LEFTOVERS)
def names_in_strings(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    registers = any(name.rpartition(".")[2] in _REGISTERING for name in source.canonical_names)
    for module, node in _looked_up(source):
        text = source.constant(node)
        if not isinstance(text, str):
            continue
        if text == "hard_sigmoid" and source.target == "keras3" and age(source) is not Age.NEW:
            message = (
                "hard_sigmoid was 0.2 * x + 0.5 between 0 and 1 in Keras 2, and is relu6(x + 3) / 6 in Keras 3. "
                f"For old weights write {HARD_SIGMOID}."
            )
            yield source.report("CA442", message, node)
        elif not registers and not _is_found(source, module, text):
            yield _missing(source, module, node, text)


def _looked_up(source: Source) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield what Keras may look up by a string, with the module that does."""
    for call in source.all(cst.Call):
        name = source.name(call.func) or ""
        if not name.startswith("keras.layers."):
            continue
        first = argument(call, "activation", 0) if name == "keras.layers.Activation" else None
        if first is not None and not keyword(first):
            yield "activations", first.value
        for arg in call.args:
            parameter = _PARAMETER.search(keyword(arg))
            if parameter is not None:
                yield f"{parameter[1]}s", arg.value
    for compiled in compiles_of_keras(source):
        if "optimizer" in compiled.arguments:
            yield "optimizers", compiled.arguments["optimizer"]
        yield from (("losses", loss) for loss in dict.fromkeys(loss for loss, _ in compiled.losses()))
        yield from (("metrics", metric.node) for metric in compiled.metrics())


def _is_found(source: Source, module: str, text: str) -> bool:
    if text.lower() in {"losses": COSINE, "metrics": _METRICS}.get(module, ()):
        return True
    return api().takes_string(source.package, module, text.lower() if module == "optimizers" else text)


def _missing(source: Source, module: str, node: cst.BaseExpression, text: str) -> Finding:
    new = RENAMED.get(module, {}).get(text) if source.target == "keras3" else None
    word = _WORDS.get(module, module[:-1])
    if new is not None and isinstance(node, cst.SimpleString):
        return source.finding(
            "CA441", f"The {word} {text!r} is now {new!r}.", node, (source.replace_string(node, new),)
        )
    message = f"{source.release} has no {word} {text!r}. Use one of keras.{module}, or a function."
    return source.report("CA441", message, node)
