"""Writes down the API of the installed TensorFlow, Keras, tf_keras and tf_slim.

    python tests/migrate/make_api.py compat_auc/migrate/target_api/api.json

What the file holds is said in ``compat_auc/migrate/target_api/api.py``, which reads it.
"""

import ast
import functools
import importlib
import importlib.metadata
import importlib.util
import inspect
import json
import os
import pathlib
import re
import subprocess
import sys
import warnings

from dump_api import is_module, public_names
from keyword_probe import accepted_keywords

PACKAGES = ("keras", "tf_keras", "tensorflow", "tf_slim")
# The order matters: a module that has several paths is listed under the first.
_ROOTS = ("keras", "tf_keras", "tensorflow.keras", "tensorflow", "tf_slim")
# Implementations that old scripts import from: listed from their files, without importing them.
PRIVATE = ("tensorflow.python", "tensorflow.core")
# Of those, generated modules and the old copy of Keras: which names they hold is not written down.
_UNLISTED = re.compile(r"\.gen_\w+$|\.test_ops$|^tensorflow\.python\.keras\.|_pb2$")
# Other spellings of what is listed elsewhere.
_SKIPPED = ("tensorflow.compat.v2", "tensorflow.compat.v1.compat", "tensorflow.compat.v1.raw_ops")
# Where classes are read for what they give to ``self``: those of Keras, and the bases that they have in TensorFlow.
_READ = ("keras", "tf_keras", "tensorflow.python.trackable", "tensorflow.python.module")
# What Model(inputs, outputs) makes.
_FUNCTIONAL = {
    "keras.src.models.model.Model": "keras.src.models.functional.Functional",
    "tf_keras.src.engine.training.Model": "tf_keras.src.engine.functional.Functional",
}
# The modules of Keras that look up what a string names.
_LOOK_UP = ("activations", "constraints", "initializers", "losses", "metrics", "optimizers", "regularizers")
# What TensorFlow has only with TF_USE_LEGACY_KERAS=1.
_LEGACY = ("tensorflow.compat.v1.layers", "tensorflow.compat.v1.nn.rnn_cell", "tensorflow.compat.v1.keras")


class Walk:
    """The modules and classes that can be reached from the packages by public names."""

    def __init__(self):
        self.modules = {}
        self.classes = {}
        self._paths = {}

    def module(self, path, module):
        """Enter a module under ``path``, and what it leads to."""
        if path in self.modules or path.startswith(_SKIPPED):
            return
        members = self.modules[path] = {}
        self._paths[module.__name__] = path
        for name in public_names(module):
            try:
                value = getattr(module, name)
                dir(value)
            except Exception:  # A lazy attribute whose package is not there; to a script it is not there either.
                continue
            members[name] = self._member(path, name, value)

    def _member(self, path, name, value):
        if is_module(value):
            return self._submodule(path, name, value)
        if name.startswith("_"):
            return ""
        if inspect.isclass(value):
            return self.class_(value)
        if path == "tensorflow.raw_ops":
            return "?"
        return signature(value) if callable(value) else ""

    def _submodule(self, path, name, value):
        full = f"{path}.{name}"
        home = getattr(value, "__name__", "")
        if not home.startswith(PACKAGES) or name in ("src", "python") or name.startswith("_"):
            return "m"
        if path.startswith("tf_slim") and not home.startswith("tf_slim"):
            return "m"
        if home not in self._paths:
            self.module(full, value)
        mark = "" if importable(full) else "-"
        return f"m:{self._paths[home]}{mark}" if home in self._paths else "m"

    def class_(self, value):
        key = f"{value.__module__}.{value.__qualname__}"
        if key not in self.classes and value.__module__.startswith(PACKAGES):
            self.classes[key] = {}  # A class can lead to itself.
            self.classes[key] = described(value, self)
        return f"c:{key}" if key in self.classes else "?"


def importable(path):
    try:
        importlib.import_module(path)
    except Exception:
        return False
    return True


