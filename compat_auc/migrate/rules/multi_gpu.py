"""Report ``multi_gpu_model``, which TensorFlow 2.4 removed. Nothing replaces it line by line.

CA412: `multi_gpu_model`

```diff
 from keras.utils import multi_gpu_model

 parallel = multi_gpu_model(model, gpus=2)
```

**Why.** TensorFlow 2.4 removed it. Build and compile the model inside `tf.distribute.MirroredStrategy().scope()`.

**Not rewritten.** The call.
"""

from __future__ import annotations

from typing import Iterator

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Stage, rule
from compat_auc.migrate.source.source import Source


@rule("CA412", stage=Stage.CALLS)
def multi_gpu(source: Source) -> Iterator[Finding]:
    for call in source.calls("keras.utils.multi_gpu_model"):
        yield source.report(
            "CA412",
            "multi_gpu_model is gone. Build and compile the model inside tf.distribute.MirroredStrategy().scope().",
            call,
            everywhere=("multi_gpu_model",),
        )
