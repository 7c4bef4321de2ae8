"""Writes down what old releases had and the targets lack, from what `dump_api.py` writes beside each of them.

    python tests/migrate/make_old_api.py FOLDER compat_auc/migrate/target_api/old_api.json

The Python that runs it has the targets: TensorFlow, Keras 3, tf_keras and tf_slim. FOLDER gets ``keras-1.2.2.json``,
``tensorflow-1.15.5.json`` and so on. What is there already is not made again. uv installs each release for that, and
finds the old Pythons. What the file holds is said in ``compat_auc/migrate/target_api/old_api.py``, which reads it.
"""

import ast
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import sysconfig

from compat_auc.migrate.tables.names import canonical
from compat_auc.migrate.target_api.api import Missing, Signature, api
from compat_auc.migrate.target_api.new_names import relocate

# By release, the Python and the packages that run it. Keras lies above those, because its own requirements are gone.
_UNDER_KERAS = ("3.7", "tensorflow==1.15.5", "keras==2.3.1", "protobuf<3.21", "h5py<3")
RELEASES = {
    **{f"keras-{version}": _UNDER_KERAS for version in ("1.0.8", "1.2.2", "2.0.9", "2.1.6", "2.2.4", "2.3.1")},
    "tensorflow-1.15.5": _UNDER_KERAS,
    "tensorflow-2.0.4": ("3.7", "tensorflow==2.0.4", "protobuf<3.21"),
    "tensorflow-2.5.3": ("3.9", "tensorflow==2.5.3", "protobuf<3.21"),
    "tensorflow-2.10.1": ("3.10", "tensorflow==2.10.1", "protobuf<3.21", "numpy<2"),
    "tensorflow-2.15.1": ("3.11", "tensorflow==2.15.1"),
}
DUMP = pathlib.Path(__file__).with_name("dump_api.py")
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
_PLAIN = {"merge_state", "set_layer", "training_data"}
# scikit-learn has this only in classes that scripts do not see.
_OF_KERAS = {"get_updates"}
_WORD = re.compile(r"[a-z]\w*")


def main():
    folder, path = map(pathlib.Path, sys.argv[1:])
    folder.mkdir(exist_ok=True)
    for package in ("tensorflow", *TARGETS.values()):
        dump(folder / f"new-{package}.json", [sys.executable], package)
    for release, (python, *packages) in RELEASES.items():
        name, version = release.split("-")
        above = folder / release
        if name == "keras" and not above.exists():
            uv = ["uv", "pip", "install", "-q", "--no-deps", "--python", sys.executable, "--target", above]
            subprocess.run([*uv, f"keras=={version}"], check=True)
        wanted = [part for package in packages for part in ("--with", package)]
        uv = ["uv", "run", "-q", "--isolated", "--no-project", "--python", python, *wanted, "python"]
        dump(folder / f"{release}.json", uv, name, PYTHONPATH=str(above.resolve()))
    dumps = {name: json.loads((folder / f"{name}.json").read_text()) for name in sorted(RELEASES)}
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


def dump(path, python, package, **variables):
    """Write what a release has, as `dump_api.py` finds it, unless that is there."""
    if not path.exists():
        # Keras 1 took Theano, and TensorFlow 2.15 may be told to take tf_keras.
        variables.update(KERAS_BACKEND="tensorflow", TF_USE_LEGACY_KERAS="0", CUDA_VISIBLE_DEVICES="")
        environment = {**{k: v for k, v in os.environ.items() if k != "PYTHONPATH"}, **variables}
        subprocess.run([*python, "-W", "ignore", DUMP, package, path], check=True, env=environment)
        print(f"{path.stem} ({path.stat().st_size:,} bytes)", flush=True)


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
    words = (words_of_others() | _PLAIN | {name for names in modules for name in names}) - _OF_KERAS
    parameters = {entry[0] for dump in dumps.values() for listed in dump["callables"].values() for entry in listed}
    return {
        name: min(paths, key=lambda path: (path.endswith(".Graph"), len(path), path))
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
            if (name.startswith("keras.") or release.startswith("tensorflow-1")) and not release.startswith("keras-1"):
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
