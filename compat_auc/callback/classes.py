"""One callback class for each Keras, because Keras takes only callbacks of its own: made on first use, once."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any, TypeVar

from compat_auc.stack import keras_module

_Self = TypeVar("_Self")
_made: dict[tuple[type, type], type] = {}


class OfKeras:
    """Mixin: an instance is a ``Callback`` of the Keras in use, and can be pickled and copied.

    As pathlib.Path gives a PosixPath: the class itself is of no Keras, those that it makes are.
    """

    model: Any  # Of ``Callback``.

    def __new__(cls: type[_Self], *args: Any, **options: Any) -> _Self:
        return object.__new__(_callback_class(cls, keras_module()))

    def __reduce_ex__(self, protocol: Any) -> Any:
        # No module has the class by name, so it is pickled as what it was made from.
        made_from = vars(type(self)).get("_made_from")
        return (_restored, made_from, self.__getstate__()) if made_from else super().__reduce_ex__(protocol)

    def __getstate__(self) -> dict[str, Any]:
        return dict(vars(self))


def _callback_class(cls: type, keras: ModuleType) -> type[Any]:
    base = keras.callbacks.Callback
    if issubclass(cls, base):
        return cls
    members = {"__module__": cls.__module__, "__doc__": cls.__doc__, "_made_from": (cls, keras.__name__)}
    # Of two threads, the first one's.
    return _made.get((cls, base)) or _made.setdefault((cls, base), type(cls.__name__, (cls, base), members))


def _restored(cls: type, of_keras: str) -> Any:
    return object.__new__(_callback_class(cls, importlib.import_module(of_keras)))
