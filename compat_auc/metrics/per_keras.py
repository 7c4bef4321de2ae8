"""Make one class for each Keras, once, on first use: what belongs to one Keras means nothing to another."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
import threading
import types
from types import ModuleType
from typing import Any, Callable, Iterable, Tuple, TypeVar

import numpy as np

from compat_auc.backends import backend_of
from compat_auc.metrics.keras_metric import KerasMetric
from compat_auc.stack import (
    cure,
    in_graph_mode,
    is_keras_3,
    keras_module,
    keras_name,
    keras_of,
    keras_package,
    keras_version,
    loaded_keras,
    package_of,
)

Parts = Tuple[type, ...]
# What `metric_class` or `derived_class` made a class from. A pickle holds it, because the class is in no module.
Recipe = Tuple[Any, ...]

_Self = TypeVar("_Self")
_classes: dict[tuple[Any, type], type] = {}
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
    recipe = name, keras.__name__, base.__name__, parts
    members: dict[str, Any] = {"__module__": parts[-1].__module__, "__doc__": parts[-1].__doc__}
    members.update(_keras=keras, _backend=backend_of(keras), _recipe=recipe)
    # No branch depends on a tensor, so AutoGraph has nothing to convert. It cannot follow super(), it would wrap the
    # errors that are raised, and it warns of imports in a function.
    for part in reversed(parts):
        for method in {"update_state", "result"} & set(dir(part)):
            members[method] = members["_backend"].not_converted(getattr(part, method))
    members["update_state"] = _checking_the_trainer(members["update_state"])
    with _making:
        if (parts, base) not in _classes:
            _classes[parts, base] = make(keras, name, parts, base, members)
    return _classes[parts, base]


def _in_keras_3(keras: ModuleType, name: str, parts: Parts, base: type, members: dict[str, Any]) -> type:
    cls = type(name, (*parts, _CopiedInKeras3, base), members)
    return keras.saving.register_keras_serializable("compat_auc", name)(cls)


def _in_keras_2(keras: ModuleType, name: str, parts: Parts, base: type, members: dict[str, Any]) -> type:
    cls: Any = type(name, (*parts, _UpdatedInKeras2, _CopiedInKeras2, base), members)
    if not hasattr(base, "reset_state"):
        cls.reset_states = cls.reset_state  # Its name before TensorFlow 2.5; can go with 1.15.
    # TensorFlow 1.15 has no registry and finds the class by its name. Can go with 1.15.
    register = getattr(keras.utils, "register_keras_serializable", None)
    if register is None:
        return cls
    # Keras 2 registers no name twice. After a reload, or a second import of this package, the class is another one.
    keras.utils.get_custom_objects().pop(f"compat_auc>{name}", None)
    return register("compat_auc", name)(cls)


def set_to_zero(keras: ModuleType, variables: Iterable[Any]) -> None:
    """Set variables of a Keras 2 to zero, in its session if it has one. Keras initializes only its own variables."""
    keras.backend.batch_set_value([(variable, np.zeros(variable.shape.as_list())) for variable in variables])


def _checking_the_trainer(update_state: Callable[..., Any]) -> Callable[..., Any]:
    """The method, which first looks who trains."""

    @functools.wraps(update_state)
    def update(self: Any, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        _check_trainer(self)
        return update_state(self, y_true, y_pred, sample_weight)

    return update


def _check_trainer(metric: Any) -> None:
    """Raise in the training or evaluation of a model of another Keras.

    To that model the metric is a plain function: its values would be averaged, and it would never be reset.
    """
    if not _has_several_trainers() or metric._backend.is_compiling():
        return  # torch.compile cannot follow the call stack, and only a Keras on torch, the metric's own, compiles.
    trainer, own = _trainer(), keras_package(metric._keras)
    if trainer not in (None, own):
        name = type(metric).__name__
        others = [keras for keras in loaded_keras() if keras_package(keras) == trainer]
        own_keras = f"{keras_name(metric._keras)} {keras_version(metric._keras)}"
        received = " or ".join(map(keras_name, others)) or "tensorflow.python.keras"
        way_out = cure(_PUBLIC_NAMES.get(name, name), others) if others else _WITHOUT_THE_COPY
        raise ValueError(
            f"the metric {metric.name!r} expects a model of {own_keras}, whose metric it is. Received: a model of "
            f"{received}, which would average its values over the batches and never reset it. "
            f"{way_out}"
        )


# The names of the functions and the class that programs make metrics with.
_PUBLIC_NAMES = {"AucRoc": "auc_roc", "LegacyAucRoc": "legacy_auc_roc"}


_WITHOUT_THE_COPY = (
    "That is a copy of Keras inside of TensorFlow, which no release of Keras uses. Import Keras as keras, tf_keras or "
    "tensorflow.keras."
)


def _has_several_trainers() -> bool:
    """Whether the program can have a model of a second Keras. TensorFlow brings another one, besides those packages."""
    return sum(package in sys.modules for package in ("keras", "tf_keras", "tensorflow")) > 1


def _trainer() -> str | None:
    """The package of the Keras whose training or evaluation the caller runs in. None outside, and in a callback."""
    frame = inspect.currentframe()
    while frame is not None:
        trainer = _trainer_of(frame.f_globals.get("__name__") or "")
        if trainer is not None:
            return trainer or None
        frame = frame.f_back
    return None


@functools.lru_cache(maxsize=None)
def _trainer_of(module: str) -> str | None:
    """The package of a module that trains, "" for a module of callbacks, None for other modules."""
    package = package_of(module)
    if package is not None and ".callbacks" in module:
        return ""
    return package if any(part in module for part in _TRAINERS) else None


# Parts of the names of modules that train and evaluate: of Keras 3, and of Keras 2.
_TRAINERS = (".trainer", ".engine.training", ".engine.compile_utils")


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
        recipe = vars(type(self)).get("_recipe", type(self))
        return _restored, (recipe, self.get_config(), self._counted())

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        function, arguments = self.__reduce_ex__(2)
        memo[id(self)] = function(*arguments)
        return memo[id(self)]

    def _restore(self, counted: list[np.ndarray]) -> None:
        if counted and not self._counted():  # With multi_label the first batch makes the variables.
            self._build(self._shape((None, counted[0].shape[-1])))
        self._set_counted(counted)


class _CopiedInKeras3(_Copied):
    def add_variable(self, shape: Any, initializer: Any, dtype: Any = None, **options: Any) -> Any:
        variable = super().add_variable(shape, initializer, dtype=dtype, **options)
        # In a layer's `call` under mixed_float16, Keras 3 (3.15) gives a float16 copy of a variable, a metric's, too.
        # Counts would stop at 2,048, and on torch be written into the copy.
        variable._autocast = False
        return variable

    @property
    def variables(self) -> list[Any]:  # pyright: ignore[reportIncompatibleVariableOverride]
        # tf_keras asks for them when it compiles. It would then fail on a variable that is not its own.
        _check_trainer(self)
        return super().variables

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


def _restored(recipe: Recipe | type, config: dict[str, Any], counted: list[np.ndarray]) -> Any:
    """Make a metric from its pickle, which holds the class itself if it is the user's."""
    metric = _class_again(recipe).from_config(config)
    metric._restore(counted)
    return metric


