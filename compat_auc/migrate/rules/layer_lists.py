"""Report changes of ``model.layers``, which is a copy of the model's own list.

CA431: changes of `model.layers`

```diff
 from keras.applications import VGG16

 base = VGG16()
 base.layers.pop()
```

**Why.** `model.layers` gives a new list each time, so `pop()` removes nothing from the model, and no error says so.

**Not rewritten.** Reported only. Take the output of the layer that should be the last:
`Model(base.inputs, base.layers[-2].output)`. A `Sequential` still has `pop()`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.target_api.api import api
from compat_auc.migrate.target_api.objects import Objects

_CHANGES = ("pop", "append", "insert", "remove", "extend", "clear", "reverse")


@rule("CA431", stage=Stage.NAMES)
def layer_lists(source: Source) -> Iterator[Finding]:
    lists: list[tuple[cst.CSTNode, cst.CSTNode, str]] = [
        (call, call.func.value, f"{call.func.attr.value}()") for call in source.method_calls(*_CHANGES)
    ]
    lists += [
        (node, node.target.value, "del") for node in source.all(cst.Del) if isinstance(node.target, cst.Subscript)
    ]
    of_layers = [(node, owner, what) for node, owner, what in lists if _is_layers(owner)]
    if not of_layers:
        return
    objects = Objects(source, api())
    for node, owner, what in of_layers:
        if isinstance(owner, cst.Attribute) and objects.is_model(owner.value):
            model = source.code(owner.value)
            message = (
                f"{model}.layers is a copy of the model's list, and {what} does not change the model. "
                f"Build Model({model}.inputs, {model}.layers[-2].output), or use pop() of a Sequential."
            )
            yield source.report("CA431", message, node)


def _is_layers(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == "layers"
