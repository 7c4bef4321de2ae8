"""Give callbacks that monitor an AUC ``mode="max"``. Keras 2 takes an unknown name for a loss and minimises it.

CA109: an AUC monitored without `mode`

```diff
 from keras.callbacks import EarlyStopping

-early_stopping = EarlyStopping(monitor="val_auc_roc", patience=3)
+early_stopping = EarlyStopping(monitor="val_auc_roc", patience=3, mode="max")
```

**Why.** Keras 2 knows the direction of names with `acc` in them, and since 2.6 of names that end in `auc`. It takes
every other name for a loss: it stops when the AUC improves, and keeps the worst checkpoint.

An unnamed `keras.metrics.AUC()` made in a loop or a function gets `name="auc"` if the script reads `auc` or `val_auc`.
Otherwise Keras would call the second one `auc_1`.

**Not rewritten.** `mode="min"` on an AUC. It is reported, because it looks for the worst AUC.
"""

from __future__ import annotations

import re
from typing import Iterator

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, argument

_CALLBACKS = {
    "keras.callbacks.EarlyStopping": 0,
    "keras.callbacks.ModelCheckpoint": 1,
    "keras.callbacks.ReduceLROnPlateau": 0,
}
_AUC = re.compile(r"(^|_)(auc|roc|auroc|auprc|gini)|auc$|auc\d*$", re.IGNORECASE)


@rule("CA109", phase=Phase.CALLS)
def monitors(source: Source) -> Iterator[Finding]:
    for call in source.calls(*_CALLBACKS):
        if any(arg.star for arg in call.args):
            continue
        monitor = argument(call, "monitor", _CALLBACKS[source.name(call.func) or ""])
        value = source.constant(monitor.value) if monitor is not None else None
        if not isinstance(value, str) or not _AUC.search(value) or "loss" in value:
            continue
        mode = argument(call, "mode")
        direction = source.constant(mode.value) if mode is not None else "auto"
        if mode is None:
            edit = source.add_argument(call, 'mode="max"')
        elif direction == "auto":
            edit = source.replace(mode.value, '"max"')
        elif direction == "min":
            message = f"{value!r} is an AUC, and mode='min' looks for the worst one; it is left as it is"
            yield source.finding("CA109", message, call)
            continue
        else:
            continue
        old = "Keras before 2.6" if value.endswith("auc") else "Keras 2"
        message = f'{value!r} without a mode is minimised by {old}: mode="max" is written out'
        yield source.finding("CA109", message, call, (edit,))
