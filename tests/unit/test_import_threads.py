"""Several threads: one imports Keras and another compat_auc, or all make their first metric at once."""

import os
import subprocess
import sys

import pytest
from import_programs import CHECK, MODULE, ONCE, PUBLISH, ROOT, run_in

IN_A_THREAD = """
import threading, types
sys.meta_path.remove(registry._hook)  # As before compat_auc is imported.
gate = sys.modules["gate"] = types.SimpleNamespace(entered=threading.Event(), open=threading.Event())
thread = threading.Thread(target=__import__, args=("keras",))
thread.start()
assert gate.entered.wait(10)
"""
ENTER = "import gate; gate.entered.set(); gate.open.wait(10)\n"


def test_another_thread_is_in_the_middle_of_the_import(tmp_path):
    """Keras is in sys.modules, and has not all of its names yet."""
    run = run_in(tmp_path)
    (tmp_path / "keras.py").write_text(ENTER + MODULE)
    program = """
    threading.Timer(0.2, gate.open.set).start()
    registry.install()
    print(published)
    """
    assert run(PUBLISH, IN_A_THREAD, program, CHECK) == f"{ONCE}\n{ONCE}"


def test_another_thread_is_about_to_begin_the_import(tmp_path):
    """It has looked for Keras, and Keras is not in sys.modules yet: the first use of a public name comes to it."""
    run = run_in(tmp_path)
    loader = f"""
    class Loader(importlib.machinery.SourceFileLoader):
        def create_module(self, spec):
            {ENTER}
    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name == "keras":
                return importlib.util.spec_from_loader(name, Loader(name, "keras.py"))
    sys.meta_path.insert(0, Finder())
    """
    program = """
    registry.install()
    assert published == []
    gate.open.set()
    thread.join()
    assert published == []
    compat_auc.auc_roc
    """
    assert run("import compat_auc", PUBLISH, loader, IN_A_THREAD, program, CHECK) == ONCE


REAL = """
import sys, threading, time
thread = threading.Thread(target=__import__, args=("keras",))
thread.start()
while until not in sys.modules:
    time.sleep(0.001)
import compat_auc
import keras
print(type(keras.metrics.get("auc_roc")).__name__)
"""


FOUR_AT_ONCE = """
import threading
import compat_auc
start, made, types = threading.Barrier(4), [], set()
def make():
    start.wait()
    made.append([compat_auc.RankAUC(), compat_auc.auc_roc(), compat_auc.RocCallback()])
threads = [threading.Thread(target=make) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(made), len({type(one) for several in made for one in several}))
"""


def run_with_the_real_keras(program):
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KERAS_BACKEND": "tensorflow"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)
    assert done.returncode == 0 and "compat_auc could not" not in done.stderr, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("until", ["keras", "tensorflow"])
def test_another_thread_imports_the_real_keras(until):
    assert run_with_the_real_keras(f"until = {until!r}\n" + REAL) == "AucRoc"


@pytest.mark.slow
def test_four_threads_make_their_first_metrics_at_once():
    assert run_with_the_real_keras(FOUR_AT_ONCE) == "4 3"
