"""``streaming_auc`` in graph code, under any import, becomes ``compat_auc.streaming_auc`` with the same arguments."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.graph import STREAMING_AUC, is_graph_file
from compat_auc.migrate.source.source import Source, dotted
from compat_auc.migrate.understand.replacement import import_line, local_name

_MESSAGE = "streaming_auc is compat_auc.streaming_auc now, with the same arguments"


@rule("CA301", phase=Phase.CALLS)
def streaming_auc(source: Source) -> Iterator[Finding]:
    if not is_graph_file(source):
        return
    local = local_name(source, "streaming_auc", [node for node in source.from_imports() if _imports_it(node)])
    line = (import_line("compat_auc", "streaming_auc", local),)
    for node in source.all(cst.Attribute):
        if source.name(node) == STREAMING_AUC and not isinstance(source.parents[node], cst.ImportFrom):
            yield Finding("CA301", _MESSAGE, source.start(node), (source.replace(node, local),), line)
    for node in source.from_imports():
        if not _imports_it(node):
            continue
        kept = [source.code(one) for one in node.names if dotted(one.name) != "streaming_auc"]
        mine = [source.code(one) for one in node.names if dotted(one.name) == "streaming_auc"]
        text = f"from compat_auc import {', '.join(mine)}"
        if kept:
            text = f"from {dotted(node.module)} import {', '.join(kept)}{source.newline()}{text}"
        yield Finding("CA301", _MESSAGE, source.start(node), (source.replace(node, text),))


def _imports_it(node: cst.ImportFrom) -> bool:
    module = dotted(node.module)
    return (
        module.startswith(("tensorflow.contrib", "tf_slim"))
        and not isinstance(node.names, cst.ImportStar)
        and any(dotted(one.name) == "streaming_auc" for one in node.names)
    )
