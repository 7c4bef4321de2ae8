"""Find which TensorFlow, which Keras and which mode a program uses. No other module compares versions.

Nothing is cached. A program can import ``tf_keras`` or call ``disable_v2_behavior()`` at any time, and that changes the
answer.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from types import FunctionType, ModuleType
from typing import Any, Iterable, NamedTuple

GRAPH_AUC = "tf.compat.v1.metrics.auc"
OLDEST_TENSORFLOW = (1, 15)
INSTALL = 'pip install "compat-auc[tensorflow]"'


class Runtime(NamedTuple):
    """What `runtime` found.

    Attributes:
        tensorflow: TensorFlow's version, or None if the program runs without it (JAX, torch).
        keras: the name of the Keras in use: "keras" (Keras 3, and multi-backend Keras up to 2.3), "tf_keras", or
            "tf.keras" (the Keras that comes with TensorFlow, up to 2.15).
        keras_version: the version of that Keras.
        backend: "tensorflow", "jax" or "torch".
        mode: "eager" or "graph".
        implementation: the public name of the metric that `auc_roc` counts with here.
    """

    tensorflow: str | None
    keras: str
    keras_version: str
    backend: str
    mode: str
    implementation: str


class UnsupportedRuntime(RuntimeError):
    """Raised if compat_auc cannot work with the installed TensorFlow and Keras. The message says what to do.

    >>> try:
    ...     auc_of_the_keras_in_use = runtime().implementation
    ... except UnsupportedRuntime as error:
    ...     print(error)
    """


def major_minor(version: str) -> tuple[int, ...]:
    """The first two numbers of a version. A pre-release or nightly counts as the release that it leads to.

    >>> major_minor("1.15.5"), major_minor("2.16.0-rc0"), major_minor("3.0.0.dev2023100103")
    ((1, 15), (2, 16), (3, 0))
    """
    from packaging.version import Version

    release = (*Version(version.replace("-tf", "")).release, 0)  # tf.keras of TensorFlow 1.15 is "2.2.4-tf".
    return release[:2]


def is_keras_3(version: str) -> bool:
    """Whether this is Keras 3, which has other metric classes, another look-up of names, and no graph mode."""
    return major_minor(version) >= (3, 0)


def keras_inside_tensorflow(tensorflow_version: str) -> bool:
    """Whether TensorFlow itself contains the code of ``tf.keras``.

    It does up to 2.5. Since 2.6 the code is in the package ``keras`` or ``tf_keras``. Can go when TensorFlow 2.5 goes.
    """
    return major_minor(tensorflow_version) < (2, 6)


def wants_tf_keras(tensorflow_version: str | None) -> bool:
    """Whether ``TF_USE_LEGACY_KERAS`` makes ``tf.keras`` mean ``tf_keras``. TensorFlow reads it since 2.14."""
    asked = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    return asked and (tensorflow_version is None or major_minor(tensorflow_version) >= (2, 14))


def tensorflow_module() -> ModuleType | None:
    """TensorFlow, if the program has imported it."""
    return _imported("tensorflow")


def _imported(name: str) -> ModuleType | None:
    """A module, if the program has imported it. Waits for another thread that is importing it."""
    return importlib.import_module(name) if sys.modules.get(name) is not None else None


def require_tensorflow_1_15() -> None:
    """Raise if the program has imported a TensorFlow that is too old.

    Raises:
        UnsupportedRuntime: the message names the nearest TensorFlow that works.
    """
    tensorflow = tensorflow_module()
    if tensorflow is not None and major_minor(tensorflow.__version__) < OLDEST_TENSORFLOW:
        raise UnsupportedRuntime(
            "compat_auc expects TensorFlow 1.15 or later, the first one with the functions that it calls. "
            f"Received: TensorFlow {tensorflow.__version__}. "
            'The nearest one: pip install "tensorflow==1.15.5" "protobuf<3.21".'
        )


def require_tensorflow() -> ModuleType:
    """TensorFlow, for code that only it can run. It is imported if the program has not imported it.

    Raises:
        UnsupportedRuntime: if there is no TensorFlow, or one that is too old.
    """
    if tensorflow_module() is None:
        if not importlib.util.find_spec("tensorflow"):
            raise UnsupportedRuntime(f"TensorFlow is not installed, and a TensorFlow graph needs it: {INSTALL}")
        importlib.import_module("tensorflow")
    require_tensorflow_1_15()
    return sys.modules["tensorflow"]


def loaded_keras() -> list[ModuleType]:
    """Every Keras that the program has imported. The one that it most likely means comes first.

    ``tf_keras`` comes first because TensorFlow imports ``keras`` by itself, and ``tf_keras`` only when asked to.
    """
    loaded = [module for module in map(_imported, ("tf_keras", "keras")) if module is not None]
    tensorflow = tensorflow_module()
    if tensorflow is None or not keras_inside_tensorflow(tensorflow.__version__):
        return loaded
    # The package keras 2.4 has its classes from TensorFlow, too.
    is_there = keras_package(tensorflow.keras) in map(keras_package, loaded)
    return loaded if is_there else [*loaded, tensorflow.keras]


def package_of(module_name: str) -> str | None:
    """The package whose Keras a module is part of: "keras", "tf_keras", "tensorflow", or None for other modules.

    >>> package_of("keras.src.models.model"), package_of("tensorflow.python.keras.engine"), package_of("tensorflow.io")
    ('keras', 'tensorflow', None)
    """
    package, *rest = module_name.split(".")
    if package in ("keras", "tf_keras"):
        return package
    # TensorFlow 1.15 names its modules "tensorflow_core.python...".
    return "tensorflow" if package in ("tensorflow", "tensorflow_core") and "keras" in rest else None


def keras_package(keras: ModuleType) -> str | None:
    """The package that a Keras module takes its classes from, or None if it is no Keras.

    ``tf.keras`` has them from "keras", "tf_keras", or "tensorflow".
    """
    metric = getattr(getattr(keras, "metrics", None), "Metric", None)
    return package_of(metric.__module__) if metric is not None else None


def keras_of(model: object) -> ModuleType | None:
    """The Keras whose class a model, or another object, is an instance of; None if it is of none."""
    packages = [package_of(cls.__module__) for cls in type(model).__mro__]
    return next((keras for keras in loaded_keras() if keras_package(keras) in packages), None)


def _named_by_caller(loaded: list[ModuleType]) -> list[ModuleType]:
    """Of several Kerases, those that the calling code names. If it names none, the code that called it decides.

    Code of a Keras names that Keras, so what a Keras makes from a saved config is its own.
    """
    import inspect  # Not at the top: it takes longer to import than the rest of what this package needs at first.

    frame = inspect.currentframe()
    while frame is not None:
        module = frame.f_globals.get("__name__") or ""
        if not module.startswith(__name__.split(".")[0] + "."):
            for packages in ({package_of(module)}, _packages(frame.f_locals), _packages(frame.f_globals)):
                named = [keras for keras in loaded if keras_package(keras) in packages]
                if named:
                    return named
        frame = frame.f_back
    return []


def _packages(names: dict[str, Any]) -> set[str | None]:
    """The packages of the Kerases that modules, classes, functions and objects belong to."""
    packages: set[str | None] = set()
    for value in list(names.values()):
        if isinstance(value, ModuleType):
            name = getattr(value, "__name__", None)
        else:
            name = getattr(value if isinstance(value, (type, FunctionType)) else type(value), "__module__", None)
        packages.add(package_of(name) if isinstance(name, str) else None)
    return packages - {None}


def chosen_keras(keras: ModuleType | None, name: str) -> ModuleType:
    """The Keras that a metric is made for.

    Args:
        keras: the program's choice: a Keras module, or None.
        name: the metric's name, for the message.

    Raises:
        ValueError: if the program has several Kerases, and nothing says which one is meant.
        TypeError: if `keras` is no Keras module.
        UnsupportedRuntime: as `keras_module`.
    """
    if keras is None:
        loaded = loaded_keras()
        if len(loaded) > 1 and not wants_tf_keras(None) and len(_named_by_caller(loaded)) > 1:
            raise ValueError(f"{name} is a metric of one Keras, and {_several(loaded)}. {cure(name, loaded)}")
        return keras_module()
    require_tensorflow_1_15()
    package = keras_package(keras)
    for module in loaded_keras():
        if package is not None and keras_package(module) == package:
            return module
    raise TypeError(f"{name} expects keras=keras, keras=tf_keras or keras=tf.keras, a module. Received: {keras!r}.")


def cure(name: str, loaded: Iterable[ModuleType]) -> str:
    """Say how a program with several Kerases says which one it means."""
    choices = " or ".join(f"{name}(keras={keras_name(keras)})" for keras in loaded)
    return (
        f"Name the Keras of the model: {choices}. In metrics=[auc_roc] and metrics=['auc_roc'], without brackets, "
        "nothing is to be named: there Keras makes the metric itself."
    )


def _several(loaded: list[ModuleType]) -> str:
    """Say which Kerases the program has, and which packages import them."""
    parts: list[str] = []
    for keras in loaded:
        users = sorted(_users(keras))
        by = f" (imported by {', '.join(users[:3])})" if users else ""
        parts.append(f"{keras_name(keras)} {keras_version(keras)}{by}")
    return "this program has imported " + " and ".join(parts)


def _users(keras: ModuleType) -> set[str]:
    """The top-level names of the imported modules that name a Keras module: ``tensorflow_hub`` names ``tf_keras``."""
    own = {keras.__name__.split(".")[0], "tensorflow", __name__.split(".")[0]}
    modules = [(name.split(".")[0], module) for name, module in list(sys.modules.items())]
    return {
        top
        for top, module in modules
        if top not in own
        and not top.startswith("__")
        and any(value is keras for value in list(getattr(module, "__dict__", {}).values()))
    }


def keras_module() -> ModuleType:
    """The Keras in use. It is imported if the program has imported none.

    Of several, it is the one that the calling code names. If that names none or several, it is ``tf_keras``.

    Raises:
        UnsupportedRuntime: if there is no Keras, if it is not the one that the environment asks for, or if TensorFlow
            is too old.
    """
    require_tensorflow_1_15()
    loaded = loaded_keras()
    if loaded:
        named = _named_by_caller(loaded) if len(loaded) > 1 else []
        return named[0] if len(named) == 1 else loaded[0]
    tensorflow = tensorflow_module()
    wanted = "tf_keras" if wants_tf_keras(tensorflow.__version__ if tensorflow else None) else "keras"
    if importlib.util.find_spec(wanted):
        return _import_keras(wanted)
    if wanted == "tf_keras":
        raise UnsupportedRuntime(
            "TF_USE_LEGACY_KERAS is set, but the package tf_keras is not installed. "
            "Install it (pip install tf_keras), or unset TF_USE_LEGACY_KERAS."
        )
    if tensorflow is None and importlib.util.find_spec("tensorflow"):
        importlib.import_module("tensorflow")
        return keras_module()
    raise UnsupportedRuntime(
        "No Keras found: neither keras, nor tf_keras, nor a TensorFlow that contains one. Install TensorFlow, which "
        f"brings Keras: {INSTALL} (or Keras for the JAX or torch that you have: pip install keras)."
    )


def _import_keras(name: str) -> ModuleType:
    """Import a Keras package, which imports the framework that it computes with."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in ("tensorflow", "jax", "torch"):
            raise
        others = [other for other in ("jax", "torch") if importlib.util.find_spec(other)]
        raise UnsupportedRuntime(
            f"The package {name} is installed, and {error.name}, which it computes with, is not. Install TensorFlow: "
            + INSTALL
            + "".join(f", or set the environment variable KERAS_BACKEND to {other}" for other in others)
            + "."
        ) from error


