"""One metric class for each Keras, because a metric of one Keras means nothing to another: made on first use, once."""

from types import ModuleType
from typing import Any, Dict, Tuple

from compat_auc.backends import backend_of
from compat_auc.stack import is_keras_3, keras_version

Parts = Tuple[type, ...]

_made = {}  # type: Dict[Tuple[Parts, type], type]


def metric_class(name: str, keras: ModuleType, base: type, keras_3: Parts, keras_2: Parts) -> type:
    """The class over a metric class of a Keras, registered with it as "compat_auc>" and the name.

    Args:
        name: of the class.
        keras: the Keras that `base` belongs to; the class has it as ``_keras``, and its backend as ``_backend``.
        base: ``keras.metrics.AUC`` or the like.
        keras_3: the classes that come before `base` under Keras 3.
        keras_2: those that come before it under Keras 2. Their ``reset_state`` is called so whatever the release.
    """
    parts, make = (keras_3, _in_keras_3) if is_keras_3(keras_version(keras)) else (keras_2, _in_keras_2)
    if (parts, base) not in _made:
        members = {
            "__module__": parts[-1].__module__,
            "__doc__": parts[-1].__doc__,
            "_keras": keras,
            "_backend": backend_of(keras),
        }
        _made[parts, base] = make(keras, name, (*parts, base), members)
    return _made[parts, base]


def _in_keras_3(keras: ModuleType, name: str, bases: Parts, members: Dict[str, Any]) -> type:
    return keras.saving.register_keras_serializable("compat_auc", name)(type(name, bases, members))


def _in_keras_2(keras: ModuleType, name: str, bases: Parts, members: Dict[str, Any]) -> type:
    import tensorflow as tf

    # No branch depends on a tensor, so AutoGraph has nothing to convert; it would lose its way in super(), and wrap
    # the errors that are raised.
    for method in {"update_state", "result"} & set(dir(bases[0])):
        members[method] = tf.autograph.experimental.do_not_convert(getattr(bases[0], method))
    cls = type(name, bases, members)
    if not hasattr(bases[-1], "reset_state"):
        cls.reset_states = cls.reset_state  # Its name before TensorFlow 2.5; can go with 1.15.
    # TensorFlow 1.15 has no registry: there the class is found by its name. Can go with it.
    register = getattr(keras.utils, "register_keras_serializable", None)
    return register("compat_auc", name)(cls) if register else cls
