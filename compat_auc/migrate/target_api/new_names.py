"""Find where the target has a dotted Keras name of an old script."""

from __future__ import annotations

from compat_auc.migrate.tables.backend_names import KEPT
from compat_auc.migrate.tables.names import KERAS_ROOT, MOVED_NAMES, MOVED_NAMES_KERAS3, SEVERAL_NAMES, move_module
from compat_auc.migrate.target_api.api import api

# Parts of Keras 3 that a script reaches only through ``tensorflow.keras``.
_ONLY_IN_TENSORFLOW = (
    "keras.preprocessing.text",
    "keras.preprocessing.image.ImageDataGenerator",
    "keras.preprocessing.image.DirectoryIterator",
    "keras.preprocessing.image.NumpyArrayIterator",
    "keras.preprocessing.image.Iterator",
    "keras.preprocessing.image.apply_affine_transform",
    "keras.preprocessing.image.random_rotation",
    "keras.preprocessing.image.random_shift",
    "keras.preprocessing.sequence.TimeseriesGenerator",
    "keras.preprocessing.sequence.make_sampling_table",
    "keras.preprocessing.sequence.skipgrams",
)


def relocate(raw: str, target: str, legacy_backend: bool = False) -> str:
    """Return the full dotted name on ``target`` of what an old script calls ``raw``, or ``raw`` if nothing moved.

    The answer is never a name that the target lacks: ``raw`` stays then.

    ``legacy_backend`` says that the script uses backend functions that Keras 3 has only inside TensorFlow. Its whole
    ``keras.backend`` then comes from there.

    >>> relocate("keras.layers.core.Dense", "keras3")
    'keras.layers.Dense'
    >>> relocate("keras.utils.np_utils.to_categorical", "tf_keras")
    'tf_keras.utils.to_categorical'
    >>> relocate("keras.backend.mean", "keras3")
    'tensorflow.keras.backend.mean'
    >>> relocate("keras.utils.generic_utils.to_list", "keras3")
    'keras.utils.generic_utils.to_list'
    """
    match = KERAS_ROOT.match(raw)
    if not match:
        return raw
    if match.group() == "tensorflow" and target == "keras3":
        return raw  # ``tf.optimizers`` and similar modules are those of Keras 3
    moved = _moved(raw, match.end(), match.group() != "keras", target, legacy_backend)
    stays = f"{moved.partition('keras')[0]}keras{raw[match.end() :]}"
    return next((name for name in (moved, *_siblings(moved), stays) if api().has(name)), raw)


def _siblings(name: str) -> list[str]:
    """Return the other names of a loss or metric function."""
    module, _, last = name.rpartition(".")
    if not module.endswith(("keras.losses", "keras.metrics")):
        return []
    return [f"{module}.{other}" for names in SEVERAL_NAMES if last in names for other in names]


def _moved(raw: str, root: int, inside: bool, target: str, legacy_backend: bool) -> str:
    name = move_module("keras" + raw[root:])
    name = MOVED_NAMES.get(name, name)
    if target == "tf_keras":
        return "tf_" + name
    name = MOVED_NAMES_KERAS3.get(name, name)
    if inside or _needs_tensorflow(name, legacy_backend):
        return "tensorflow." + name
    return name


def _needs_tensorflow(name: str, legacy_backend: bool) -> bool:
    if name == "keras.backend":
        return legacy_backend
    if name.startswith("keras.backend."):
        return legacy_backend or name.split(".")[2] in KEPT
    return any(name == prefix or name.startswith(prefix + ".") for prefix in _ONLY_IN_TENSORFLOW)