def keras_version(keras: ModuleType) -> str:
    """The version of a Keras module. A release without ``__version__`` has it as ``version()``."""
    return getattr(keras, "__version__", None) or keras.version()


def keras_name(keras: ModuleType) -> str:
    """The usual name of this Keras: "keras", "tf_keras", or "tf.keras" if it comes with TensorFlow."""
    if keras.__name__ == "tf_keras":
        return "tf_keras"
    # From 2.4 to 2.15 the package keras is the code behind tf.keras.
    return "keras" if is_keras_3(keras_version(keras)) or is_multi_backend(keras) else "tf.keras"


def is_multi_backend(keras: ModuleType) -> bool:
    """Whether this is Keras up to 2.3, which runs on TensorFlow 1. Can go with TensorFlow 1.15.

    A name gives it a function, never a class.
    """
    return keras.__name__ == "keras" and major_minor(keras_version(keras)) < (2, 4)


def keras_backend(keras: ModuleType) -> str:
    """The framework that a Keras computes with: "tensorflow", "jax" or "torch"."""
    return keras.backend.backend() if is_keras_3(keras_version(keras)) else "tensorflow"


def in_graph_mode() -> bool:
    """Whether the calling code builds a TensorFlow 1 graph. The inside of a ``tf.function`` is not one."""
    tensorflow = tensorflow_module()
    if tensorflow is None:
        return False
    # TensorFlow 1.15 has the function, but does not export it; can go when 1.15 goes.
    ask = getattr(tensorflow.compat.v1, "executing_eagerly_outside_functions", None)
    if ask is None:
        ask = importlib.import_module("tensorflow.python.framework.ops").executing_eagerly_outside_functions
    return not ask()