def signature(function):
    """``a b= * c d= **``: a name with "=" has a default, "*" stands for itself or ``*args``; "?" is not known."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return "?"
    parts = []
    for one in parameters:
        if one.kind is one.VAR_KEYWORD:
            parts.append("**")
        elif one.kind is one.VAR_POSITIONAL:
            parts.append("*args")
        else:
            if one.kind is one.KEYWORD_ONLY and not {"*", "*args"} & set(parts):
                parts.append("*")
            mark = "/" if one.kind is one.POSITIONAL_ONLY else ""
            parts.append(mark + one.name + ("=" if one.default is not one.empty else ""))
    return f"({' '.join(parts)}"


def described(cls, walk):
    """A class as its bases, the signature of its making, and its own attributes."""
    hidden = "__" if cls.__module__.startswith(_READ) else "_"
    own = {
        name: attribute(value)
        for name, value in vars(cls).items()
        if not name.startswith((hidden, "_api_", "_tf_api_"))
    }
    bases = [walk.class_(base)[2:] for base in cls.__bases__ if base is not object]
    to_self = assigned(cls) if cls.__module__.startswith(_READ) else None
    own.update({name: "" for name in to_self or () if name not in own})
    is_open = to_self is None or "__getattr__" in vars(cls) or "__getattribute__" in vars(cls)
    return {"bases": bases, "init": making(cls), "own": own, **({"open": 1} if is_open else {})}


def assigned(cls):
    """The attributes that the methods of a class give to ``self``, None if its code is not there."""
    try:
        path = inspect.getsourcefile(cls)
    except TypeError:
        path = None
    return assigned_in(path).get(cls.__qualname__) if path else None


@functools.lru_cache(maxsize=None)
def assigned_in(path):
    """The same for each class of a file. ``inspect.getsource`` reads the whole file again for each class."""
    attributes = {}

    def enter(node, prefix):
        for child in ast.iter_child_nodes(node):
            inner = prefix
            if isinstance(child, ast.ClassDef):
                given = [node.attr for node in ast.walk(child) if is_given_to_name(node)]
                attributes.setdefault(prefix + child.name, given)
                inner = f"{prefix}{child.name}."
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inner = f"{prefix}{child.name}.<locals>."
            if not isinstance(child, ast.expr):
                enter(child, inner)

    enter(ast.parse(pathlib.Path(path).read_bytes()), "")
    return attributes


def is_given_to_name(node):
    """Whether a node is the target ``name.attribute``."""
    is_attribute = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    return is_attribute and isinstance(node.value, ast.Name) and not node.attr.startswith("__")


def attribute(value):
    """Nothing ("") for a value, "r" for a property that cannot be set, a signature without ``self`` for a method."""
    if isinstance(value, property):
        return "" if value.fset is not None else "r"
    if isinstance(value, (staticmethod, classmethod)):
        found = signature(value.__func__)
        return found if isinstance(value, staticmethod) else without_first(found)
    if inspect.isclass(value) or not callable(value):
        return ""
    return without_first(signature(value))


def without_first(text):
    parts = text[1:].split(" ")
    return text if text == "?" or parts[0] == "*args" else f"({' '.join(parts[1:])}"


def making(cls):
    """The parameters of ``cls(...)``, which are those of a metaclass of Keras where that names any."""
    by_metaclass = without_first(signature(vars(type(cls)).get("__call__", type.__call__)))
    if type(cls).__module__.startswith(_READ) and set(by_metaclass[1:].split()) - {"*args", "**"}:
        return by_metaclass
    if issubclass(cls, tuple) or cls.__init__ is object.__init__:
        return "(" if cls.__new__ is object.__new__ else without_first(signature(cls.__new__))
    return without_first(signature(cls.__init__))


def private_modules():
    """The modules of the implementations with the names that they bind at the top; "*" for names not written down."""
    found = {}
    folder = pathlib.Path(importlib.util.find_spec("tensorflow").origin).parent
    for path in sorted(one for part in PRIVATE for one in folder.joinpath(*part.split(".")[1:]).rglob("*")):
        relative = path.relative_to(folder).with_name(path.name.split(".")[0])
        dotted = ".".join(["tensorflow", *relative.parts]).removesuffix(".__init__")
        if path.suffix in (".so", ".py") and not path.name.endswith("_test.py"):
            is_listed = path.suffix == ".py" and not _UNLISTED.search(dotted)
            found[dotted] = " ".join(sorted(set(top_names(path)))) if is_listed else "*"
    return found


def top_names(path):
    """What the statements of a module bind, in branches too."""
    for node in statements(ast.parse(path.read_text("utf-8")).body):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.asname or alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield "*" if node.name == "__getattr__" else node.name
        else:
            yield from (
                one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            )


def statements(body):
    for node in body:
        branches = (
            [*getattr(node, "body", ()), *getattr(node, "orelse", ())] if isinstance(node, (ast.If, ast.Try)) else []
        )
        yield from statements(branches) if branches else (node,)


def walked(*packages):
    """The modules and classes that ``packages`` lead to."""
    warnings.simplefilter("ignore")
    walk = Walk()
    for package in packages:
        walk.module(package, importlib.import_module(package))
    for module, _, name in (key.rpartition(".") for key in _FUNCTIONAL.values()):
        walk.class_(getattr(importlib.import_module(module), name))
    return {"modules": walk.modules, "classes": walk.classes}


def legacy():
    """The same for what only a process with TF_USE_LEGACY_KERAS=1 has."""
    code = f"import json, make_api; print(json.dumps(make_api.walked(*{_LEGACY!r})))"
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": "1", "PYTHONPATH": str(pathlib.Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def identifiers(keras):
    """By module, the strings that it takes for something to call, or for an optimizer."""
    return {name: " ".join(sorted(_taken(getattr(keras, name)))) for name in _LOOK_UP}


def _taken(module):
    table = vars(sys.modules[module.get.__module__])
    names = {*vars(module), *table, *table.get("ALL_OBJECTS_DICT", ())}
    snake = {re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)) for name in names}
    for name in names | {name.lower() for name in snake}:
        try:
            value = module.get(name)
        except Exception:
            continue
        is_found = callable(value) or hasattr(value, "learning_rate")
        # The functions that look names up are no metrics, and ours are not Keras's.
        is_keras = not re.search("serialize|^get$|export", name) and "compat_auc" not in getattr(
            value, "__module__", ""
        )
        if is_found and is_keras and not name.startswith("_"):
            yield name


def make():
    """The whole of the data, as ``compat_auc/migrate/target_api/api.py`` describes it."""
    found = walked(*_ROOTS)
    found["modules"]["tensorflow.compat.v1"]["raw_ops"] = "m:tensorflow.raw_ops"
    old = legacy()
    found["classes"] = {**old.pop("classes"), **found["classes"]}
    for key, accepted in accepted_keywords(found["classes"]).items():
        found["classes"][key]["keywords"] = " ".join(sorted(accepted))
    for key, functional in _FUNCTIONAL.items():
        found["classes"][key].update(init="(inputs= outputs= name= **", made=functional)
        found["classes"][key]["own"].setdefault("history", "")  # which the callback History gives it
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    named = {name: identifiers(importlib.import_module(name)) for name in ("keras", "tf_keras")}
    return {
        "versions": versions,
        **found,
        "identifiers": named,
        "legacy": old["modules"],
        "private": private_modules(),
    }


def main():
    # One entry a line, so that git shows what a release changed.
    text = json.dumps(make(), sort_keys=True, indent=0)
    pathlib.Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
