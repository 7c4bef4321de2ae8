"""Count the old scripts that run after migration, and check their AUC: compat-auc beside tf_upgrade_v2.

It migrates and runs each script of a folder, and reads the last ``RESULT {...}`` line of its output:
``logged_val_auc`` is what Keras logged, ``sklearn_val_auc`` is scikit-learn's AUC of the same predictions. It prints a
table, a summary, and how many names of TensorFlow and Keras the installed packages have, before and after migration.

    python benchmarks/migrate_legacy.py tests/migrate/legacy [--peer] [--files 2000]
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import resolved_names

TOLERANCE = 2e-3
WRONG_ON_PURPOSE = {"11_churn_auc_metrics_compare.py"}
RUN = """
import runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        for target in options.target:
            rows = [compat_auc(path, target, work) for path in scripts(options.folder)]
            show(f"compat-auc migrate --target {target}", rows)
            resolved_names.show(scripts(options.folder), target)
        if options.peer:
            show("tf_upgrade_v2", [tf_upgrade_v2(path, work) for path in scripts(options.folder)])
        print(f"start-up of `compat-auc check` on one unrelated file: {start_up(work):.2f} s (median of 5)")
        print(f"{options.files} unrelated files: {many_files(work, options.files):.1f} s")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--target", action="append", choices=["keras3", "tf_keras"])
    parser.add_argument("--peer", action="store_true", help="also run tf_upgrade_v2 (7 s a file)")
    parser.add_argument("--files", type=int, default=2000)
    options = parser.parse_args()
    options.target = options.target or ["keras3", "tf_keras"]
    return options


def scripts(folder):
    return sorted(path for path in folder.iterdir() if path.suffix in (".py", ".ipynb"))


def compat_auc(path, target, work):
    """Migrate a copy of the script in place, then run it."""
    copy = work / target / path.name
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(path, copy)
    started = time.perf_counter()
    done = call([sys.executable, "-m", "compat_auc", "migrate", "--write", "--target", target, str(copy)])
    seconds = time.perf_counter() - started
    if copy.suffix == ".ipynb":
        result = call([sys.executable, "-m", "compat_auc", "run", "-q", "--target", target, str(copy)], copy.parent)
    else:
        result = call([sys.executable, "-c", RUN, str(copy)], copy.parent)
    return row(path, done.returncode, seconds, result)


def tf_upgrade_v2(path, work):
    """Migrate with TensorFlow's own tool, then run the result. The result of a notebook has a notebook's name, too."""
    copy = work / "peer" / path.name
    copy.parent.mkdir(exist_ok=True)
    command = [str(pathlib.Path(sys.executable).with_name("tf_upgrade_v2"))]
    started = time.perf_counter()
    done = call([*command, "--infile", str(path), "--outfile", str(copy), "--reportfile", str(copy) + ".txt"])
    seconds = time.perf_counter() - started
    result = call([sys.executable, "-c", RUN, str(copy)], copy.parent)
    return row(path, done.returncode, seconds, result)


def call(command, cwd=None):
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)


def row(path, status, seconds, done):
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    values = json.loads(lines[-1][len("RESULT ") :]) if lines and done.returncode == 0 else {}
    error = "" if values else (done.stderr.strip().splitlines() or ["no RESULT line"])[-1]
    return path.name, status, seconds, values.get("logged_val_auc"), values.get("sklearn_val_auc"), error


def show(title, rows):
    print(f"\n{title}\n{'file':44} {'exit':>4} {'s':>5} {'logged':>8} {'sklearn':>8} {'diff':>8}")
    for name, status, seconds, logged, exact, error in rows:
        values = f"{logged:8.4f} {exact:8.4f} {abs(logged - exact):8.4f}" if logged is not None else error[:70]
        print(f"{name:44} {status:4d} {seconds:5.2f} {values}")
    counted = [row for row in rows if row[0] not in WRONG_ON_PURPOSE]
    ran = sum(row[3] is not None for row in counted)
    right = sum(row[3] is not None and abs(row[3] - row[4]) <= TOLERANCE for row in counted)
    print(
        f"of {len(counted)} (without {', '.join(sorted(WRONG_ON_PURPOSE))}): {ran} run, {right} log the AUC within "
        f"{TOLERANCE:g}; {statistics.median(row[2] for row in rows):.2f} s a file (median)"
    )


def start_up(work):
    path = work / "unrelated.py"
    path.write_text("x = 1\n")
    times = []
    for _ in range(5):
        started = time.perf_counter()
        call([sys.executable, "-m", "compat_auc", "check", str(path)])
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def many_files(work, count):
    """Check many copies of a file of the standard library, which names neither Keras nor TensorFlow."""
    folder = work / "many"
    folder.mkdir()
    source = pathlib.Path(json.decoder.__file__).read_text("utf-8")
    for index in range(count):
        (folder / f"m{index}.py").write_text(source)
    started = time.perf_counter()
    done = call([sys.executable, "-m", "compat_auc", "check", str(folder)])
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
