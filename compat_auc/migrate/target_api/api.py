"""Look up what TensorFlow, Keras, tf_keras and tf_slim have: public names, parameters, and attributes of classes.

The data is in ``api.json``, which ``tests/migrate/make_api.py`` makes from the installed packages:

- ``versions``: the versions of these packages.
- ``modules``: by path, a reference for each name. ``m:path`` is a module ("-" at its end: no import statement can
  name it), ``m`` a module that is not followed, ``c:key`` a class, ``(a b= *args c= **`` a function ("=" marks a
  default; what follows "*" goes by keyword), ``?`` another callable, and an empty text a value.
- ``classes``: by key, ``init`` (the parameters), ``bases``, ``own`` attributes ("r": it cannot be set), ``open`` if an
  instance may have other attributes, ``keywords`` (those that its ``**`` takes, if it refuses all others) and ``made``
  (the class of the result of a call, if it is another class).
- ``identifiers``: by package and module, the strings that the module looks up, as ``keras.losses`` does "mse".
- ``private``: modules of TensorFlow's implementation, with the names that they bind.
- ``legacy``: modules that exist only with TF_USE_LEGACY_KERAS=1.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Iterator

PACKAGES = ("tensorflow", "keras", "tf_keras", "tf_slim")
DATA = Path(__file__).with_name("api.json")
UNKNOWN = "m"
# With TF_USE_LEGACY_KERAS=1, this is tf_keras.
_OF_TENSORFLOW = re.compile(r"^tensorflow\.(compat\.v[12]\.)?keras(?=\.|$)")


@dataclass(frozen=True)
class Missing:
    """A name that is missing: ``owner`` exists, and has no ``name``."""

    owner: str
    name: str


@dataclass(frozen=True)
class Signature:
    """The parameters of a callable. ``names`` are in order; ``keywords`` go by name only."""

    names: tuple[str, ...]
    keywords: frozenset[str]
    required: frozenset[str]
    takes_rest: bool
    takes_any: bool

    @staticmethod
    def parse(text: str, extra: str | None = None) -> Signature:
        """Read the signature in ``text``. ``extra`` are the keywords that its ``**`` takes; None means any."""
        parts = text[1:].split()
        star = next((index for index, part in enumerate(parts) if part.startswith("*")), len(parts))
        plain = [part.strip("=") for part in parts[:star]]
        named = {part.strip("=") for part in parts[star:] if not part.startswith("*")}
        required = {part for part in parts if not part.endswith("=") and part[0] not in "*/"}
        return Signature(
            tuple(plain),
            frozenset(named | set((extra or "").split())),
            frozenset(required),
            "*args" in parts,
            "**" in parts and extra is None,
        )

    def takes(self, keyword: str) -> bool:
        return self.takes_any or keyword in self.names or keyword in self.keywords


class Api:
    """The API of the packages as one process sees it."""

    def __init__(self, data: dict[str, Any], legacy: bool = False) -> None:
        self.versions: dict[str, str] = data["versions"]
        self.classes: dict[str, dict[str, Any]] = data["classes"]
        self.private: dict[str, str] = data["private"]
        self.modules: dict[str, dict[str, str]] = data["modules"]
        self._identifiers: dict[str, dict[str, str]] = data["identifiers"]
        self.legacy: bool = legacy
        self._derived: dict[str, frozenset[str]] = {}
        if legacy:
            self.modules = {**self.modules, **data["legacy"]}

    def takes_string(self, package: str, module: str, text: str) -> bool:
        """Whether a module such as ``losses`` finds what a string names.

        >>> api().takes_string("keras", "losses", "mse"), api().takes_string("keras", "losses", "logcosh")
        (True, False)
        """
        return text in self._identifiers[package][module].split()

    def find(self, dotted: str) -> str | Missing:
        """Return the reference of a dotted name, or the first part that is missing.

        >>> api().find("keras.layers.Dense")
        'c:keras.src.layers.core.dense.Dense'
        >>> api().find("keras.engine.topology.Layer")
        Missing(owner='keras', name='engine')
        """
        if self.legacy:
            dotted = _OF_TENSORFLOW.sub("tf_keras", dotted)
        package, *names = dotted.split(".")
        path, key = package, f"m:{package}"
        for index, name in enumerate(names):
            if key == UNKNOWN or not key.startswith("m:") or name.startswith("__"):
                return self._inside(key, names[index:])
            owner, path = key[2:].rstrip("-"), f"{path}.{name}"
            full = f"{owner}.{name}"
            if name in self.modules.get(owner, ()):
                key = self.modules[owner][name]
            elif full in self.modules or self._is_private(full):
                key = f"m:{full}"
            elif owner in self.private:
                return UNKNOWN if {"*", name} & set(self.private[owner].split()) else Missing(owner, name)
            else:
                return Missing(path.rpartition(".")[0], name)
        return key

    def _is_private(self, path: str) -> bool:
        return path in self.private or f"{path}.__init__" in self.private or path == "tensorflow.python"

    def _inside(self, key: str, names: list[str]) -> str:
        """Return what a class has under a name. What is inside anything else is not known."""
        if key.startswith("c:") and len(names) == 1:
            return self.attribute(key[2:], names[0]) or UNKNOWN
        return UNKNOWN

    def is_module(self, dotted: str) -> bool:
        """Whether an import statement can name ``dotted`` as a module."""
        key = self.find(dotted)
        return key == UNKNOWN or (isinstance(key, str) and key.startswith("m:") and not key.endswith("-"))

    def has(self, dotted: str) -> bool:
        return not isinstance(self.find(dotted), Missing)

    def lineage(self, key: str) -> Iterator[str]:
        """Yield a class and its bases, nearest first."""
        yield key
        for base in self.classes.get(key, {}).get("bases", ()):
            if base != key:  # a class of the same name in the same module
                yield from self.lineage(base)

    def derived(self, base: str) -> frozenset[str]:
        """Return the keys of all classes that derive from ``base``, with itself."""
        if base not in self._derived:
            self._derived[base] = frozenset(key for key in self.classes if base in self.lineage(key))
        return self._derived[base]

    def attribute(self, key: str, name: str) -> str | None:
        """Return the reference of an instance's attribute: ``m`` if it is not known, None if there is no such name."""
        closed = True
        for ancestor in self.lineage(key):
            entry = self.classes.get(ancestor)
            if entry is not None and name in entry["own"]:
                return entry["own"][name]
            closed = closed and entry is not None and "open" not in entry
        return None if closed and not name.startswith("__") else UNKNOWN

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names of all attributes of all classes."""
        return frozenset(name for entry in self.classes.values() for name in entry["own"])

    def signature(self, key: str) -> Signature | None:
        """Return the signature of a reference, or None if it is not known."""
        if key.startswith("("):
            return Signature.parse(key)
        entry = self.classes.get(key[2:]) if key.startswith("c:") else None
        return Signature.parse(entry["init"], entry.get("keywords")) if entry and entry["init"] != "?" else None


@lru_cache(maxsize=None)
def _data() -> dict[str, Any]:
    return json.loads(DATA.read_bytes())


@lru_cache(maxsize=None)
def api(legacy: bool = False) -> Api:
    """Return the API, which is read on first use. ``legacy``: as it is with TF_USE_LEGACY_KERAS=1."""
    return Api(_data(), legacy)
