"""Report layers that changed: Keras 3 names unnamed layers differently, and recurrent layers have new defaults.

CA418: layers whose names or defaults changed

```diff
 from keras.layers import Dense, LSTM
 from keras.models import Sequential

 model = Sequential()
 model.add(LSTM(4, input_shape=(3, 2)))
-model.add(Dense(8))
+model.add(Dense(8, name="dense_1"))
 model.add(Dense(1, name="dense"))
 model.load_weights("weights.h5")
```

**Why.** Keras 3 calls the first unnamed `Dense` `dense`, where Keras 2 said `dense_1`. A layer that you call `dense`
then has a name that is taken. So each unnamed `Dense` gets the name that the `keras` package of Keras 2 gave it. The
same happens where an old file has the text `"dense_1"`, as in `get_layer("dense_1")`: Keras 3 has another layer there.
An LSTM or GRU of the `keras` package up to 2.2, and of TensorFlow 1, had
`recurrent_activation="hard_sigmoid"` by default, and a GRU `reset_after=False`. Old weights give other scores with the
defaults of today, and training gives another network.

**Not rewritten.** Names, where an unnamed layer stands in a loop or a function, or where Keras counts again after
`clear_session()`. Recurrent layers: what is right depends on the release that the script was run with. Both are
reported. Where no weights are loaded, one finding stands for all LSTMs, and one for all GRUs.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.source import Source, argument, has_star
from compat_auc.migrate.tables.strings import HARD_SIGMOID

_LAYERS = "keras.layers."
_NUMBERED = re.compile(r"_\d+$")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# What stands in these may run several times, or not at all.
_REPEATED = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.For, cst.While, cst.If, cst.IfExp, cst.Try, cst.BaseComp)
_RECURRENT = ("LSTM", "LSTMCell", "GRU", "GRUCell")
_LOADERS = ("load_weights", "load_model", "set_weights")


@rule("CA418", stage=Stage.CALLS)
def layers(source: Source) -> Iterator[Finding]:
    calls = [call for call in source.all(cst.Call) if (source.name(call.func) or "").startswith(_LAYERS)]
    if source.target == "keras3":
        yield from _names(source, calls)
    yield from _recurrent(source, calls)


def _names(source: Source, calls: list[cst.Call]) -> Iterator[Finding]:
    """Report names that Keras 3 gives itself. It calls the first unnamed ``Dense`` ``dense``; Keras 2: ``dense_1``."""
    unnamed: dict[str, list[cst.Call]] = {}
    for call in calls:
        if argument(call, "name") is None:
            kind = (source.name(call.func) or "")[len(_LAYERS) :]
            unnamed.setdefault(_WORDS.sub("_", kind).lower(), []).append(call)
    named = {source.constant(name.value): call for call in calls for name in [argument(call, "name")] if name}
    meant = dict(_meant(source, unnamed, {value for value in named if isinstance(value, str)}))
    for value, call in {**meant, **named}.items():
        if not isinstance(value, str) or value not in unnamed:
            continue
        others = sorted(unnamed[value], key=source.start)
        names = [f"{value}_{number}" for number in range(1, len(others) + 1)]
        if all(_runs_once(source, other) for other in others) and not named.keys() & set(names):
            for other, name in zip(others, names):
                rest = f"Keras 3 would take {value!r}" + (", which is in use." if value in named else ".")
                message = f"This layer is now called {name!r}, as in Keras 2. {rest}"
                yield source.finding("CA418", message, other, (source.add_argument(other, f'name="{name}"'),))
        else:
            kind = (source.name(others[0].func) or "")[len(_LAYERS) :]
            message = f"Keras 3 also calls the first unnamed {kind} {value!r}. Give this layer another name."
            if value not in named:
                message = (
                    f"Keras 2 called the first unnamed {kind} '{value}_1', and Keras 3 {value!r}. Name that layer."
                )
            yield source.report("CA418", message, call)


def _meant(
    source: Source, unnamed: dict[str, list[cst.Call]], named: set[str]
) -> Iterator[tuple[str, cst.BaseExpression]]:
    """Yield the kinds of layers that an old file calls by the names of Keras 2, as ``dense_1``, and where it does."""
    if source.text == source.first.text or age(source) is not Age.OLD:
        return  # nothing shows that the names are not those of Keras 3
    for node, text in source.strings:
        kind = text.rpartition("_")[0]
        layers = unnamed.get(kind, ()) if _NUMBERED.search(text) and text not in named else ()
        if any((source.raw_name(call.func) or "").split(".")[0] == "keras" for call in layers):
            yield kind, node


def _runs_once(source: Source, call: cst.Call) -> bool:
    """Whether a layer is made once. Only then its number is that of its place in the file; Keras 2 counts from 1."""
    if (source.raw_name(call.func) or "").split(".")[0] != "keras" or has_star(call):
        return False
    if any(source.calls("keras.backend.clear_session")):
        return False
    if any(name.startswith("keras.applications.") for name in source.canonical_names):
        return False
    return not any(isinstance(parent, _REPEATED) for parent in source.ancestors(call))


def _recurrent(source: Source, calls: list[cst.Call]) -> Iterator[Finding]:
    """Report missing arguments whose defaults changed after Keras 2.2 and TensorFlow 1.

    Where weights are loaded, each layer is reported. Else the first of a kind stands for all.
    """
    is_keras = any(name.split(".")[0] == "keras" for _, name in source.full_names(cst.Name))
    loads = any(source.method_calls(*_LOADERS))
    if not (loads and is_keras) and (source.text == source.first.text or age(source) is not Age.OLD):
        return
    reported: set[tuple[str, str]] = set()
    for call in calls:
        kind = (source.name(call.func) or "")[len(_LAYERS) :]
        missing = _missing_defaults(source, call, kind)
        if not missing or (kind, missing) in reported:
            continue
        if loads:
            message = f"Keras 2.2 and older trained {kind} weights with {missing}. Write the old values out."
            yield source.report("CA418", message, call)
        else:
            reported.add((kind, missing))
            message = f"{kind} had {missing} by default, up to Keras 2.2 and in TensorFlow 1. Write the old values out "
            yield source.report("CA418", f"{message}to train the old network, in each {kind}.", call)


def _missing_defaults(source: Source, call: cst.Call, kind: str) -> str:
    """The arguments with old defaults that a recurrent layer or cell lacks, as text; "" for other layers."""
    was_cudnn = f"CuDNN{kind}" in source.first.text  # These had the defaults of today.
    if kind not in _RECURRENT or was_cudnn or has_star(call) or argument(call, "inner_activation") is not None:
        return ""
    hard_sigmoid = HARD_SIGMOID if source.target == "keras3" else "'hard_sigmoid'"
    old = {"recurrent_activation": hard_sigmoid, **({"reset_after": "False"} if kind.startswith("GRU") else {})}
    return ", ".join(f"{key}={value}" for key, value in old.items() if argument(call, key) is None)
