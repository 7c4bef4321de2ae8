"""The lanes: each stack that compat-auc supports, in an environment of its own.

    nox                     everything: two lanes at a time, one a core
    nox -s lane-tf1         one lane
    nox -s lane-keras3 -- -k saving
                            one lane, with arguments for pytest
    nox -s tools            ruff, the tests that need no lane, the examples
    nox -s types            a strict type checker on the package and its public names
    nox -s package          wheel and sdist, installed on each Python, with the README's first command
    nox -s versions         a core of the contract on every release that the README names
    nox -s versions -- tensorflow-2.1 keras-3.5
                            some of them
    nox -s versions-sample  one release of each kind
    nox -s installs         installing the wheel beside a framework adds packages and changes none

A lane needs its Python: on the PATH, or installed by pyenv. Where it is missing, `nox` leaves the lane out and says so;
with CI set it fails.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

import nox

nox.options.sessions = ["everything"]
nox.options.error_on_external_run = True

# torch 2.13.0 is the release whose CPU build the project is tested with.
TORCH = "torch==2.13.0"
EXAMPLES = ["drop_in.py", "graph_mode.py", "rank_auc.py", "two_models.py", "why_did_my_auc_change.py"]
TF1 = ["tensorflow==1.15.5", "protobuf<3.21"]

NEW = ["3.11", "3.12", "3.13"]

# lane -> the Pythons that can run it, and what is installed beside compat-auc[test]
LANES = {
    "keras3": (NEW, ["tensorflow", "keras>=3"]),
    # With TensorFlow, for its datasets. The session `versions` has JAX and torch alone.
    "keras3-jax": (NEW, ["keras>=3", "jax[cpu]", "tensorflow"]),
    "keras3-torch": (["3.11"], ["keras>=3", TORCH, "tensorflow"]),
    "tf_keras": (NEW, ["tensorflow", "tf_keras"]),
    "tf_keras-graph": (NEW, ["tensorflow", "tf_keras", "tf_slim"]),
    "keras2": (["3.11", "3.10"], ["tensorflow==2.15.1"]),
    "keras2-graph": (["3.11", "3.10"], ["tensorflow==2.15.1", "tf_slim"]),
    "oldest": (["3.9"], ["tensorflow==2.5.3", "protobuf<3.21"]),
    "tf1": (["3.7"], [*TF1, "tf_slim"]),
    "tf1-keras": (["3.7"], [*TF1, "keras==2.3.1"]),
}


def find_python(version):
    """The path of a Python that starts and is of this version, or None."""
    root = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    installed = sorted(pathlib.Path(root, "versions").glob(version + ".*/bin/python"))
    for candidate in (sys.executable, shutil.which("python" + version), *installed):
        if candidate:
            ask = "import sys; print('%d.%d' % sys.version_info[:2])"
            answer = subprocess.run([str(candidate), "-c", ask], capture_output=True, text=True)
            if answer.returncode == 0 and answer.stdout.strip() == version:
                return str(candidate)
    return None


def require_python(session, pythons):
    """The first of these Pythons that there is. Without one the session is left out, or fails where CI is set."""
    python = next(filter(None, map(find_python, pythons)), None)
    if python is None:
        missing = f"it needs Python {' or '.join(pythons)}, and there is none on the PATH or in pyenv"
        session.error(missing) if os.environ.get("CI") else session.skip(missing)
    return python


def environment(session, name, pythons, packages):
    """A new virtual environment with the packages; its python."""
    python = require_python(session, pythons)
    folder = pathlib.Path(".nox", name).resolve()
    session.run(python, "-m", "venv", "--clear", str(folder), external=True)
    new = str(folder / "bin" / "python")
    session.run(
        new,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--upgrade",
        "pip<24.1" if "3.7" in pythons else "pip",
        external=True,
    )
    session.run(new, "-m", "pip", "install", "--quiet", "--no-compile", *packages, external=True)
    return new


def lane(name):
    @nox.session(name="lane-" + name, python=False)
    def run(session):
        pythons, packages = LANES[name]
        python = environment(session, "lane-" + name, pythons, [*packages, ".[test]"])
        session.run(python, "-m", "pytest", "--lane", name, *session.posargs, external=True)


for _name in LANES:
    lane(_name)


@nox.session(python=False)
def tools(session):
    """What needs no lane: style, the tests of the package's own parts and of the tools, the examples."""
    python = environment(session, "tools", NEW, ["tf_keras", "tf-slim", "ruff", ".[tensorflow,test,migrate,plot]"])
    session.run(python, "-m", "ruff", "check", ".", external=True)
    session.run(python, "-m", "ruff", "format", "--check", ".", external=True)
    session.run(python, "-m", "pytest", "--ignore=tests/test_beam.py", *session.posargs, external=True)
    for example in EXAMPLES:
        session.run(python, f"examples/{example}", external=True)


