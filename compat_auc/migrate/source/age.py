"""Tell whether a file is from before Keras 2.4 and TensorFlow 2.2, which changed what some strings mean."""

from __future__ import annotations

import enum
import re
from typing import Iterator

import libcst as cst

from compat_auc.migrate.source.guards import is_guarded
from compat_auc.migrate.source.source import Source, dotted, fact, keyword
from compat_auc.migrate.tables.names import KERAS_ROOT
from compat_auc.migrate.tables.since_keras_2_4 import SINCE_KERAS_2_4
from compat_auc.migrate.tables.tensorflow_v1 import ONLY_V1

# Packages that came later, and the tool's own.
_LATER_PACKAGES = {
    "compat_auc",
    "keras_core",
    "keras_cv",
    "keras_hub",
    "keras_nlp",
    "keras_tuner",
    "scikeras",
    "tf_keras",
}
# Arguments that the methods of a model have had since TensorFlow 2.2 to 2.4.
_LATER_ARGUMENTS = {"jit_compile", "steps_per_execution", "return_dict", "auto_scale_loss"}
_LATER_BACKENDS = {"jax", "torch", "openvino"}
# With these, tf.keras of any release builds its models as TensorFlow 1 did.
_GRAPH_MODE = {"tensorflow.compat.v1.disable_v2_behavior", "tensorflow.compat.v1.disable_eager_execution"}
_SHORT_KEY = re.compile(r"^(val_)?acc$")


class Age(enum.Enum):
    """Which meaning of the strings a file was written for."""

    OLD = "old"
    NEW = "new"
    UNKNOWN = "unknown"


def age(source: Source) -> Age:
    """Judge the file as the user wrote it: the rules take the signs of its age away."""
    return _judge(source.first)


@fact
def _judge(source: Source) -> Age:
    old = _is_tensorflow_1(source) or _reads_short_keys(source)
    new = any(_later(source))
    if old or new:
        return Age.UNKNOWN if old and new else Age.OLD if old else Age.NEW
    packages = {name.split(".")[0] for name in source.imported_modules}
    # tf.keras may be of any year. The package keras rarely is from between 2.3 and 3.0.
    return Age.OLD if "keras" in packages and "compat_auc" not in packages else Age.UNKNOWN


def _is_tensorflow_1(source: Source) -> bool:
    for node, name in source.full_names(cst.Attribute, cst.Name):
        if name in _GRAPH_MODE:
            return True
        plain = name.removeprefix("tensorflow.")
        is_old = plain != name and (plain in ONLY_V1 or plain.split(".")[0] in ONLY_V1 or plain.startswith("contrib."))
        if is_old and not is_guarded(source, node):
            return True
    return any(name.startswith("tensorflow.contrib") for name in source.imported_modules)


def _reads_short_keys(source: Source) -> bool:
    """Whether it reads ``acc`` and never asks for it: up to Keras 2.2 and TensorFlow 1 ``accuracy`` was logged so."""
    values = [value for _, value in source.strings]
    return "accuracy" in values and "acc" not in _metrics(source) and any(_SHORT_KEY.match(value) for value in values)


def _metrics(source: Source) -> set[str]:
    """The strings in the arguments called ``metrics``."""
    texts = ((value, source.enclosing(node, cst.Arg, cst.BaseSmallStatement)) for node, value in source.strings)
    return {value for value, holder in texts if isinstance(holder, cst.Arg) and keyword(holder).endswith("metrics")}


def _later(source: Source) -> Iterator[bool]:
    yield any(name.split(".")[0] in _LATER_PACKAGES - {"compat_auc"} for name in source.imported_modules)
    for node in source.all(cst.Attribute, cst.Name, cst.ImportAlias):
        yield _is_later_name(_written(source, node))
    yield any(keyword(arg) in _LATER_ARGUMENTS for arg in source.all(cst.Arg))
    values = {value for _, value in source.strings}
    yield "KERAS_BACKEND" in values and bool(values & _LATER_BACKENDS)
    yield any(value.endswith(".keras") for value in values)


def _written(source: Source, node: cst.Attribute | cst.Name | cst.ImportAlias) -> str:
    """The full name as the file spells it, without the renames that make old names new."""
    if not isinstance(node, cst.ImportAlias):
        return source.raw_name(node) or ""
    statement = source.parents[node]
    module = f"{dotted(statement.module)}." if isinstance(statement, cst.ImportFrom) and not statement.relative else ""
    return module + dotted(node.name)


def _is_later_name(name: str) -> bool:
    inside = KERAS_ROOT.sub("keras", name, count=1)
    if not inside.startswith("keras."):
        return False
    plain = inside.removeprefix("keras.")
    return plain in SINCE_KERAS_2_4 or plain.split(".")[0] in SINCE_KERAS_2_4
