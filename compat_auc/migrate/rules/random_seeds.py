"""Replace ``tf.set_random_seed``. Keras 3 takes its seeds from its own generator."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source import models
from compat_auc.migrate.source.graph import is_graph_file
from compat_auc.migrate.source.source import Source, root

_OLD = ("tensorflow.set_random_seed", "tensorflow.random.set_random_seed")


@rule("CA410", phase=Phase.CALLS)
def random_seeds(source: Source) -> Iterator[Finding]:
    if is_graph_file(source):
        return
    for call in source.calls(*_OLD):
        if not isinstance(call.func, cst.Attribute):
            continue
        keras3 = source.target == "keras3" and models.uses_keras(source)
        new = "keras.utils.set_random_seed" if keras3 else "random.set_seed"
        yield Finding(
            "CA410",
            f"tf.set_random_seed is tf.{new} now",
            source.start(call),
            (source.replace(call.func, f"{source.code(root(call.func))}.{new}"),),
        )
