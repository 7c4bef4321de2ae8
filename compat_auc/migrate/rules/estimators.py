"""Report Estimators, which TensorFlow 2.16 no longer has. Nothing replaces them line by line."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source, aliases, dotted

_ADVICE = (
    "Estimators are gone from TensorFlow 2.16: stay on tensorflow<2.16, or move model_fn into a Keras model "
    "(metrics=[auc_roc]) or a session loop (streaming_auc)"
)

_ESTIMATORS = ("tensorflow.estimator.", "tensorflow.contrib.learn.", "tensorflow_estimator.")


@rule("CA305", phase=Phase.CALLS)
def estimators(source: Source) -> Iterator[Finding]:
    for node in source.all(cst.Import, cst.ImportFrom):
        module = getattr(node, "module", None)
        names = [module] if module is not None else [alias.name for alias in aliases(node)]
        if any(dotted(name).split(".")[0] == "tensorflow_estimator" for name in names):
            yield source.finding("CA305", _ADVICE, node, everywhere=("estimator",))
            return
    for node in sorted(source.all(cst.Attribute), key=source.start):
        parent = source.parents[node]
        name = source.name(node) or ""
        if isinstance(parent, cst.Attribute) or not name.startswith(_ESTIMATORS):
            continue
        yield source.finding("CA305", _ADVICE, node, everywhere=("estimator",))
        return  # one finding is enough for the whole file
