"""Writes down what old releases had and the targets lack, from what `dump_api.py` wrote beside each of them.

    python tests/migrate/make_old_api.py FOLDER compat_auc/migrate/target_api/old_api.json

FOLDER holds ``keras-1.2.2.json``, ``tensorflow-1.15.5.json`` and so on. What the file holds is said in
``compat_auc/migrate/target_api/old_api.py``, which reads it.
"""

import importlib.util
import json
import pathlib
import re
import sys
import sysconfig

from compat_auc.migrate.tables.names import canonical
from compat_auc.migrate.target_api.api import Missing, Signature, api
from compat_auc.migrate.target_api.new_names import relocate

TARGETS = {"keras3": "keras", "tf_keras": "tf_keras"}
# Parts of the old releases whose objects scripts hold.
_OWNERS = re.compile(r"^(keras\.(layers|models|optimizers|callbacks|utils\.Model)|tensorflow\.data\.Dataset)\b")
# Libraries that stand beside Keras in scripts. An attribute that they have says nothing about its object.
_OTHERS = ("numpy", "scipy", "sklearn", "torch", "matplotlib")
# A parameter that was replaced by its opposite. Other parameters at an old place are the same under a new name.
_INVERTED = [["keep_prob", "rate"]]
# Plain words, which scripts use for objects of their own.
_PLAIN = {"merge_state", "training_data"}
_WORD = re.compile(r"[a-z]\w*")


def main():
    folder, path = map(pathlib.Path, sys.argv[1:])
    dumps = {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("[kt]*-*.json"))}
    dumps = {name: dump for name, dump in dumps.items() if not name.startswith("new-")}
    old = {
        "releases": list(dumps),
        "attributes": {target: attributes(dumps, package) for target, package in TARGETS.items()},
        "reordered": {target: reordered(dumps, target) for target in TARGETS},
    }
    path.write_text(json.dumps(old, sort_keys=True, indent=0) + "\n", encoding="utf-8")


def attributes(dumps, package):
    """The methods and properties that only old classes have, each with the module of its classes."""
    current = {
        name
        for key, entry in api().classes.items()
        if key.split(".")[0] in (package, "tensorflow") and not key.endswith(".DatasetV1")
        for name in entry["own"]
    }
    owners = {}
    for dump in dumps.values():
        for path, names in dump["classes"].items():
            if _OWNERS.match(canonical(path)):
                for name in set(names) - current:
                    owners.setdefault(name, set()).add(canonical(path))
    modules = [names for path, names in api().modules.items() if ".compat." not in path]
    words = words_of_others() | _PLAIN | {name for names in modules for name in names}
    parameters = {entry[0] for dump in dumps.values() for listed in dump["callables"].values() for entry in listed}
    return {
        name: min(paths, key=lambda path: (len(path), path))
        for name, paths in owners.items()
        if name not in words and name not in parameters and name.islower()
    }


def words_of_others():
    """The words in the code of other libraries and of Python's own."""
    folders = [pathlib.Path(importlib.util.find_spec(name).origin).parent for name in _OTHERS]
    texts = (
        file.read_text(encoding="utf-8", errors="ignore")
        for folder in [*folders, pathlib.Path(sysconfig.get_paths()["stdlib"])]
        for file in folder.rglob("*.py")
        if "site-packages" not in file.relative_to(folder).parts
    )
    return {word for text in texts for word in set(_WORD.findall(text))}


def reordered(dumps, target):
    """By callable, the positions at which an argument means something else now: ``[old name, new name]``."""
    orders = {}
    for release, dump in dumps.items():
        for path, parameters in dump["callables"].items():
            name = canonical(path)
            is_keras = name.startswith("keras.")
            if (is_keras or release.startswith("tensorflow-1")) and release != "keras-1.2.2":
                orders.setdefault(name, []).append(positional(parameters))
    changed = {}
    for name, old_orders in orders.items():
        new = api().find(relocate(name, target))
        text = "?" if isinstance(new, Missing) else api().classes[new[2:]]["init"] if new[:2] == "c:" else new
        if text.startswith("(") and "*args" not in text and moves(old_orders, Signature.parse(text)):
            changed[name] = moves(old_orders, Signature.parse(text))
    return changed


def positional(parameters):
    names = [entry[0] for entry in parameters]
    stop = next((index for index, name in enumerate(names) if name in ("*", "**", "?")), len(names))
    return names[:stop]


def moves(old_orders, signature):
    """The positions at which all old releases agree on a parameter that stands elsewhere now."""
    places = {}
    for index, new in enumerate(signature.names):
        olds = {order[index] if index < len(order) else None for order in old_orders}
        old = olds.pop() if len(olds) == 1 else None
        if old not in (None, new) and (old in (*signature.names, *signature.keywords) or [old, new] in _INVERTED):
            places[str(index)] = [old, new]
    return places


if __name__ == "__main__":
    main()
