"""Replace ``tf.set_random_seed``. Keras 3 takes its seeds from its own generator.

CA410: random seeds

```diff
 import tensorflow as tf
 from keras.models import Sequential

-tf.set_random_seed(7)
+tf.keras.utils.set_random_seed(7)
 model = Sequential()
```

**Why.** Keras 3 has another random generator. This call seeds it, together with those of Python, NumPy and
TensorFlow.

**Not rewritten.** Seeds of graph code, which TensorFlow still reads.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_graph_file, is_keras_file
from compat_auc.migrate.source.source import Source, aliases, dotted, root
from compat_auc.migrate.tables.names import canonical

_OLD = ("tensorflow.set_random_seed", "tensorflow.random.set_random_seed")


@rule("CA410", stage=Stage.CALLS)
def random_seeds(source: Source) -> Iterator[Finding]:
    if is_graph_file(source):
        return
    keras3 = source.target == "keras3" and is_keras_file(source)
    if keras3:
        yield from _imports(source)
    for call in source.calls(*_OLD):
        base = root(call.func)
        if source.raw_name(base) == "tensorflow":
            new = f"{source.code(base)}.{'keras.utils.set_random_seed' if keras3 else 'random.set_seed'}"
            imports: tuple[str, ...] = ()
        elif keras3 and isinstance(call.func, cst.Attribute):
            new, imports = "keras.utils.set_random_seed", ("import keras",)
        else:
            continue  # A plain name, whose import is moved, or one of tensorflow.compat.v1, which still has it.
        message = f"{source.code(call.func)} is now {new}."
        yield source.finding("CA410", message, call, (source.replace(call.func, new),), imports)


def _imports(source: Source) -> Iterator[Finding]:
    """Import ``set_random_seed`` from Keras. The one of TensorFlow does not seed the weights of Keras 3."""
    for node in source.from_imports():
        module = dotted(node.module)
        old = [alias for alias in aliases(node) if canonical(f"{module}.{dotted(alias.name)}") in _OLD]
        if not old:
            continue
        edit = source.split_import(node, old, "keras.utils")
        message = f"{module}.set_random_seed is now keras.utils.set_random_seed."
        yield source.finding("CA410", message, node, (edit,))