def _class_again(recipe: Recipe | type) -> Any:
    if not isinstance(recipe, tuple):
        return recipe
    if len(recipe) == 2:
        cls, base = recipe
        return derived_class(cls, _class_again(base))
    name, of_keras, base, parts = recipe
    keras = importlib.import_module(of_keras)
    return metric_class(name, keras, getattr(keras.metrics, base), parts, parts)


def derived_class(cls: Any, base: Any) -> Any:
    """The class over a user's class and the metric class of a Keras that it shall be.

    It has the name of the user's class. If that is registered with the Keras, this class takes its place there, so
    that what is saved has the registered name.

    Args:
        cls: derived from a class that belongs to no Keras, such as `RankAUC`.
        base: that class for a Keras, from `metric_class`.
    """
    keras = base._keras
    members = {name: getattr(cls, name) for name in ("__module__", "__qualname__", "__doc__")}
    with _making:
        # On the class itself, so that both can go together: a notebook makes a class again with each run of its cell.
        by_base: dict[Any, type] = cls._by_base if "_by_base" in vars(cls) else {}
        cls._by_base = by_base
        if base not in by_base:
            by_base[base] = type(cls.__name__, (cls, base), {**members, "_recipe": (cls, base._recipe)})
            _register_in_place_of(cls, by_base[base], keras)
    return by_base[base]


def _register_in_place_of(cls: type, derived: type, keras: ModuleType) -> None:
    registry = keras.saving if hasattr(getattr(keras, "saving", None), "get_registered_name") else keras.utils
    if not hasattr(registry, "get_registered_name"):  # TensorFlow 1.15 has no registry. Can go with it.
        return
    package, separator, name = registry.get_registered_name(cls).partition(">")
    if separator:
        registry.get_custom_objects().pop(package + separator + name, None)  # Keras 2 registers no name twice.
        registry.register_keras_serializable(package, name)(derived)


class OfKeras:
    """Mixin: an instance is a ``Callback`` of the Keras of its model, and can be pickled and copied.

    The class itself belongs to no Keras. It makes a subclass that does, as pathlib.Path gives a PosixPath. If the model
    turns out to be of another Keras, the callback becomes one of that.
    """

    model: Any  # Set by ``Callback``.

    def __new__(cls: type[_Self], *args: Any, **options: Any) -> _Self:
        return object.__new__(callback_class(cls, keras_module()))

    def set_model(self, model: Any) -> None:
        """Take the model, as every callback does, and become a callback of its Keras."""
        keras, (cls, _) = keras_of(model), vars(type(self)).get("_recipe", (None, None))
        if keras is not None and cls is not None and not isinstance(self, keras.callbacks.Callback):
            self.__class__ = callback_class(cls, keras)
            keras.callbacks.Callback.__init__(self)
        super().set_model(model)  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]

    def __reduce_ex__(self, protocol: Any) -> Any:
        # pickle cannot find the made class in a module, so it stores what the class was made from.
        recipe = vars(type(self)).get("_recipe")
        return (_restored_callback, recipe, self.__getstate__()) if recipe else super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        return dict(vars(self))


def callback_class(cls: type, keras: ModuleType) -> type[Any]:
    """The class over ``keras.callbacks.Callback``. A Keras takes only callbacks of its own class."""
    base = keras.callbacks.Callback
    if issubclass(cls, base):
        return cls
    members = {"__module__": cls.__module__, "__doc__": cls.__doc__, "_recipe": (cls, keras.__name__)}
    with _making:
        if (cls, base) not in _classes:
            _classes[cls, base] = type(cls.__name__, (cls, base), members)
    return _classes[cls, base]


def _restored_callback(cls: type, of_keras: str) -> Any:
    return object.__new__(callback_class(cls, importlib.import_module(of_keras)))
