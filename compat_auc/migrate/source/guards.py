"""Decide whether code runs only under a condition on the installed release, or may fail without harm."""

from __future__ import annotations

import re

import libcst as cst

from compat_auc.migrate.source.source import Source

_ASKS = re.compile(r"(?i)version|hasattr|getattr|\bPY[23]\b|TYPE_CHECKING|\.backend\(\)|image_dim_ordering|ordering")
_CATCHES = re.compile(
    r"^$|\b(ImportError|ModuleNotFoundError|AttributeError|NameError|TypeError|Exception|BaseException)\b"
)


def is_guarded(source: Source, node: cst.CSTNode) -> bool:
    """Whether a node is under ``if tf.__version__ ...``, or in a ``try`` that handles the error of a missing name."""
    below = node
    for parent in source.ancestors(node):
        if isinstance(parent, (cst.If, cst.IfExp)) and _ASKS.search(source.code(parent.test)):
            return True
        if (
            isinstance(parent, cst.Try)
            and (below is parent.body or below in parent.handlers)
            and catches(source, parent)
        ):
            return True
        below = parent
    return False


def catches(source: Source, node: cst.Try) -> bool:
    kinds = [source.code(handler.type) if handler.type is not None else "" for handler in node.handlers]
    return any(_CATCHES.search(kind) for kind in kinds)
