"""Names of the AUC that people tried as strings, ``metrics=['roc_curve', 'auc']``, become ``compat_auc.auc_roc``."""

from __future__ import annotations

from typing import Iterator

import libcst as cst

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import Phase, rule
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.understand.definitions import metric_elements
from compat_auc.migrate.understand.replacement import import_line, local_name

_TRIED = {"auc", "auc_roc", "roc_auc", "roc_curve", "roc", "roc_auc_score", "auroc", "aucroc", "auc_score"}


@rule("CA102", phase=Phase.DEFINITIONS)
def auc_names(source: Source) -> Iterator[Finding]:
    auc_roc = local_name(source, "auc_roc")
    for element in metric_elements(source):
        value = element.evaluated_value if isinstance(element, cst.SimpleString) else None
        if isinstance(value, str) and value.lower() in _TRIED:
            new = auc_roc if value == "auc_roc" else f'{auc_roc}(name="{value}")'
            yield Finding(
                "CA102",
                f"Keras has no metric called {value!r}: replaced by {new}",
                source.start(element),
                (source.replace(element, new),),
                (import_line("compat_auc", "auc_roc", auc_roc),),
            )
