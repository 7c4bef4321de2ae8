"""Replace names of the AUC that people tried as strings, ``metrics=['roc_curve', 'auc']``, by ``auc_roc``.

CA102: a name of the AUC that Keras does not know

```diff
-model.compile("adam", "binary_crossentropy", metrics=["roc_curve", "auc"])
+from compat_auc import auc_roc
+model.compile("adam", "binary_crossentropy", metrics=[auc_roc(name="roc_curve"), auc_roc(name="auc")])
```

**Why.** Old Keras raised "Unknown metric function" for these names. Newer versions take some of them for something
else. `"AUC"` is a name of Keras: Keras 2 logged it as `auc`, and Keras 3 logs it as `AUC`. For Keras 3 it becomes
`auc_roc(name="auc")`, unless the script reads `val_AUC`.

**Not rewritten.** The same strings outside `metrics=` and `weighted_metrics=` of a `compile`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, fact
from compat_auc.migrate.understand.definitions import metric_elements
from compat_auc.migrate.understand.replacement import import_line, local_name

_TRIED = {"auc", "auc_roc", "roc_auc", "roc_curve", "roc", "roc_auc_score", "auroc", "aucroc", "auc_score"}

# A class of Keras since TensorFlow 2.0. Keras knows it by this string on every target.
_OF_KERAS = "AUC"


@rule("CA102", phase=Phase.DEFINITIONS)
def auc_names(source: Source) -> Iterator[Finding]:
    auc_roc = local_name(source, "auc_roc")
    for element in metric_elements(source):
        value = element.evaluated_value if isinstance(element, cst.SimpleString) else None
        if value == _OF_KERAS:
            if _logs_auc(source):
                yield source.finding(
                    "CA102",
                    f"Keras 2 logged {value!r} as auc, Keras 3 would log it as {value}: the key stays",
                    element,
                    (source.replace(element, f'{auc_roc}(name="auc")'),),
                    (import_line("compat_auc", "auc_roc", auc_roc),),
                )
        elif isinstance(value, str) and value.lower() in _TRIED:
            new = auc_roc if value == "auc_roc" else f'{auc_roc}(name="{value}")'
            yield source.finding(
                "CA102",
                f"Keras has no metric called {value!r}: replaced by {new}",
                element,
                (source.replace(element, new),),
                (import_line("compat_auc", "auc_roc", auc_roc),),
            )


@fact
def _logs_auc(source: Source) -> bool:
    """Whether the log key ``auc`` would change. Keras 2 logged the class as ``auc``; Keras 3 logs it as ``AUC``."""
    return source.target == "keras3" and not any(value in ("AUC", "val_AUC") for value in _keys(source))


def _keys(source: Source) -> Iterator[str]:
    metrics = set(metric_elements(source))
    yield from (value for node, value in source.strings if node not in metrics)
