"""Make one class for each Keras, once, on first use: what belongs to one Keras means nothing to another."""

from __future__ import annotations

import importlib
import sys
import threading
import types
from types import ModuleType
from typing import Any, Callable, Tuple, TypeVar

import numpy as np

from compat_auc.backends import backend_of
from compat_auc.metrics.keras_metric import KerasMetric
from compat_auc.stack import in_graph_mode, is_keras_3, keras_module, keras_version

Parts = Tuple[type, ...]
MadeFrom = Tuple[str, str, str, Parts]

_Self = TypeVar("_Self")
_made: dict[tuple[Any, type], type] = {}
# Import nothing while you hold it: you would deadlock with a thread that imports Keras and adds our metrics at the end.
_making = threading.RLock()


def metric_class(name: str, keras: ModuleType, base: type, keras_3: Parts, keras_2: Parts) -> type:
    """The class over a metric class of a Keras, registered with that Keras as "compat_auc>" and the name.

    Args:
        name: the name of the class.
        keras: the Keras that `base` belongs to. The class has it as ``_keras``, and its backend as ``_backend``.
        base: ``keras.metrics.AUC`` or the like.
        keras_3: the classes that come before `base` under Keras 3.
        keras_2: those that come before it under Keras 2. They define ``reset_state`` under this name for every release.
    """
    parts, make = (keras_3, _in_keras_3) if is_keras_3(keras_version(keras)) else (keras_2, _in_keras_2)
    made_from = name, keras.__name__, base.__name__, parts
    members: dict[str, Any] = {"__module__": parts[-1].__module__, "__doc__": parts[-1].__doc__}
    members.update(_keras=keras, _backend=backend_of(keras), _made_from=made_from)
    with _making:
        if (parts, base) not in _made:
            _made[parts, base] = make(keras, name, parts, base, members)
    return _made[parts, base]


def _in_keras_3(keras: ModuleType, name: str, parts: Parts, base: type, members: dict[str, Any]) -> type:
    cls = type(name, (*parts, _CopiedInKeras3, base), members)
    return keras.saving.register_keras_serializable("compat_auc", name)(cls)


def _in_keras_2(keras: ModuleType, name: str, parts: Parts, base: type, members: dict[str, Any]) -> type:
    tf = sys.modules["tensorflow"]  # Not imported: see `_making`.

    # No branch depends on a tensor, so AutoGraph has nothing to convert. It cannot follow super(), and it would wrap
    # the errors that are raised.
    for method in {"update_state", "result"} & set(dir(parts[0])):
        members[method] = tf.autograph.experimental.do_not_convert(getattr(parts[0], method))
    cls: Any = type(name, (*parts, _UpdatedInKeras2, _CopiedInKeras2, base), members)
    if not hasattr(base, "reset_state"):
        cls.reset_states = cls.reset_state  # Its name before TensorFlow 2.5; can go with 1.15.
    # TensorFlow 1.15 has no registry and finds the class by its name. Can go with 1.15.
    register = getattr(keras.utils, "register_keras_serializable", None)
    return register("compat_auc", name)(cls) if register else cls


class _UpdatedInKeras2(KerasMetric):
    """Mixin: in graph mode, update in the graph itself.

    Keras 2 puts the update of a metric that is not its own into a ``tf.function``. There is no session in it, so the
    variables of ``tf.compat.v1.metrics.auc`` could not be initialized. And it would stay in memory with its constants:
    4 MB for each model with a `RankAUC` (benchmarks/memory.py).
    """

    def __new__(cls, *args: Any, **options: Any) -> _UpdatedInKeras2:
        metric: Any = super().__new__(cls)
        if in_graph_mode():
            metric.update_state = types.MethodType(cls._update_in_graph, metric)
        return metric

    def _update_in_graph(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        update = type(self).update_state(self, y_true, y_pred, sample_weight)
        self.add_update(update)
        return update


class _Copied(KerasMetric):
    """Mixin: pickle and copy a metric as its options and its counts.

    The class is in no module, so a pickle holds what `metric_class` made it from.
    """

    _build: Callable[[Any], None]
    _shape: Callable[[tuple[int | None, ...]], Any]
    _counted: Callable[[], list[np.ndarray]]
    _set_counted: Callable[[list[np.ndarray]], None]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        made_from = vars(type(self)).get("_made_from", type(self))
        return _restored, (made_from, self.get_config(), self._counted())

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        function, arguments = self.__reduce_ex__(2)
        memo[id(self)] = function(*arguments)
        return memo[id(self)]

    def _restore(self, counted: list[np.ndarray]) -> None:
        if counted and not self._counted():  # With multi_label the first batch makes the variables.
            self._build(self._shape((None, counted[0].shape[-1])))
        self._set_counted(counted)


class _CopiedInKeras3(_Copied):
    def _shape(self, sizes: tuple[int | None, ...]) -> Any:
        return sizes

    def _counted(self) -> list[np.ndarray]:
        return [self._keras.ops.convert_to_numpy(variable) for variable in self.variables]

    def _set_counted(self, counted: list[np.ndarray]) -> None:
        for variable, value in zip(self.variables, counted):
            variable.assign(value)


class _CopiedInKeras2(_Copied):
    def _shape(self, sizes: tuple[int | None, ...]) -> Any:
        return sys.modules["tensorflow"].TensorShape(sizes)

    def _counted(self) -> list[np.ndarray]:
        return self.get_weights()

    def _set_counted(self, counted: list[np.ndarray]) -> None:
        self.set_weights(counted)


def _restored(made_from: MadeFrom | type, config: dict[str, Any], counted: list[np.ndarray]) -> Any:
    """Make a metric from its pickle, which holds the class itself if the user derived it."""
    cls: Any = made_from
    if isinstance(made_from, tuple):
        name, of_keras, base, parts = made_from
        keras = importlib.import_module(of_keras)
        cls = metric_class(name, keras, getattr(keras.metrics, base), parts, parts)
    metric = cls.from_config(config)
    metric._restore(counted)
    return metric


class OfKeras:
    """Mixin: an instance is a ``Callback`` of the Keras in use, and can be pickled and copied.

    The class itself belongs to no Keras. It makes a subclass that does, as pathlib.Path gives a PosixPath.
    """

    model: Any  # Set by ``Callback``.

    def __new__(cls: type[_Self], *args: Any, **options: Any) -> _Self:
        return object.__new__(callback_class(cls, keras_module()))

    def __reduce_ex__(self, protocol: Any) -> Any:
        # pickle cannot find the made class in a module, so it stores what the class was made from.
        made_from = vars(type(self)).get("_made_from")
        return (_restored_callback, made_from, self.__getstate__()) if made_from else super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        return dict(vars(self))


def callback_class(cls: type, keras: ModuleType) -> type[Any]:
    """The class over ``keras.callbacks.Callback``. A Keras takes only callbacks of its own class."""
    base = keras.callbacks.Callback
    if issubclass(cls, base):
        return cls
    members = {"__module__": cls.__module__, "__doc__": cls.__doc__, "_made_from": (cls, keras.__name__)}
    with _making:
        if (cls, base) not in _made:
            _made[cls, base] = type(cls.__name__, (cls, base), members)
    return _made[cls, base]


def _restored_callback(cls: type, of_keras: str) -> Any:
    return object.__new__(callback_class(cls, importlib.import_module(of_keras)))
