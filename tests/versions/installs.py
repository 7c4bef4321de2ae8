"""Installing compat-auc adds packages and changes none: pip's list before and after, beside each kind of framework.

    python tests/versions/installs.py --wheel WHEEL --python 3.7=/path/python ...

Then, in an environment with no framework at all, what works without one, and what the first use of a metric says.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import run

ROOT = pathlib.Path(__file__).parents[2]
# name -> Python, what is there, and what is named beside the wheel in the command that installs it
INSTALLS = {
    "tensorflow-1.15.0": ("3.7", ["tensorflow==1.15.0", "protobuf<3.21", "h5py<3"], []),
    "tensorflow-gpu-1.15": ("3.7", ["tensorflow-gpu==1.15.*", "protobuf<3.21", "h5py<3"], []),
    "tensorflow-2.5.3": ("3.7", ["tensorflow==2.5.3", "protobuf<3.21"], []),
    "tensorflow-cpu": ("3.11", ["tensorflow-cpu"], []),
    "tensorflow-rc": ("3.13", ["tensorflow==2.22.0rc0"], []),
    "jax": ("3.11", ["keras", "jax[cpu]"], []),
    "torch": ("3.11", ["keras", "torch==2.13.0"], []),
    # scikit-learn's newest SciPy wants a newer NumPy than this TensorFlow, unless TensorFlow is named, too.
    "tensorflow-2.13": ("3.11", ["tensorflow==2.13.*"], ["tensorflow==2.13.*"]),
    "extra, 2.5.3": ("3.7", ["tensorflow==2.5.3", "protobuf<3.21"], ["compat-auc[tensorflow]"]),
}
FIRST_USE = """
import compat_auc
assert compat_auc.auc_roc([0, 1], [0.1, 0.9]) == 1.0
for use in (compat_auc.auc_roc, compat_auc.RankAUC, compat_auc.RocCallback, compat_auc.legacy_auc_roc,
            compat_auc.runtime, lambda: compat_auc.streaming_auc([0.1], [1])):
    try:
        use()
    except compat_auc.UnsupportedRuntime as error:
        assert 'pip install "compat-auc[tensorflow]"' in str(error), error
    else:
        raise SystemExit(f"no error from {use}")
"""


def pip(python, *command):
    """Run pip, and what it printed."""
    done = subprocess.run([python, "-m", "pip", *command], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pip {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def listed(python):
    """What `pip list` says."""
    return {package["name"]: package["version"] for package in json.loads(pip(python, "list", "--format=json"))}


def beside(there, named, wheel, python, folder):
    """Installs the wheel beside what is there; what of that changed, and what was added."""
    run.uv("venv", "--seed", "--python", python, str(folder))
    new = str(folder / "bin" / "python")
    run.uv("pip", "install", "--python", new, *there)
    before = listed(new)
    pip(new, "install", "--quiet", wheel, *named)
    after = listed(new)
    changed = {name: (old, after.get(name)) for name, old in before.items() if after.get(name) != old}
    return changed, sorted(set(after) - set(before))


def without_a_framework(wheel, python, folder):
    """The tools for old scripts work; a metric says what to install."""
    run.uv("venv", "--seed", "--python", python, str(folder))
    new = str(folder / "bin" / "python")
    pip(new, "install", "--quiet", f"{wheel}[migrate]")
    assert not {"tensorflow", "keras", "tf_keras", "jax", "torch"} & set(listed(new))
    script = str(ROOT / "examples" / "legacy_2017.py")
    command = str(folder / "bin" / "compat-auc")
    for arguments, status, said in ((["check"], 1, "legacy_2017.py:"), (["migrate"], 0, "+++")):
        done = subprocess.run([command, *arguments, script], capture_output=True, text=True, cwd=folder)
        assert done.returncode == status and said in done.stdout, done.stdout + done.stderr
    done = subprocess.run([command, "doctor"], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 1 and "compat-auc[tensorflow]" in done.stdout, done.stdout + done.stderr
    subprocess.run([new, "-I", "-c", FIRST_USE], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", required=True)
    parser.add_argument("--python", action="append", default=[], metavar="VERSION=PATH")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all by default")
    options = parser.parse_args()
    pythons = dict(pair.split("=", 1) for pair in options.python)
    failed = []
    for name in options.names or INSTALLS:
        version, there, named = INSTALLS[name]
        with tempfile.TemporaryDirectory(prefix="installs-") as folder:
            where = pathlib.Path(folder, "env")
            changed, added = beside(there, named, options.wheel, pythons.get(version, version), where)
        print(f"{name}: changed {changed}, added {', '.join(added)}", flush=True)
        failed += [name] * bool(changed or "compat-auc" not in {one.replace("_", "-") for one in added})
    with tempfile.TemporaryDirectory(prefix="installs-") as folder:
        without_a_framework(options.wheel, pythons.get("3.11", "3.11"), pathlib.Path(folder, "env"))
    print("without a framework: check, migrate and doctor work, and a metric says what to install", flush=True)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
