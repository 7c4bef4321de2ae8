"""``KerasClassifier`` of ``keras.wrappers.scikit_learn``: reported, with what to write."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.source import Source


def sklearn_wrappers(source: Source) -> Iterator[Finding]:
    for call in source.all(cst.Call):
        name = source.name(call.func) or ""
        if name.startswith("keras.wrappers.scikit_learn."):
            yield Finding(
                "CA411",
                f"{name.rsplit('.', 1)[-1]} is gone: scikeras.wrappers has one with model= for build_fn=, "
                "whose fit() returns the estimator, not the History",
                source.start(call),
            )
