"""Replace ``tf.train`` optimizers of a Keras model. Only the tf.keras of TensorFlow 1 took them.

CA422: optimizers of `tf.train`

```diff
 import tensorflow as tf
 from keras.models import Sequential

 model = Sequential()
-model.compile(tf.train.AdamOptimizer(0.01), "binary_crossentropy")
+model.compile(tf.keras.optimizers.Adam(learning_rate=0.01), "binary_crossentropy")
```

**Why.** Only the `tf.keras` of TensorFlow 1 took `tf.train` optimizers. Keras has an optimizer of the same kind for
most of them.

**Not rewritten.** Optimizers without a counterpart in Keras, and arguments that the counterpart lacks. They are
reported.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.graph import is_keras_file
from compat_auc.migrate.source.source import Source, has_star, keyword, root
from compat_auc.migrate.understand.compiled import compiles

# The Keras optimizer for each of tf.train, and its parameters by tf.train's names, in tf.train's order.
_OPTIMIZERS = {
    "AdamOptimizer": (
        "Adam",
        {"learning_rate": "learning_rate", "beta1": "beta_1", "beta2": "beta_2", "epsilon": "epsilon"},
    ),
    "GradientDescentOptimizer": ("SGD", {"learning_rate": "learning_rate"}),
    "MomentumOptimizer": ("SGD", {"learning_rate": "learning_rate", "momentum": "momentum"}),
    "RMSPropOptimizer": (
        "RMSprop",
        {"learning_rate": "learning_rate", "decay": "rho", "momentum": "momentum", "epsilon": "epsilon"},
    ),
    "AdagradOptimizer": (
        "Adagrad",
        {"learning_rate": "learning_rate", "initial_accumulator_value": "initial_accumulator_value"},
    ),
}


@rule("CA422", stage=Stage.CALLS)
def train_optimizers(source: Source) -> Iterator[Finding]:
    for compiled in compiles(source).values() if is_keras_file(source) else ():
        if "optimizer" in compiled.arguments:
            yield from _optimizer(source, compiled.arguments["optimizer"])


def _optimizer(source: Source, node: cst.BaseExpression) -> Iterator[Finding]:
    maker = source.resolved(node)
    if not isinstance(maker, cst.Call) or has_star(maker):
        return
    name = source.name(maker.func) or ""
    old = name[len("tensorflow.train.") :] if name.startswith("tensorflow.train.") else ""
    if old not in _OPTIMIZERS:
        if old.endswith("Optimizer") and source.target == "keras3":  # tf_keras wraps what tf.compat.v1 has.
            yield source.report("CA422", f"Keras takes no tf.train.{old}. Use one of keras.optimizers.", maker)
        return
    new, parameters = _OPTIMIZERS[old]
    order = dict(enumerate(parameters))
    arguments: list[str] = []
    left = ""
    for index, arg in enumerate(maker.args):
        key = keyword(arg) or order.get(index, f"argument {index + 1}")
        if key not in parameters and key not in ("name", "use_locking"):
            what = key if arg.keyword is None else f"{key}="
            message = f"Keras takes no tf.train.{old}, and keras.optimizers.{new} has no {what}. Choose another."
            yield source.report("CA422", message, maker)
            return
        if key in parameters:
            arguments.append(f"{parameters[key]}={source.code(arg.value)}")
        else:
            left += f" {key}={source.code(arg.value)} is removed."
    package = "tf_keras" if source.target == "tf_keras" else f"{source.code(root(maker.func))}.keras"
    imports = ("import tf_keras",) if source.target == "tf_keras" else ()
    text = f"{package}.optimizers.{new}({', '.join(arguments)})"
    message = f"tf.train.{old} is now keras.optimizers.{new}.{left}"
    yield source.finding("CA422", message, maker, (source.replace(maker, text),), imports)
