"""Replace ``K.tf``, which was TensorFlow in Keras 1 to 2.2, so that every other rule sees TensorFlow's own names.

CA440: K.tf

```diff
-from keras import backend as K
+import tensorflow as tf

-area = K.tf.reduce_mean(scores)
+area = tf.reduce_mean(scores)
```

**Why.** The module `keras.backend` imported TensorFlow as `tf`, and scripts took it from there. No Keras since 2.3 has
that name.

**Not rewritten.** Nothing. If the file already has a name for TensorFlow, `migrate` uses that name.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, aliases, bound_name, dotted
from compat_auc.migrate.tables.names import canonical
from compat_auc.migrate.understand.replacement import local_name

_TENSORFLOW = "keras.backend.tf"
_MESSAGE = "keras.backend.tf is now the package tensorflow."
_SPELLINGS = (
    "keras.backend.tf",
    "keras.backend.tensorflow_backend.tf",
    "tensorflow.keras.backend.tf",
    "tensorflow.python.keras.backend.tf",
)


@rule("CA440", stage=Stage.DEFINITIONS)
def backend_tensorflow(source: Source) -> Iterator[Finding]:
    is_bound = "tf" in source.imported_as("tensorflow", "tensorflow.compat.v1")
    local = "tf" if is_bound else local_name(source, "tf")
    line = f"import tensorflow as {local}"
    for node, name in source.full_names(cst.Attribute):
        if canonical(name) == _TENSORFLOW and not isinstance(source.parents[node], (cst.ImportFrom, cst.ImportAlias)):
            yield source.finding("CA440", _MESSAGE, node, (source.replace(node, local),), (line,))
    for node in source.from_imports():
        names = [alias for alias in aliases(node) if f"{dotted(node.module)}.{dotted(alias.name)}" in _SPELLINGS]
        if names and len(names) == len(aliases(node)) == 1:
            edit = source.replace(node, f"import tensorflow as {bound_name(names[0])}")
            yield source.finding("CA440", _MESSAGE, node, (edit,))
