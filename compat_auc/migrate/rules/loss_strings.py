"""Report losses and metrics whose numbers changed between the releases under the same name.

CA425: losses and metrics that compute something else now

```diff
 from keras.layers import Dense
 from keras.models import Sequential

 model = Sequential([Dense(128)])
-model.compile("adam", loss="cosine_proximity")
+model.compile("adam", loss="cosine_similarity")
```

**Why.** All of these were run on Keras 2.0 to 2.3, TensorFlow 1.15 to 2.15, tf_keras and Keras 3.
`binary_crossentropy` of a softmax, and `categorical_crossentropy` of a sigmoid, were losses of the scores up to
TensorFlow 2.2. Today Keras on TensorFlow looks below the activation: it takes the sigmoid, or the softmax, of the
logits. So the model is trained to something else. On one batch of seven columns the first loss was 0.9260 and is
1.0495. For the two columns of a softmax and one-hot labels, `categorical_crossentropy` is the old loss.

The metric `cosine_proximity` was minus the cosine up to Keras 2.2, and is the cosine since. As a loss it is called
`cosine_similarity` now, with the old sign. `hinge` and `squared_hinge` took labels of 0 as they are up to Keras 2.2,
and take them for -1 since. `precision` and `recall` were means over batches in Keras 1.

**Not rewritten.** All but the name of the cosine loss. The finding says what to write.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.age import Age, age
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.outputs import Output
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.tables.strings import COSINE
from compat_auc.migrate.understand.compiled import BINARY, CATEGORICAL, SPARSE, compiles_of_keras, loss_kind

_HINGE = ("hinge", "squared_hinge")
_OF_BATCHES = ("precision", "recall")


@rule("CA425", stage=Stage.CALLS)
def loss_strings(source: Source) -> Iterator[Finding]:
    if not is_keras_file(source):
        return
    for compiled in compiles_of_keras(source):
        for loss, output in compiled.losses():
            yield from _of_loss(source, loss, output)
        for metric in compiled.metrics():
            text = source.constant(metric.node)
            if text in COSINE:
                message = (
                    f"{text!r} was minus the cosine up to Keras 2.2, and has been the cosine since. Write "
                    f'keras.metrics.CosineSimilarity(name="{text}"), with mode="max" in callbacks.'
                )
                yield source.report("CA425", message, metric.node)
            elif text in _HINGE:
                yield from _of_hinge(source, metric.node, str(text))
            elif text in _OF_BATCHES and source.target == "keras3" and age(source) is Age.OLD:
                message = (
                    f"{text!r} was the mean over batches in Keras 1, and is now counted over the epoch. Do not compare "
                    "it with old numbers."
                )
                yield source.report("CA425", message, metric.node)


def _of_loss(source: Source, loss: cst.BaseExpression, output: Output) -> Iterator[Finding]:
    text = source.constant(loss)
    kind = loss_kind(source, loss)
    if text in COSINE:
        what = f"loss {text!r} is now 'cosine_similarity'"
        if isinstance(loss, cst.SimpleString) and _is_multi_backend(source):
            edits = (source.replace_string(loss, "cosine_similarity"),)
            yield source.finding("CA425", f"The {what}.", loss, edits)
        else:
            message = f"the {what}, and the sign in tf.keras changed with TensorFlow 1.15. Choose the sign by hand."
            yield source.report("CA425", message, loss)
    elif text in _HINGE:
        yield from _of_hinge(source, loss, str(text))
    elif age(source) is not Age.NEW and kind == BINARY and output.activation == "softmax":
        old = "categorical_crossentropy" if output.width == 2 else "the formula"
        yield source.report(
            "CA425",
            "binary_crossentropy of a softmax was a loss of the scores up to TensorFlow 2.2, and is now a loss of the "
            f"sigmoid of the logits. Write {old} for the old loss.",
            loss,
        )
    elif age(source) is not Age.NEW and kind in (CATEGORICAL, SPARSE) and output.activation == "sigmoid":
        yield source.report(
            "CA425",
            "categorical crossentropy of a sigmoid was a loss of the scores up to TensorFlow 2.2, and is now a loss of "
            "the softmax of the logits. Write the formula for the old loss.",
            loss,
        )


def _of_hinge(source: Source, node: cst.BaseExpression, text: str) -> Iterator[Finding]:
    if age(source) is Age.OLD and _is_multi_backend(source):
        message = f"{text!r} took a label of 0 as 0 up to Keras 2.2, and now takes 0 as -1. Check the labels."
        yield source.report("CA425", message, node)


def _is_multi_backend(source: Source) -> bool:
    """Whether the file was written for the package keras itself."""
    first = source.first
    return any((first.raw_name(node) or "").split(".")[0] == "keras" for node in first.all(cst.Name, cst.Attribute))
