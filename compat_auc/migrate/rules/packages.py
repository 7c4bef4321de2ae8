"""Report packages that were written for an old Keras 2 and do not work with the target.

CA423: packages made for Keras 2

```diff
 from keras_contrib.layers import CRF

 layer = CRF(10)
```

**Why.** `keras_contrib`, `keras_metrics`, `keras_preprocessing` and `keras_applications` were written for Keras 2, and
have no release for Keras 3.

**Not rewritten.** Reported only.
"""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, dotted

_PACKAGES = {
    "keras_contrib": "its layers and metrics are built on keras 2.2: copy what you need, and move it",
    "keras_metrics": "Keras has Precision, Recall and AUC of its own: keras.metrics, compat_auc.auc_roc",
    "keras_preprocessing": "its generators and texts are in keras.preprocessing and keras.utils, or gone",
    "keras_applications": "its models are in keras.applications",
}


@rule("CA423", phase=Phase.NAMES)
def packages(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.Import, cst.ImportFrom):
        modules = [node.module] if isinstance(node, cst.ImportFrom) else [alias.name for alias in node.names]
        if isinstance(node, cst.ImportFrom) and node.relative:
            continue
        for package in sorted({dotted(module).split(".")[0] for module in modules} & _PACKAGES.keys()):
            message = f"{package} was made for Keras 2, and is not maintained: {_PACKAGES[package]}"
            yield source.finding("CA423", message, node)
