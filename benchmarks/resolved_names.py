"""Count the names of TensorFlow and Keras in old scripts that the installed packages have, before and after migration.

python benchmarks/resolved_names.py tests/migrate/legacy
"""

import importlib
import json
import os
import pathlib
import subprocess
import sys

import libcst as cst

from compat_auc.migrate import migrate_source
from compat_auc.migrate.source.source import Source, dotted

PACKAGES = ("tensorflow", "keras", "tf_keras", "tf_slim")
LEGACY = "TF_USE_LEGACY_KERAS"


def show(paths, target):
    """Print the counts for some scripts. A name in two scripts counts twice."""
    texts = [text(path) for path in paths]
    migrations = [migrate_source(one, target) for one in texts]
    before, after = lacking(texts), lacking([one.code for one in migrations])
    totals = [sum(len(names(one)) for one in codes) for codes in (texts, [one.code for one in migrations])]
    unsaid = [
        f"{path.name}: {name}"
        for path, migration, missing in zip(paths, migrations, after)
        for name in missing
        if not any(part.lower() in one.message.lower() for one in migration.reports for part in name.split(".")[2:])
    ]
    for when, total, missing in (("before", totals[0], before), ("after", totals[1], after)):
        print(f"names that resolve {when}: {total - sum(map(len, missing))} of {total}")
    print(f"names that do not, without a finding: {len(unsaid)} {' '.join(unsaid)}")


def text(path):
    if path.suffix != ".ipynb":
        return path.read_bytes().decode("utf-8")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    lines = [line for cell in cells if cell["cell_type"] == "code" for line in "".join(cell["source"]).splitlines()]
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!"))) + "\n"


def names(code):
    """Return every dotted name of the packages that a script imports or uses, as it was imported."""
    source = Source(code)
    found = {dotted(alias.name) for node in source.all(cst.Import) for alias in node.names}
    for node in source.from_imports():
        aliases = [] if isinstance(node.names, cst.ImportStar) else node.names
        found.update([dotted(node.module), *(f"{dotted(node.module)}.{dotted(alias.name)}" for alias in aliases)])
    for node in source.all(cst.Attribute):
        if not isinstance(source.parents[node], (cst.Attribute, cst.ImportFrom, cst.ImportAlias)):
            found.add((source.raw_name(node) or "").partition(".FLAGS")[0])  # the script itself defines its FLAGS
    return {name for name in found if name and name.split(".")[0] in PACKAGES}


def lacking(codes):
    """Return for each script the names that the packages lack. A process with the script's Keras setting finds out."""
    there = {}
    for legacy in (False, True):
        wanted = {name for code in codes if (LEGACY in code) == legacy for name in names(code)}
        there[legacy] = set(ask(sorted(wanted), legacy))
    return [sorted(names(code) - there[LEGACY in code]) for code in codes]


def ask(found, legacy):
    environment = {**os.environ, LEGACY: "1" if legacy else "0", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, __file__, "--ask"], input=json.dumps(found), env=environment, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def is_there(name):
    """Whether Python finds a name, by attribute or by import."""
    package, *rest = name.split(".")
    path, value = package, importlib.import_module(package)
    for part in rest:
        path = f"{path}.{part}"
        try:
            value = getattr(value, part)
        except Exception:
            try:
                value = importlib.import_module(path)
            except Exception:
                return False
    return True


if __name__ == "__main__":
    if sys.argv[1:] == ["--ask"]:
        print("\n" + json.dumps([name for name in json.load(sys.stdin) if is_there(name)]))
    else:
        scripts = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if path.suffix in (".py", ".ipynb"))
        for target in ("keras3", "tf_keras"):
            print(target)
            show(scripts, target)
