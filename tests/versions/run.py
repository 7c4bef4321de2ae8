"""Makes each environment, installs the wheel there as a user would, runs the checks, writes the result, deletes it.

    python tests/versions/run.py --wheel WHEEL --results FILE --python 3.7=/path/python ... NAME...

`nox -s versions` calls it. It runs on any current Python that has uv beside it.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree

import environments

HERE = pathlib.Path(__file__).parent
SHOWN = ("tensorflow", "keras", "tf-keras", "keras-nightly", "jax", "torch", "numpy")
_writing = threading.Lock()


def uv(*command):
    """Run uv, and what it printed; its errors end the run of this environment."""
    # uv does not read pip's configuration.
    variables = {**os.environ, "UV_FIND_LINKS": os.environ.get("PIP_FIND_LINKS", "").replace(" ", ",")}
    done = subprocess.run(["uv", *command], capture_output=True, text=True, env=variables)
    if done.returncode:
        raise RuntimeError(f"uv {' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def installed(python):
    """The version of each installed package."""
    found = json.loads(uv("pip", "list", "--python", python, "--format", "json"))
    return {package["name"].lower().replace("_", "-"): package["version"] for package in found}


def run_checks(python, environment, stack, folder):
    """The checks on one stack: how many passed, and the first line of each failure."""
    report = folder / f"{stack}.xml"
    # The script, not `python -m pytest`, which would find the package in this folder instead of the installed one.
    command = [str(pathlib.Path(python).with_name("pytest")), *(str(HERE / name) for name in environment.checks)]
    command += [f"--lane={stack}", "--any-release", f"--confcutdir={HERE.parent}", f"--junitxml={report}"]
    # What old frameworks warn of is not ours to mend.
    command += ["-q", "-p", "no:cacheprovider", "--tb=short", "-W", "default"]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
    variables["PYTHONDONTWRITEBYTECODE"] = ""  # The next stack need not compile the frameworks again.
    try:
        done = subprocess.run(command, cwd=HERE, env=variables, capture_output=True, text=True, timeout=1800)
    except subprocess.TimeoutExpired:
        return {"passed": 0, "known": {}, "failed": {"all": "not finished in half an hour"}}
    if not report.exists():
        return {"passed": 0, "known": {}, "failed": {"all": (done.stdout + done.stderr).strip()[-1500:]}}
    return read_report(report, done.stdout)


def read_report(report, output):
    """Pytest's report in XML, in short."""
    passed, known, failed = 0, {}, {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        bad = [case.find(kind) for kind in ("failure", "error") if case.find(kind) is not None]
        skipped = case.find("skipped")
        if bad:
            failed[case.get("name")] = first_line(bad[0].get("message") or bad[0].text)
        elif skipped is not None:
            known[case.get("name")] = skipped.get("message")
        else:
            passed += 1
    if not passed and not failed:
        failed["all"] = output.strip()[-1500:]
    return {"passed": passed, "known": known, "failed": failed}


def first_line(text):
    return (text or "").strip().splitlines()[0][:300] if (text or "").strip() else "no message"


def run(environment, wheel, python, keep=False):
    """All of one environment, as it is written to the results."""
    began, folder = time.time(), pathlib.Path(tempfile.mkdtemp(prefix=f"versions-{environment.name}-"))
    result = {"date": time.strftime("%Y-%m-%d"), "python": environment.python, "packages": list(environment.packages)}
    try:
        uv("venv", "--python", python, "--clear", str(folder / "env"))
        new = str(folder / "env" / "bin" / "python")
        uv("pip", "install", "--python", new, "pytest>=7", "hypothesis", *environment.packages)
        before = installed(new)
        # With the framework named beside it, as the README says, so that its conditions hold for scikit-learn's NumPy.
        uv("pip", "install", "--python", new, wheel, *environment.packages)
        after = installed(new)
        result["versions"] = {name: after[name] for name in SHOWN if name in after}
        result["changed"] = {name: [old, after.get(name)] for name, old in before.items() if after.get(name) != old}
        result["stacks"] = {stack: run_checks(new, environment, stack, folder) for stack in environment.stacks}
    except RuntimeError as error:
        result["error"] = str(error)[-1500:]
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    result["seconds"] = round(time.time() - began)
    return result


def problems(result):
    """What in a result is no success, a line each."""
    found = [f"error: {result['error']}"] if "error" in result else []
    found += [f"installing changed {name}: {change}" for name, change in result.get("changed", {}).items()]
    for stack, outcome in result.get("stacks", {}).items():
        found += [f"{stack}: {check}: {message}" for check, message in outcome["failed"].items()]
    return found


def write(path, name, result):
    """Enter one result into the file, in the order of the environments."""
    with _writing:
        results = json.loads(path.read_text("utf-8")) if path.exists() else {}
        results[name] = result
        ordered = {name: results[name] for name in environments.environments() if name in results}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(ordered, indent=1, sort_keys=False) + "\n", encoding="utf-8")


def chosen(parser, options, pythons):
    """The environments to run. Without a Python for one it is left out, or with CI set it is an error."""
    every = environments.environments()
    names = options.names or (environments.SAMPLE if options.sample else tuple(every))
    if set(names) - set(every):
        parser.error(f"no such environment: {', '.join(set(names) - set(every))}. There are: {', '.join(every)}")
    lacking = [name for name in names if every[name].python not in pythons]
    if lacking and os.environ.get("CI"):
        parser.error(f"no Python for {', '.join(lacking)}")
    for name in lacking:
        print(f"{name}: left out, there is no Python {every[name].python}", flush=True)
    return [every[name] for name in names if name not in lacking]


def arguments():
    """The parser of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wheel", required=True)
    parser.add_argument("--results", type=pathlib.Path, required=True)
    parser.add_argument("--python", action="append", default=[], metavar="VERSION=PATH")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="do not delete the environments")
    parser.add_argument("--sample", action="store_true", help="one release of each kind")
    parser.add_argument("names", nargs="*", metavar="NAME", help="all by default")
    return parser


def main():
    parser = arguments()
    options = parser.parse_args()
    pythons = dict(pair.split("=", 1) for pair in options.python)
    failed = []

    def one(environment):
        result = run(environment, options.wheel, pythons[environment.python], options.keep)
        write(options.results, environment.name, result)
        counts = {stack: outcome["passed"] for stack, outcome in result.get("stacks", {}).items()}
        print(f"{environment.name}: passed {counts}, {result['seconds']} s", flush=True)
        for line in problems(result):
            failed.append(environment.name)
            print(f"    {line}", flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, chosen(parser, options, pythons)))
    if failed:
        sys.exit(f"failed: {', '.join(sorted(set(failed)))}")


if __name__ == "__main__":
    main()