def require_eager_keras_3(keras: ModuleType) -> None:
    """Raise in a TensorFlow 1 graph, where Keras 3 cannot work.

    Raises:
        UnsupportedRuntime: in a graph. The message says what to do.
    """
    if in_graph_mode():
        raise UnsupportedRuntime(
            f"Keras {keras_version(keras)} does not work in graph mode, and eager execution is off "
            "(disable_v2_behavior, disable_eager_execution, or inside tf.Graph().as_default()). Either leave it on, or "
            "run on Keras 2: pip install tf_keras, set TF_USE_LEGACY_KERAS=1 before the program imports TensorFlow."
        )


def runtime(keras: ModuleType | None = None) -> Runtime:
    """Say which TensorFlow, which Keras and which mode the program uses, and what `auc_roc` is there.

    The Keras in use is the one that the program imported. If it imported several, it is the one that the calling code
    names; if that names none or several, it is ``tf_keras``, because TensorFlow imports Keras 3 by itself. If the
    program imported none, `runtime` imports the one that ``tf.keras`` would be.

    Args:
        keras: a Keras module, to ask about that one.

    Returns:
        A `Runtime`.

    Raises:
        UnsupportedRuntime: if the installed packages cannot work. The message says what to install or to switch.

    >>> runtime().mode
    'eager'
    """
    keras = keras_module() if keras is None else keras
    version, name, backend = keras_version(keras), keras_name(keras), keras_backend(keras)
    tensorflow = tensorflow_module()
    graph = backend == "tensorflow" and in_graph_mode()
    if is_keras_3(version) and backend == "tensorflow":
        require_eager_keras_3(keras)
    return Runtime(
        tensorflow=tensorflow.__version__ if tensorflow is not None else None,
        keras=name,
        keras_version=version,
        backend=backend,
        mode="graph" if graph else "eager",
        implementation=GRAPH_AUC if graph else f"{name}.metrics.AUC",
    )
