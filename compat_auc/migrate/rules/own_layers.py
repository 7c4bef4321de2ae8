"""Move layers that a script defines: the method that Keras 2 renamed, and weights that Keras finds by itself.

CA415: methods of your own layers

```diff
 from keras.layers import Layer

 class Scale(Layer):
     def build(self, input_shape):
         self.scale = self.add_weight(shape=(1,), name="scale")
-        self.trainable_weights = [self.scale]

-    def get_output_shape_for(self, input_shape):
+    def compute_output_shape(self, input_shape):
         return input_shape
```

**Why.** Keras 2 renamed the method, and nothing calls the old one. `add_weight` enters the weights into the list, which
you can only read.

**Not rewritten.** Lists with weights that `add_weight` did not make: CA601 reports them.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.models import own_kind
from compat_auc.migrate.source.source import Source

_OLD, _NEW = "get_output_shape_for", "compute_output_shape"
_LISTS = ("trainable_weights", "non_trainable_weights")


@rule("CA415", stage=Stage.CALLS)
def own_layers(source: Source) -> Iterator[Finding]:
    for holder in source.all(cst.ClassDef):
        if own_kind(source, holder) == "layers":
            yield from _renamed(source, holder)
            yield from _weights(source, holder)


def _renamed(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    """Rename ``get_output_shape_for``, which Keras no longer calls, and its uses in the class."""
    methods = {node.name.value: node for node in source.of_class(holder, cst.FunctionDef)}
    if _OLD in methods and _NEW not in methods:
        uses = [node.attr for node in source.of_class(holder, cst.Attribute) if node.attr.value == _OLD]
        edits = tuple(source.replace(node, _NEW) for node in [methods[_OLD].name, *uses])
        yield source.finding("CA415", f"{_OLD} is now {_NEW}.", methods[_OLD], edits)


def _weights(source: Source, holder: cst.ClassDef) -> Iterator[Finding]:
    """Remove ``self.trainable_weights = [self.W]`` if ``self.W = self.add_weight(...)`` has already added it."""
    added: set[str] = set()
    for node in source.of_class(holder, cst.Assign):
        value = node.value
        if isinstance(value, cst.Call) and source.code(value.func) == "self.add_weight":
            added.update(source.code(target.target) for target in node.targets)
    for node in source.of_class(holder, cst.Assign):
        target = node.targets[0].target
        if len(node.targets) != 1 or source.code(target) not in [f"self.{name}" for name in _LISTS]:
            continue
        if (
            isinstance(node.value, cst.List)
            and {source.code(element.value) for element in node.value.elements} <= added
        ):
            message = f"The assignment to {source.code(target)} is removed. add_weight() already adds these weights."
            yield source.finding("CA415", message, node, (source.remove_statement(node),))
