"""Report class weights that old Keras ignored, because they are not a dict.

CA434: class weights without effect

```diff
 from keras.models import Sequential
-from keras.layers.core import Dense
+from keras.layers import Dense

 model = Sequential([Dense(1)])
 model.compile("adam", loss="binary_crossentropy")
 model.fit(x, y, class_weight="auto")
```

**Why.** Keras up to 2.3, and `tf.keras` of TensorFlow 1, weighed the classes only by a dict, such as
`{0: 1.0, 1: 20.0}`. They ignored a text, a list, and the array of scikit-learn's `compute_class_weight`, without a
word. So the old number is that of a model without class weights. Keras 3 and tf_keras raise an error instead, mostly
`has no attribute 'get'` or `'keys'`; in graph mode, tf_keras ignores them still.

**Not rewritten.** The call: without the argument, the number is that of old. With a dict, the model is another one.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source, argument

_METHODS = ("fit", "fit_generator", "train_on_batch")
_ARRAY = "sklearn.utils.class_weight.compute_class_weight"


@rule("CA434", stage=Stage.CALLS)
def class_weights(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    for call in source.method_calls(*_METHODS):
        weights = argument(call, "class_weight")
        if weights is None or models.kind(source, call.func.value) == models.OTHER:
            continue
        value = source.resolved(weights.value)
        is_text = isinstance(source.constant(value), str)
        if is_text or _is_array(source, value):
            new = "a dict such as {0: 1.0, 1: 20.0}" if is_text else "dict(enumerate(...)) of it"
            message = (
                f"class_weight={source.code(weights.value)} had no effect, and is an error now. Remove it for the old "
                f"number, or pass {new} to weigh the classes."
            )
            yield source.report("CA434", message, weights)


def _is_array(source: Source, value: cst.BaseExpression | None) -> bool:
    """Whether a value is a list of numbers, or scikit-learn's array. A list of dicts has one for each output."""
    if isinstance(value, (cst.List, cst.Tuple)):
        return all(isinstance(source.constant(element.value), (int, float)) for element in value.elements)
    return isinstance(value, cst.Call) and source.name(value.func) == _ARRAY
