"""Call a function with a module once it is imported, and change nothing else about its import.

Other tools have hooks for the same modules (mlflow, wrapt, ddtrace), before ours or after it. So this hook changes no
loader. It wraps the loader, and the wrapper removes itself before the module runs.

``wrapt.register_post_import_hook`` would not do: an error in its function ends the import, it does not wait for an
import of another thread, and an environment without TensorFlow has no wrapt.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import sys
import threading
from types import ModuleType
from typing import Any, Callable, Sequence


class AfterImport:
    """A finder that calls a function when the import of a module ends. It leaves the search to the other finders.

    It does not derive from ``importlib.abc.MetaPathFinder``, whose import takes half as long as the import of this
    package.

    Args:
        names: names of top-level modules.
        function: takes the module. It must not raise.
    """

    def __init__(self, names: Sequence[str], function: Callable[[ModuleType], None]) -> None:
        self._names, self._function = names, function
        self._searching = threading.local()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec that the other finders give, with its loader wrapped."""
        # If the module is there, it is being reloaded, or another thread was faster.
        if name not in self._names or name in sys.modules or hasattr(self._searching, name):
            return None
        setattr(self._searching, name, True)
        try:
            spec: Any = importlib.util.find_spec(name)
            if spec is not None and spec.loader is not None and name not in sys.modules:
                spec.loader = _Loader(spec, self._function)
            return spec
        except Exception:
            # The import system asks the finder that failed next, and says what is wrong.
            return None
        finally:
            delattr(self._searching, name)


class _Loader:
    """A loader that calls a function with its module once the module has run. All else is the wrapped loader's own.

    This includes its class, and what others set: ddtrace sets ``get_code``, and leaves this on the module as its
    loader.
    """

    __slots__ = ("__function", "__spec", "__wrapped")
    __function: Callable[[ModuleType], None]
    __spec: Any
    __wrapped: object

    def __init__(self, spec: Any, function: Callable[[ModuleType], None]) -> None:
        own = {"spec": spec, "wrapped": spec.loader, "function": function}
        for name, value in own.items():
            object.__setattr__(self, f"_Loader__{name}", value)

    @property
    def __class__(self) -> type:  # pyright: ignore[reportIncompatibleMethodOverride]  # object's can be set, too.
        return type(self.__wrapped)

    def __getattr__(self, name: str) -> Any:
        # A copy has no attributes yet. object's own look-up gives an error for it, not a recursion.
        attribute = getattr(object.__getattribute__(self, "_Loader__wrapped"), name)
        # A loader has one of these methods or both; the import system asks which.
        return functools.partial(self.__load, attribute) if name in ("exec_module", "load_module") else attribute

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__wrapped, name, value)

    def __load(self, load: Callable[[Any], Any], module: Any) -> Any:
        """Load a module. A loader's ``load_module`` takes its name instead of the module."""
        with contextlib.suppress(Exception):
            self.__step_aside(module)
        loaded = load(module)
        # A module may put another one in its place in sys.modules, as TensorFlow 1.15 does.
        self.__function(sys.modules.get(self.__spec.name) or module)
        return loaded

    def __step_aside(self, module: Any) -> None:
        """Put the wrapped loader back everywhere, before code of the module can look at it."""
        holders = (self.__spec, "loader"), (getattr(module, "__spec__", None), "loader"), (module, "__loader__")
        for holder, name in holders:
            if getattr(holder, name, None) is self:
                setattr(holder, name, self.__wrapped)
