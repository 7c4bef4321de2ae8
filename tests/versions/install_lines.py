"""Run each install line of README and guide as it stands, with pip and with uv, on the Python that it names.

    python tests/versions/install_lines.py --python 3.7=/path/python ... [--only TEXT]

A line that installs a framework must leave a stack that `compat-auc doctor` calls well. `nox -s install-lines` calls
this program.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import run

ROOT = pathlib.Path(__file__).parents[2]
DOCUMENTS = ("README.md", "migration_guide.md")
LINE = re.compile(r"`(pip install [^`\n]*(?:\n[^`\n]+)?)`")
ROW = re.compile(r"^\| [^|]+ \| ([\d. to]+) \| `(pip install [^`]+)` \|$", re.MULTILINE)
DEFAULT = "3.11"
FRAMEWORK = re.compile(r"tensorflow|tf_keras|\bkeras\b")
# These lines add a package to an environment that is there, so there is nothing for doctor to look at.
ALONE = {'pip install "numpy<2"', 'pip install "protobuf<3.21"', "pip install tf_keras", "pip install tf-slim"}
# Of multi-backend Keras, doctor says that it wants metrics=[auc_roc()], and exits with 1.
ALONE.add('pip install ".[tensorflow]" "tensorflow==1.15.5" "keras==2.3.1"')
UNRELEASED = "pip install compat-auc"


def lines():
    """Each line, and the newest Python that its row of the table names."""
    texts = [(ROOT / name).read_text("utf-8") for name in DOCUMENTS]
    pythons = {line: named.split(" to ")[-1] for text in texts for named, line in ROW.findall(text)}
    every = {" ".join(line.split()) for text in texts for line in LINE.findall(text)}
    return {line: pythons.get(line, DEFAULT) for line in sorted(every) if line != UNRELEASED}


def shell(line, folder):
    """Run a line in the root of the repository, in an environment that is active."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    variables = {**os.environ, "VIRTUAL_ENV": str(folder), "PATH": path}
    variables.pop("UV_PYTHON", None)  # nox sets it, and uv prefers it to the active environment.
    variables["UV_FIND_LINKS"] = os.environ.get("PIP_FIND_LINKS", "").replace(" ", ",")
    done = subprocess.run(["bash", "-ec", line], cwd=ROOT, capture_output=True, text=True, env=variables)
    return "" if done.returncode == 0 else f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def tried(line, tool, python, folder):
    """Run a line with a tool in a new environment; what is wrong, or an empty text."""
    run.uv("venv", "--seed", "--python", python, str(folder))
    failure = shell("uv " * (tool == "uv") + line, folder)
    if failure or line in ALONE or not FRAMEWORK.search(line):
        return failure
    # Outside the repository, so that the installed package is tried, and not the folder's. The README says that Keras
    # needs the variable for JAX.
    return shell(f"cd {folder} && {'KERAS_BACKEND=jax ' * ('jax' in line)}compat-auc doctor", folder)


def main():
    """Run all lines, print what is wrong, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", default=[])
    parser.add_argument("--only", default="")
    parser.add_argument("--tool", action="append")
    options, _ = parser.parse_known_args()
    pythons = dict(entry.split("=", 1) for entry in options.python)
    failures = 0
    for line, version in lines().items():
        for tool in options.tool or ("pip", "uv"):
            if options.only in line:
                with tempfile.TemporaryDirectory() as folder:
                    failure = tried(line, tool, pythons[version], pathlib.Path(folder) / "new")
                failures += bool(failure)
                print(f"{'FAILED' if failure else 'ok':6} Python {version} {tool:3} {line}", failure, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
