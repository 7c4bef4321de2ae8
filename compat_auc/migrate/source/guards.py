"""Decide whether code runs only under a condition on the installed release, and which Keras a file chooses itself."""

from __future__ import annotations

import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.source.source import Source, argument, fact
from compat_auc.migrate.syntax import LEGACY_KERAS

# What TensorFlow takes for "yes". Source: tensorflow/__init__.py of 2.16 to 2.21.
_SWITCHED_ON = ("true", "True", "1")
# The mark that stands for IPython's ``%env TF_USE_LEGACY_KERAS=1``.
_MAGIC = re.compile(rf"#: compat-auc magic \d+ {LEGACY_KERAS}$", re.MULTILINE)
_ASKS = re.compile(r"(?i)version|hasattr|getattr|\bPY[23]\b|TYPE_CHECKING|\.backend\(\)|image_dim_ordering|ordering")
_ASKS_RELEASE = re.compile(r"(?i)(?<!sys\.)\b_*version")
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


def depends_on_release(source: Source, node: cst.CSTNode) -> bool:
    """Whether a node is under ``if tf.__version__ ...``, for this release or for others."""
    conditions = (parent for parent in source.ancestors(node) if isinstance(parent, (cst.If, cst.IfExp)))
    return any(_ASKS_RELEASE.search(source.code(condition.test)) for condition in conditions)


def catches(source: Source, node: cst.Try) -> bool:
    kinds = [source.code(handler.type) if handler.type is not None else "" for handler in node.handlers]
    return any(_CATCHES.search(kind) for kind in kinds)


def chooses_tf_keras(source: Source) -> bool:
    """Whether the file runs on Keras 2 under any TensorFlow, because it imports tf_keras or makes ``tf.keras`` that.

    The import may stand under a condition or in a ``try``. The file as the user wrote it decides.
    """
    return _chooses(source.first)


@fact
def _chooses(source: Source) -> bool:
    if "tf_keras" not in source.text and LEGACY_KERAS not in source.text:
        return False  # the quick answer for most files
    by_call = [*source.calls("importlib.import_module"), *source.spelled("__import__")]
    names = [*source.imported_modules, *(source.constant(call.args[0].value) for call in by_call if call.args)]
    packages = {name.split(".")[0] for name in names if isinstance(name, str)}
    return "tf_keras" in packages or (sets_legacy_keras(source) and "keras" not in packages)


@fact
def sets_legacy_keras(source: Source) -> bool:
    """Whether the file sets TF_USE_LEGACY_KERAS, so that ``tf.keras`` is tf_keras."""
    by_magic = _MAGIC.search(source.text) is not None
    return by_magic or any(source.constant(value) in _SWITCHED_ON for value in _given_to_variable(source))


def _given_to_variable(source: Source) -> Iterator[cst.BaseExpression]:
    """Yield the values that statements, dicts and calls give to the variable of the environment."""
    for node, text in source.strings:
        if text != LEGACY_KERAS:
            continue
        parent = source.parents[node]
        if isinstance(parent, cst.DictElement) and parent.key is node:
            yield parent.value
        elif isinstance(parent, cst.Arg):
            call = source.parents[parent]
            value = argument(call, "value", 1) if isinstance(call, cst.Call) and call.args[0] is parent else None
            if value is not None and source.code(call.func).endswith(("setdefault", "putenv", "setenv")):
                yield value.value
        elif isinstance(parent, cst.Index):
            target = source.parents[source.parents[source.parents[parent]]]
            if isinstance(target, cst.AssignTarget):
                yield source.parents[target].value
    for name in source.named(LEGACY_KERAS):
        arg = source.parents[name]
        if isinstance(arg, cst.Arg) and arg.keyword is name:
            yield arg.value
