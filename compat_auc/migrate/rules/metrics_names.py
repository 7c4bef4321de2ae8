"""``model.metrics_names``: Keras 3 lists the containers of its metrics there, not the log keys."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate import models
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.source import Source

_BUILDS = ("fit", "evaluate", "train_on_batch", "test_on_batch", "fit_generator", "evaluate_generator")


def metrics_names(source: Source) -> Iterator[Finding]:
    if source.target != "keras3" or not models.uses_keras(source):
        return
    ran = [
        source.start(call)
        for call in source.all(cst.Call)
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in _BUILDS
    ]
    for node in source.all(cst.Attribute):
        if node.attr.value != "metrics_names" or models.kind(source, node.value) == models.OTHER:
            continue
        start = source.start(node)
        if ran and min(ran) < start:
            new = f"list({source.code(node.value)}.get_metrics_result())"
            edit = source.replace(node, new)
            yield Finding(
                "CA414",
                "metrics_names lists containers in Keras 3: the keys of the result are the names",
                start,
                (edit,),
            )
        else:
            yield Finding("CA414", "metrics_names lists containers in Keras 3, and no log key before fit()", start)
