"""Writes down what one installed release has: public names, parameters with defaults, attributes of classes.

    python tests/migrate/dump_api.py tensorflow dump.json

It runs on each Python from 3.7 on, because `make_old_api.py` runs it beside old releases.
"""

import importlib
import inspect
import json
import re
import sys
import types
import warnings

# Parts that no script names, and other spellings of what is listed elsewhere.
_SKIPPED = (
    "tensorflow.compat",
    "tensorflow.contrib",
    "tensorflow.raw_ops",
    "tensorflow.python",
    "tensorflow.core",
    "tensorflow.tools",
    "tensorflow.lite",
    "tensorflow.tpu",
    "tensorflow.xla",
    "tensorflow.estimator",
    "keras.src",
    "tf_keras.src",
)
# The names that TensorFlow's public modules have themselves.
_PUBLIC = re.compile(r"\b_api\.v\d\b|\bapi\._v\d\b|\bkeras\.(api\.)?_(v\d|tf_keras)\b")
_PLAIN = (bool, int, float, str, type(None))


class Dump:
    def __init__(self, package):
        self.package = package
        self.callables = {}
        self.classes = {}
        self.names = {}
        self._seen = set()

    def module(self, path, module):
        if path in self.names or path.startswith(_SKIPPED):
            return
        self.names[path] = []
        for name in public_names(module):
            try:
                value = getattr(module, name)
                dir(value)
            except Exception:  # a lazy attribute whose package is not installed
                continue
            if not name.startswith("_"):
                self._member(path, name, value)

    def _member(self, path, name, value):
        full = f"{path}.{name}"
        if is_module(value):
            home = getattr(value, "__name__", "")
            if home == full or _PUBLIC.search(home):
                self.names[path].append(name)
                if home not in self._seen:
                    self._seen.add(home)
                    self.module(full, value)
            return
        if not (getattr(value, "__module__", None) or self.package).split(".")[0].startswith((self.package, "keras")):
            return  # what the module imports from elsewhere
        self.names[path].append(name)
        if inspect.isclass(value):
            self.callables[full] = parameters(value.__init__)[1:]
            self.classes[full] = attributes(value)
        elif callable(value):
            self.callables[full] = parameters(value)


def is_module(value):
    return isinstance(value, types.ModuleType) or "LazyLoader" in type(value).__name__


def public_names(module):
    names = set(dir(module)) | set(getattr(module, "__all__", ()) or ())
    hidden = {"_tf_keras", "__internal__"}
    return sorted(name for name in names if not name.startswith("__") and name not in hidden)


def parameters(function):
    """Each parameter as ``[name, default]``; ``[name]`` has no default, ``["*"]`` and ``["**"]`` take the rest."""
    try:
        listed = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return [["?"]]
    return [parameter(entry) for entry in listed]


def parameter(entry):
    if entry.kind is entry.VAR_POSITIONAL:
        return ["*"]
    if entry.kind is entry.VAR_KEYWORD:
        return ["**"]
    return [entry.name] if entry.default is entry.empty else [entry.name, spelled(entry.default)]


def spelled(value):
    """The text of a default. Objects are named by their class or name, which is the same in each release."""
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(spelled, value)) + ")"
    if isinstance(value, _PLAIN):
        return repr(value)
    return f"<{getattr(value, '__name__', None) or getattr(value, 'name', None) or type(value).__name__}>"


def attributes(cls):
    """The public methods and properties of a class. What instances give to ``self`` has names that scripts use, too."""
    return sorted(name for name in dir(cls) if not name.startswith("_"))


def main():
    package, path = sys.argv[1:]
    warnings.simplefilter("ignore")
    root = importlib.import_module(package)
    dump = Dump(package)
    if hasattr(root, "keras"):
        dump.module(f"{package}.keras", root.keras)  # first: some of its modules are also called tf.losses and similar
    dump.module(package, root)
    version = root.__version__
    with open(path, "w") as file:
        json.dump({"version": version, "names": dump.names, "callables": dump.callables, "classes": dump.classes}, file)


if __name__ == "__main__":
    main()
