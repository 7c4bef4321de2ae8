"""The sessions: what is run for a change, and each stack that compat-auc supports in a separate environment.

    nox -s quick            about three minutes, on the Python at hand: run it for each change
    nox                     everything; `nox -j auto` runs one session a core
    nox -s lane-tf1         one lane
    nox -s lane-keras3 -- -k saving
                            one lane, with arguments for pytest
    nox -s tools            ruff, the tests that need no lane, the examples
    nox -s programs         the programs and the notebook for other tools: TensorBoard, mlflow, Spark and more
    nox -s types            a strict type checker on the package and its public names
    nox -s package          wheel and sdist, installed on each Python, with the README's first command
    nox -s versions         a core of the contract on every release that the README names
    nox -s versions -- tensorflow-2.1 keras-3.5
                            some of them
    nox -s versions-sample  one release of each kind
    nox -s installs         installing the wheel beside a framework adds packages and changes none
    nox -s install-lines    each install line of README and guide, with pip and with uv, on the Python that it names
    nox -s speed            whether an update or `migrate` has become slower; for a quiet machine, so not in a whole run
    nox -s docs             the site, from README, guide, rules and docstrings; a warning is an error
    nox -s coverage         which branches of the package the sessions that ran have taken, together
    nox -s mutants          which changes of the code no test notices; takes hours
    nox -s mutants -- counting --sample 100
                            100 changes of one folder, chosen at random

A session needs its Python: on the PATH, or installed by pyenv. Where it is missing, nox leaves the session out and says
so; with CI set it fails.
"""

import os
import pathlib
import re
import shutil
import tempfile

import nox
from python_discovery import get_interpreter

# The first release with which these sessions were run. `-j` and ranges of Pythons are younger than nox itself.
nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.error_on_external_run = True
nox.options.allow_parallel = True

# uv does not read pip's configuration.
os.environ.setdefault("UV_FIND_LINKS", os.environ.get("PIP_FIND_LINKS", "").replace(" ", ","))
# nox finds a Python of pyenv only where pyenv has it chosen: so all are.
_pyenv = pathlib.Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
os.environ["PYENV_VERSION"] = ":".join(sorted(path.name for path in _pyenv.glob("versions/*")))

# torch 2.13.0 is the release whose CPU build the project is tested with.
TORCH = "torch==2.13.0"
EXAMPLES = [
    "drop_in.py",
    "epoch_by_epoch.py",
    "graph_mode.py",
    "rank_auc.py",
    "two_models.py",
    "why_did_my_auc_change.py",
]
TF1 = ["tensorflow==1.15.5", "protobuf<3.21"]
# Whose programs docs/programs.md shows, and what runs a notebook.
TOOLS = [
    *("keras-tuner", "mlflow", "optuna", "pyspark", "pandas", "pyarrow", "scikeras", "tensorboard"),
    *("ipykernel", "nbclient"),
]

NEW = ">=3.11,<3.14"
KERAS_2 = ">=3.10,<3.12"

# lane -> the Pythons that can run it, and what is installed beside compat-auc[test]
LANES = {
    "keras3": (NEW, ["tensorflow", "keras>=3", "pandas"]),
    # With TensorFlow, for its datasets. The session `versions` has JAX and torch alone.
    "keras3-jax": (NEW, ["keras>=3", "jax[cpu]", "tensorflow"]),
    "keras3-torch": ("3.11", ["keras>=3", TORCH, "tensorflow"]),
    "tf_keras": (NEW, ["tensorflow", "tf_keras"]),
    "tf_keras-graph": (NEW, ["tensorflow", "tf_keras", "tf_slim"]),
    "keras2": (KERAS_2, ["tensorflow==2.15.1"]),
    "keras2-graph": (KERAS_2, ["tensorflow==2.15.1", "tf_slim"]),
    "oldest": ("3.9", ["tensorflow==2.5.3", "protobuf<3.21"]),
    "tf1": ("3.7", [*TF1, "tf_slim"]),
    "tf1-keras": ("3.7", [*TF1, "keras==2.3.1"]),
}

# Two at a time end first when the longest begin first.
nox.options.sessions = [
    "tools", "versions-sample", *("lane-" + lane for lane in LANES), "installs", "package", "types", "beam", "programs",
    "docs", "coverage",
]  # fmt: skip

MEASURED = ["tools", *("lane-" + lane for lane in LANES), "beam"]
COVERAGE = pathlib.Path(".nox", "measured").resolve()
# coverage itself brings such a file since 7.11, which needs Python 3.10.
START = """
import pathlib, sysconfig
path = pathlib.Path(sysconfig.get_paths()["purelib"], "measure.pth")
path.write_text("import coverage; coverage.process_startup()")
"""


