"""Report functions of ``keras.backend`` that the target lacks, and rename the values of ``image_dim_ordering``.

CA404: backend functions

```diff
 from keras import backend as K

-K.set_image_dim_ordering("th")
+K.set_image_data_format("channels_first")
```

**Why.** The function or its values were renamed, or the target has no such function. The message says what to use
instead. For `K.set_learning_phase` it is `training=` of the layers, which `fit` sets to True and `predict` to False.

**Not rewritten.** `K.function`, `K.learning_phase` and others without an equivalent on the target. They are reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.tables.backend_names import KEPT, NATIVE, TF_KEPT
from compat_auc.migrate.tables.names import canonical
from compat_auc.migrate.target_api.advice import about_backend

_HANDLED = {"set_session", "get_session", "tensorflow_backend"}
_ORDERINGS = {"tf": "channels_last", "th": "channels_first"}
_ORDERING_CALLS = ("keras.backend.set_image_data_format", "keras.backend.image_data_format")


@rule("CA404", stage=Stage.NAMES)
def backend_functions(source: Source) -> Iterator[Finding]:
    handled = NATIVE | KEPT | _HANDLED
    if source.target == "tf_keras":
        handled |= TF_KEPT
    for node, name in source.full_names(cst.Attribute):
        parts = canonical(name).split(".")
        if parts[:2] == ["keras", "backend"] and len(parts) == 3 and parts[2] not in handled:
            message = f"keras.backend has no `{parts[2]}` in {source.release}.{about_backend(parts[2])}"
            yield source.report("CA404", message, node)
    yield from _orderings(source)


def _orderings(source: Source) -> Iterator[Finding]:
    """Rename ``'tf'`` and ``'th'``, given to the setter or compared with the getter."""
    for call in source.calls(*_ORDERING_CALLS):
        parent = source.parents[call]
        values = [arg.value for arg in call.args]
        if isinstance(parent, cst.Comparison):
            values += [comparison.comparator for comparison in parent.comparisons]
        for value in values:
            if isinstance(value, cst.SimpleString) and value.evaluated_value in _ORDERINGS:
                new = _ORDERINGS[str(value.evaluated_value)]
                edit = source.replace_string(value, new)
                yield source.finding("CA404", f"The image format is now {new!r}.", value, (edit,))
