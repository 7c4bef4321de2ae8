"""Report layers that changed: Keras 3 names unnamed layers differently, and recurrent layers have new defaults.

CA418: layers whose names or defaults changed

```diff
 from keras.layers import Dense, LSTM
 from keras.models import Sequential

 model = Sequential()
 model.add(LSTM(4, input_shape=(3, 2)))
 model.add(Dense(8))
 model.add(Dense(1, name="dense"))
 model.load_weights("weights.h5")
```

**Why.** Keras 3 calls the first unnamed `Dense` `dense`, where Keras 2 said `dense_1`. A layer that you call `dense`
then has a name that is taken. Weights of an LSTM or GRU of the `keras` package up to 2.2 were trained with
`recurrent_activation="hard_sigmoid"`, and those of a GRU with `reset_after=False`.

**Not rewritten.** Reported only: what is right depends on where the weights come from.
"""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, argument, has_star

_LAYERS = "keras.layers."
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LOADERS = ("load_weights", "load_model", "set_weights")


@rule("CA418", phase=Phase.CALLS)
def layers(source: Source) -> Iterator[Finding]:
    calls = [call for call in source.all(cst.Call) if (source.name(call.func) or "").startswith(_LAYERS)]
    if source.target == "keras3":
        yield from _names(source, calls)
    if any((source.raw_name(node) or "").split(".")[0] == "keras" for node in source.all(cst.Name)):
        yield from _recurrent(source, calls)


def _names(source: Source, calls: list[cst.Call]) -> Iterator[Finding]:
    """Report names that Keras 3 gives itself. It calls the first unnamed ``Dense`` ``dense``; Keras 2: ``dense_1``."""
    kinds = {(source.name(call.func) or "")[len(_LAYERS) :] for call in calls if argument(call, "name") is None}
    automatic = {_WORDS.sub("_", kind).lower(): kind for kind in kinds}
    for call in calls:
        name = argument(call, "name")
        value = source.constant(name.value) if name is not None else None
        if isinstance(value, str) and value in automatic:
            message = f"Keras 3 calls the first unnamed {automatic[value]} {value!r}, too: give this one another name"
            yield source.finding("CA418", message, call)


def _recurrent(source: Source, calls: list[cst.Call]) -> Iterator[Finding]:
    """Report missing arguments: weights of the ``keras`` package up to 2.2 were trained with its old defaults."""
    loads = any(True for _ in source.method_calls(*_LOADERS))
    for call in calls if loads else ():
        kind = (source.name(call.func) or "")[len(_LAYERS) :]
        gone = source.code(call.func).rsplit(".", 1)[-1].startswith("CuDNN")
        if kind not in ("LSTM", "GRU") or gone or has_star(call):
            continue
        old = {"recurrent_activation": "'hard_sigmoid'", **({"reset_after": "False"} if kind == "GRU" else {})}
        missing = [f"{key}={value}" for key, value in old.items() if argument(call, key) is None]
        if missing and argument(call, "inner_activation") is None:
            message = f"weights of a {kind} of Keras 2.2 or older were trained with {', '.join(missing)}: write it out"
            yield source.finding("CA418", message, call)