# What the tests and the programs that they start import. With PYTHONDONTWRITEBYTECODE set, as images of containers
# have it, each process would compile TensorFlow again: 14 s instead of 5.
COMPILE = """
import importlib
names = "tensorflow keras tf_keras jax torch._dynamo sklearn.metrics matplotlib.pyplot libcst.metadata apache_beam"
for name in names.split():
    try:
        importlib.import_module(name)
    except Exception:
        pass
"""


def compile_frameworks(session):
    """Import what the tests import, once, so that Python keeps it compiled."""
    session.run("python", "-c", COMPILE, silent=True, env={"PYTHONDONTWRITEBYTECODE": ""})


def remove_environment(session):
    """In CI nothing uses the environment again, and all of them together need 20 GB of disk."""
    if "CI" in os.environ:
        shutil.rmtree(session.virtualenv.location)


def measured(session, *arguments):
    """Run pytest, and measure which branches of the package it and the programs that it starts take."""
    data = COVERAGE / session.name
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    session.install("coverage[toml]")
    session.run("python", "-c", START, silent=True)
    compile_frameworks(session)
    variables = {"COVERAGE_PROCESS_START": str(pathlib.Path("pyproject.toml").resolve())}
    variables["COVERAGE_FILE"] = str(data / "data")
    # The models of the tests are alike: JAX compiles their step once. Of 51 tests, that took 70 s instead of 112.
    variables["JAX_COMPILATION_CACHE_DIR"] = str(data / "jax")
    variables["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    session.run("python", "-m", "pytest", "--durations=20", *arguments, *session.posargs, env=variables)


def lane(name):
    pythons, packages = LANES[name]

    @nox.session(name="lane-" + name, python=pythons)
    def run(session):
        session.install(*packages, ".[test]")
        if name == "keras3-torch":
            # Two sessions share the cores, and torch's threads wait for one another at each operation.
            session.env["OMP_NUM_THREADS"] = "1"
        measured(session, "--lane", name)
        remove_environment(session)


for _name in LANES:
    lane(_name)


def check_style(session):
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session(reuse_venv=True)
def quick(session):
    """For each change: style, the parts of the package, a small part of migrate and of the contract."""
    session.install(".[tensorflow,test,migrate,plot]", "tf_keras", "ruff", "import-linter")
    check_style(session)
    session.run(
        "python", "-m", "pytest", "-m", "not slow", "tests/unit", "tests/counting", "tests/migrate/test_cases.py"
    )
    session.run("python", "-m", "pytest", "--lane", "keras3", "tests/contract/test_compile.py")


@nox.session(python=NEW)
def tools(session):
    """What needs no lane: style, the tests of the package's own parts and of the tools, the examples."""
    session.install("tf_keras", "tf-slim", "ruff", "import-linter", ".[tensorflow,test,migrate,plot]")
    session.install("keras-tuner", "tensorboard")
    check_style(session)
    measured(session, "--ignore=tests/test_beam.py", "--ignore=tests/test_programs.py")
    for example in EXAMPLES:
        session.run("python", f"examples/{example}")
    remove_environment(session)


@nox.session(python=NEW)
def beam(session):
    """The Apache Beam CombineFn, which needs a separate environment."""
    session.install(".[test,beam]")
    measured(session, "--doctest-modules", "compat_auc/beam.py", "tests/test_beam.py")
    remove_environment(session)


@nox.session(python="3.12")
def programs(session):
    """The programs and the notebook for other tools, with the newest release of each tool, on Colab's TensorFlow."""
    session.install("tensorflow==2.19.*", ".[test,migrate,plot]", *TOOLS)
    compile_frameworks(session)
    session.run("python", "-m", "pytest", "--durations=10", "tests/test_programs.py", *session.posargs)
    remove_environment(session)


@nox.session(python=NEW)
def types(session):
    """The whole package under strict rules; its public names, and how programs use them."""
    session.install(".[tensorflow,beam,migrate]", "basedpyright")
    session.run("basedpyright", "--ignoreexternal", "--verifytypes", "compat_auc")
    session.run("basedpyright", "compat_auc", "tests/types")


DIST = pathlib.Path(".nox", "built").resolve()


@nox.session(python=NEW)
def dist(session):
    """Wheel and sdist as they would be released, checked. Sessions that install them require this one."""
    session.install("build[uv]", "twine")
    shutil.rmtree(DIST, ignore_errors=True)
    build = ("python", "-m", "build", "--installer", "uv", "--outdir")
    with tempfile.TemporaryDirectory() as folder:
        session.run(*build, folder, "--sdist")
        (sdist,) = pathlib.Path(folder).iterdir()
        shutil.unpack_archive(sdist, folder)
        unpacked = str(sdist)[: -len(".tar.gz")]
        session.run("python", "docs/index_page.py", unpacked)
        session.run(*build, str(DIST), unpacked)
    session.run("twine", "check", "--strict", *map(str, DIST.iterdir()))


def built(kind):
    (path,) = DIST.glob(kind)
    return str(path)


@nox.session(python=["3.7", "3.10", "3.11", "3.13"], requires=["dist"])
def package(session):
    """Wheel and sdist on each Python, used as the README says."""
    folder, wheel = pathlib.Path(session.create_tmp()), built("*.whl")
    shutil.unpack_archive(built("*.tar.gz"), folder)
    (unpacked,) = folder.iterdir()
    if session.python == "3.7":
        session.install(*TF1, wheel)
        with session.chdir(unpacked):
            # Isolated, so that the installed package runs, and not the folder's.
            session.run("python", "-I", "examples/drop_in.py")
    else:
        first_command = re.findall(r"```sh\n(.*?)\n```", pathlib.Path("README.md").read_text("utf-8"), re.DOTALL)[0]
        with session.chdir(unpacked):
            # A new user's words, but for the wheel in the place of the checkout. python3 is the session's.
            session.run("bash", "-ec", first_command.replace('".[', f'"{wheel}['), external=True)
    remove_environment(session)


PYTHONS = ("3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")


def python_arguments():
    """An argument for each Python that there is."""
    interpreters = {version: get_interpreter(version) for version in PYTHONS}
    return [f"--python={version}={python.executable}" for version, python in interpreters.items() if python]


def with_wheel(session, script, *arguments):
    """Run a script of tests/versions with the wheel and every Python that there is; it makes environments with uv."""
    session.install("uv")
    session.run("python", f"tests/versions/{script}", "--wheel", built("*.whl"), *python_arguments(), *arguments)


@nox.session(python=NEW, requires=["dist"])
def versions(session):
    """A core of the contract on every release that the README names, two at a time; writes the results file."""
    with_wheel(session, "run.py", "--results=tests/versions/results.json", "--jobs=2", *session.posargs)


@nox.session(name="versions-sample", python=NEW, requires=["dist"])
def versions_sample(session):
    """The same on one release of each kind."""
    with_wheel(session, "run.py", "--results=.nox/versions-sample.json", "--sample", *session.posargs)


@nox.session(python=NEW, requires=["dist"])
def installs(session):
    """Installing the wheel beside a framework adds packages and changes none; without one the tools work."""
    with_wheel(session, "installs.py", *session.posargs)


@nox.session(python=NEW)
def docs(session):
    """The site, in .nox/site, and read in a browser. It needs no framework."""
    session.install("sphinx", "myst-parser", "furo", "selenium", ".[migrate]")
    site = str(pathlib.Path(".nox", "site").resolve())
    session.run("python", "docs/make_site.py", site)
    if shutil.which("chromedriver"):
        session.run("python", "docs/browser_test.py", site)
    else:
        session.warn("the site is not tried in a browser: no chromedriver is on the PATH")


@nox.session(name="install-lines", python=NEW)
def install_lines(session):
    """Each install line of README and guide as it stands; not among the sessions of a whole run, for its time."""
    session.install("uv")
    session.run("python", "tests/versions/install_lines.py", *python_arguments(), *session.posargs)


@nox.session(python=NEW)
def speed(session):
    """Whether an update or `migrate` has become slower, by ratios within one run."""
    session.install("tf_keras", "keras>=3", "jax[cpu]", TORCH, "torchmetrics", ".[tensorflow,migrate]")
    session.run("python", "benchmarks/speed.py", *session.posargs)


@nox.session(python="3.11")
def mutants(session):
    """Change the code at one place at a time, and see whether a test fails; not in CI, for its time."""
    session.install("mutmut==3.8.1", ".[test,migrate,plot]")
    session.run("python", "tests/mutation/run.py", *session.posargs)


@nox.session(python=NEW, allow_parallel=False)
def coverage(session):
    """Which branches the sessions before took, together; fails below the threshold of pyproject.toml."""
    session.install("coverage[toml]")
    session.env["COVERAGE_FILE"] = str(COVERAGE / "data")
    there = [COVERAGE / name for name in MEASURED if any(COVERAGE.glob(f"{name}/data.*"))]
    session.run("coverage", "combine", "--keep", "--quiet", *map(str, there))
    missing = sorted(set(MEASURED) - {folder.name for folder in there})
    if missing:
        session.warn(f"the threshold is for all sessions, and there is nothing of {', '.join(missing)}")
    session.run("coverage", "report", *(["--fail-under=0"] if missing else []))
