"""Writes down what old releases had and the targets lack, from what `dump_api.py` wrote beside each of them.

    python tests/migrate/make_old_api.py FOLDER compat_auc/migrate/target_api/old_api.json

FOLDER holds ``keras-1.2.2.json``, ``tensorflow-1.15.5.json`` and so on. What the file holds is said in
``compat_auc/migrate/target_api/old_api.py``, which reads it.
"""

import ast
import importlib.util
import json
import pathlib
import re
import subprocess
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
# Parameters whose default changes only how something looks, or has another word for the same.
_OF_NO_CONSEQUENCE = {"data_format", "dpi", "name", "reduction", "width"}
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
        "defaults": {
            target: defaults(dumps, load(folder, "tensorflow", package)) for target, package in TARGETS.items()
        },
        "failing": failing(),
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


def old_callables(dumps):
    """Yield the canonical name and the parameters of what scripts called: Keras from 2.0 on, and TensorFlow 1."""
    for release, dump in dumps.items():
        for path, parameters in dump["callables"].items():
            name = canonical(path)
            if (name.startswith("keras.") or release.startswith("tensorflow-1")) and release != "keras-1.2.2":
                yield name, parameters


def reordered(dumps, target):
    """By callable, the positions at which an argument means something else now: ``[old name, new name]``."""
    orders = {}
    for name, parameters in old_callables(dumps):
        orders.setdefault(name, []).append(positional(parameters))
    changed = {}
    for name, old_orders in orders.items():
        new = api().find(relocate(name, target))
        text = "?" if isinstance(new, Missing) else api().classes[new[2:]]["init"] if new[:2] == "c:" else new
        if text.startswith("(") and "*args" not in text and moves(old_orders, Signature.parse(text)):
            changed[name] = moves(old_orders, Signature.parse(text))
    return changed


def failing():
    """The functions of tf_slim that fail beside this TensorFlow."""
    script = pathlib.Path(__file__).with_name("call_slim.py")
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=True).stdout.split()


def load(folder, *packages):
    """The callables of the packages of a target by canonical name. A later package wins."""
    texts = (folder.joinpath(f"new-{package}.json").read_text() for package in packages)
    return {canonical(path): listed for text in texts for path, listed in json.loads(text)["callables"].items()}


def defaults(dumps, new):
    """By callable and parameter, the default that all old releases agree on and the one of today, if they differ."""
    olds = {}
    for name, parameters in old_callables(dumps):
        if name in new:
            for parameter, *default in parameters:
                olds.setdefault((name, parameter), []).append(default)
    changed = {}
    for (name, parameter), values in olds.items():
        today = next((default for other, *default in new[name] if other == parameter), [])
        if all(value == values[0] for value in values) and differs(parameter, values[0], today):
            changed.setdefault(name, {})[parameter] = values[0] + today
    return changed


def differs(parameter, old, new):
    """Whether two defaults are different numbers or words. None stands for a default that the function chooses."""
    if not old or not new or parameter in _OF_NO_CONSEQUENCE:
        return False
    texts = old + new
    if not all(re.match(r"-?\d|['\"]", text) for text in texts):
        return False
    both = [ast.literal_eval(text) for text in texts]
    kinds = {type(value) for value in both}
    is_comparable = kinds <= {int, float} or kinds == {str}
    return is_comparable and str(both[0]).lower() != str(both[1]).lower() and both[0] != both[1]


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
