"""Report Estimators, which TensorFlow 2.16 no longer has. Nothing replaces them line by line.

CA305: Estimators

```diff
-import tensorflow as tf
+import tensorflow.compat.v1 as tf
+tf.disable_v2_behavior()

 clf = tf.estimator.Estimator(model_fn=model_fn)
```

**Why.** TensorFlow 2.16 removed Estimators, and `tensorflow_estimator` with them. Nothing replaces them line by line.

**Not rewritten.** The Estimator. `migrate` rewrites the rest of the file (CA301, CA302), so that it runs on
`tensorflow<2.16`. For newer versions, make `model_fn` a Keras model with `metrics=[auc_roc]`, or a session loop with
`streaming_auc`.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source, aliases, dotted
from compat_auc.migrate.tables.names import canonical

_ADVICE = (
    "TensorFlow 2.16 has no estimators. Stay on tensorflow<2.16, or move model_fn into a Keras model "
    "(metrics=[auc_roc]) or a session loop (streaming_auc)."
)

_ESTIMATORS = ("tensorflow.estimator.", "tensorflow.contrib.learn.", "tensorflow_estimator.")


@rule("CA305", stage=Stage.CALLS)
def estimators(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.Import, cst.ImportFrom):
        module = getattr(node, "module", None)
        names = [module] if module is not None else [alias.name for alias in aliases(node)]
        if any(dotted(name).split(".")[0] == "tensorflow_estimator" for name in names):
            yield source.report("CA305", _ADVICE, node, everywhere=("estimator",))
            return
    for node, name in source.full_names(cst.Attribute):
        if canonical(name).startswith(_ESTIMATORS) and not isinstance(source.parents[node], cst.Attribute):
            yield source.report("CA305", _ADVICE, node, everywhere=("estimator",))
            return  # one finding is enough for the whole file
