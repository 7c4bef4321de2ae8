"""Make one callback class for each Keras, once, on first use. A Keras takes only callbacks of its own class."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any, TypeVar

from compat_auc.stack import keras_module

_Self = TypeVar("_Self")
_made: dict[tuple[type, type], type] = {}


class OfKeras:
    """Mixin: an instance is a ``Callback`` of the Keras in use, and can be pickled and copied.

    The class itself belongs to no Keras. It makes a subclass that does, as pathlib.Path gives a PosixPath.
    """

    model: Any  # Set by ``Callback``.

    def __new__(cls: type[_Self], *args: Any, **options: Any) -> _Self:
        return object.__new__(_callback_class(cls, keras_module()))

    def __reduce_ex__(self, protocol: Any) -> Any:
        # pickle cannot find the made class in a module, so it stores what the class was made from.
        made_from = vars(type(self)).get("_made_from")
        return (_restored, made_from, self.__getstate__()) if made_from else super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        return dict(vars(self))


def _callback_class(cls: type, keras: ModuleType) -> type[Any]:
    base = keras.callbacks.Callback
    if issubclass(cls, base):
        return cls
    members = {"__module__": cls.__module__, "__doc__": cls.__doc__, "_made_from": (cls, keras.__name__)}
    # If two threads make the class at once, both use the class of the first.
    return _made.get((cls, base)) or _made.setdefault((cls, base), type(cls.__name__, (cls, base), members))


def _restored(cls: type, of_keras: str) -> Any:
    return object.__new__(_callback_class(cls, importlib.import_module(of_keras)))