@nox.session(python=False)
def beam(session):
    """The Apache Beam CombineFn, which needs an environment of its own."""
    python = environment(session, "beam", NEW, [".[test,beam]"])
    tests = ["--doctest-modules", "compat_auc/beam.py", "tests/test_beam.py"]
    session.run(python, "-m", "pytest", *tests, *session.posargs, external=True)


@nox.session(python=False)
def types(session):
    """The whole package under strict rules; its public names, and how programs use them."""
    python = environment(session, "types", NEW, [".[tensorflow,beam,migrate]", "basedpyright"])
    # It looks for the installed package where the first python on the PATH does.
    path = {"PATH": os.pathsep.join([str(pathlib.Path(python).parent), os.environ["PATH"]])}
    check = [python, "-m", "basedpyright"]
    session.run(*check, "--ignoreexternal", "--verifytypes", "compat_auc", env=path, external=True)
    session.run(*check, "compat_auc", "tests/types", env=path, external=True)


@nox.session(python=False)
def package(session):
    """Wheel and sdist as they would be released: checked, and used on each Python as the README says."""
    python = environment(session, "package", NEW, ["build", "twine"])
    shutil.rmtree(".nox/dist", ignore_errors=True)
    session.run(python, "-m", "build", "--outdir", ".nox/dist", external=True)
    (wheel,), (sdist,) = (list(pathlib.Path(".nox/dist").resolve().glob(kind)) for kind in ("*.whl", "*.tar.gz"))
    session.run(python, "-m", "twine", "check", "--strict", str(wheel), str(sdist), external=True)
    first_command = re.findall(r"```sh\n(.*?)\n```", pathlib.Path("README.md").read_text("utf-8"), re.DOTALL)[0]
    for version in ("3.7", "3.10", "3.11", "3.13"):
        folder = pathlib.Path(".nox", "package-" + version).resolve()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.unpack_archive(sdist, folder)
        (unpacked,) = folder.iterdir()
        if version == "3.7":
            new = environment(session, "package-3.7/env", [version], [*TF1, str(wheel)])
            with session.chdir(unpacked):
                # Isolated, so that the installed package runs, and not the folder's.
                session.run(new, "-I", "examples/drop_in.py", external=True)
            continue
        # A new user's words, but for which Python, and the wheel in the place of the checkout.
        command = first_command.replace("python3 ", require_python(session, [version]) + " ").replace(
            '".[', f'"{wheel}['
        )
        with session.chdir(unpacked):
            session.run("bash", "-ec", command, external=True)


PYTHONS = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")


def with_wheel(session, script, *arguments):
    """Run a script of tests/versions with a wheel and every Python that there is; it makes environments with uv."""
    python = environment(session, session.name, NEW, ["uv"])
    dist, uv = pathlib.Path(".nox", session.name + "-dist").resolve(), pathlib.Path(python).with_name("uv")
    shutil.rmtree(dist, ignore_errors=True)
    session.run(str(uv), "build", "--quiet", "--wheel", "--out-dir", str(dist), external=True)
    (wheel,) = dist.glob("*.whl")
    pythons = [f"--python={version}={found}" for version in PYTHONS for found in [find_python(version)] if found]
    path = {"PATH": os.pathsep.join([str(uv.parent), os.environ["PATH"]])}
    command = [python, f"tests/versions/{script}", "--wheel", str(wheel), *pythons, *arguments]
    session.run(*command, env=path, external=True)


@nox.session(python=False)
def versions(session):
    """A core of the contract on every release that the README names, two at a time; writes the results file."""
    with_wheel(session, "run.py", "--results=tests/versions/results.json", "--jobs=2", *session.posargs)


@nox.session(name="versions-sample", python=False)
def versions_sample(session):
    """The same on one release of each kind."""
    with_wheel(session, "run.py", "--results=.nox/versions-sample.json", "--sample", *session.posargs)


@nox.session(python=False)
def installs(session):
    """Installing the wheel beside a framework adds packages and changes none; without one the tools work."""
    with_wheel(session, "installs.py", *session.posargs)


@nox.session(python=False)
def everything(session):
    """All sessions, one a core; fails if one of them does."""
    # The longest first.
    names = ["tools", "versions-sample", *("lane-" + name for name in LANES), "installs", "package", "types", "beam"]

    def run(name):
        return subprocess.run(
            [sys.executable, "-m", "nox", "-s", name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    failed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(run, name): name for name in names}
        for done in concurrent.futures.as_completed(running):
            print(f"\n{'=' * 30} {running[done]}\n{done.result().stdout}", flush=True)
            if done.result().returncode:
                failed.append(running[done])
    if failed:
        session.error(f"failed: {', '.join(sorted(failed))}")
