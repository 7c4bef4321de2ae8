"""Move what datasets and dimensions of TensorFlow 1 had and those of TensorFlow 2 lack.

CA430: datasets and dimensions of TensorFlow 1

```diff
 import tensorflow as tf
 from tensorflow import keras

 rows = tf.data.Dataset.from_tensor_slices([1.0, 2.0, 3.0]).batch(1)
-batch = rows.make_one_shot_iterator().get_next()
-print(rows.output_types, keras.layers.Dense(batch.shape[0].value))
+batch = tf.compat.v1.data.make_one_shot_iterator(rows).get_next()
+print(tf.compat.v1.data.get_output_types(rows), keras.layers.Dense(batch.shape[0]))
```

**Why.** In TensorFlow 2, a dataset has no iterator and no types, and a dimension of a shape is an `int` or `None`.

**Not rewritten.** `make_initializable_iterator`, which needs a session: loop over the dataset. Graph code: `migrate`
moves it to `tensorflow.compat.v1`, where these work. `output_types` and the like of an object that the file does not
show to be a dataset.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.source import Source, bound_name, dotted
from compat_auc.migrate.target_api.api import PACKAGES, api
from compat_auc.migrate.target_api.objects import Objects, is_dimension
from compat_auc.migrate.understand.replacement import local_name

# Methods and attributes of a dataset, and the function of tensorflow.compat.v1.data that has taken its place.
_ITERATORS = {"make_one_shot_iterator": "make_one_shot_iterator"}
_TYPES = {f"output_{kind}": f"get_output_{kind}" for kind in ("types", "shapes", "classes")}
# This needs a session, also as a function of tensorflow.compat.v1.data.
_OF_SESSIONS = "make_initializable_iterator"
_METHODS = {"map_with_legacy_function": "map", "filter_with_legacy_function": "filter"}


@rule("CA430", stage=Stage.NAMES)
def tensorflow_objects(source: Source) -> Iterator[Finding]:
    nodes = [
        node
        for node in source.all(cst.Attribute)
        if node.attr.value in {"value", _OF_SESSIONS, *_ITERATORS, *_TYPES, *_METHODS}
    ]
    if not nodes or is_graph_file(source) or not _is_of_tensorflow(source):
        return
    objects = Objects(source, api())
    for node in nodes:
        name = node.attr.value
        if isinstance(source.parents[node], (cst.AssignTarget, cst.Del)) or source.raw_name(node) is not None:
            continue
        if name == "value":
            if is_dimension(source, node.value):
                message = "A dimension of a shape is now a number, and has no value."
                yield source.finding("CA430", message, node, (source.replace(node, source.code(node.value)),))
        elif name == _OF_SESSIONS:
            message = f"a dataset of TensorFlow 2 has no {name}. Loop over the dataset."
            yield source.report("CA430", message, node, subject=name)
        elif name in _METHODS:
            edit = source.replace(node.attr, _METHODS[name])
            yield source.finding("CA430", f"{name} is now {_METHODS[name]}.", node, (edit,))
        else:
            yield from _dataset(source, objects, node)


def _is_of_tensorflow(source: Source) -> bool:
    """Whether the file imports TensorFlow or Keras, and leaves TensorFlow 2 in its own mode."""
    is_imported = any(name.split(".")[0] in PACKAGES for name in source.imported_names())
    return is_imported and "disable_v2_" not in source.text


def _dataset(source: Source, objects: Objects, node: cst.Attribute) -> Iterator[Finding]:
    name, holder, call = node.attr.value, source.code(node.value), source.parents[node]
    is_method = name in _ITERATORS
    if is_method != (isinstance(call, cst.Call) and call.func is node):
        return
    if not objects.is_dataset(node.value) and not (is_method and not objects.classes(node.value)):
        return
    tf, imports = _tensorflow(source)
    new = f"{tf}.compat.v1.data.{_ITERATORS.get(name) or _TYPES[name]}"
    whole = call if isinstance(call, cst.Call) and is_method else node
    arguments = [source.code(arg) for arg in call.args] if isinstance(call, cst.Call) and is_method else []
    edit = source.replace(whole, f"{new}({', '.join([holder, *arguments])})")
    yield source.finding("CA430", f"{name} of a dataset is now {new}().", node, (edit,), imports)


def _tensorflow(source: Source) -> tuple[str, tuple[str, ...]]:
    """Return the file's name for TensorFlow, and the import that brings it if the file has none."""
    for statement in source.all(cst.Import):
        for alias in statement.names:
            if dotted(alias.name) == "tensorflow" and source.enclosing(statement, cst.FunctionDef) is None:
                return bound_name(alias), ()
    local = local_name(source, "tf")
    return local, (f"import tensorflow as {local}",)
