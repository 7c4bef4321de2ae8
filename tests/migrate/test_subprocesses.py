"""Processes that a script starts, under each way to start them: they run the migrated script, once."""

import subprocess
import sys
import textwrap

import pytest

# The import is gone from TensorFlow; nothing uses it, so migration removes it. No framework is loaded.
HELPER = "from tensorflow.contrib.metrics import streaming_auc\n\n\ndef name():\n    return 'helper'\n"
SCRIPT = """
    import inspect, multiprocessing, os, sys
    from tensorflow.contrib.metrics import streaming_auc


    class Thing:
        def __init__(self, number):
            self.number = number


    def work(thing):
        import helper
        # cloudpickle (3.1.3), by which joblib sends the function itself, takes its file's name away.
        first = "sent" if sys.argv[1] == "joblib" else inspect.getsource(work).splitlines()[0]
        return thing.number, helper.name(), sys.argv[1:], os.path.basename(sys.argv[0]), first


    def pool(method):
        if method == "joblib":
            from joblib import Parallel, delayed
            return Parallel(n_jobs=2)(delayed(work)(Thing(number)) for number in range(3))
        if method == "futures":
            from concurrent.futures import ProcessPoolExecutor
            with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
                return list(executor.map(work, [Thing(number) for number in range(3)]))
        with multiprocessing.get_context(method).Pool(2) as workers:
            return workers.map(work, [Thing(number) for number in range(3)])


    if __name__ == "__main__":
        for one in pool(sys.argv[1]):
            print(*one)
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork", "futures", "joblib"])
def test_children_run_the_migrated_script(tmp_path, method):
    if method == "joblib":
        pytest.importorskip("joblib")
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT).lstrip())
    command = [sys.executable, "-m", "compat_auc", "run", str(tmp_path / "script.py"), method, "--more"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    first = "sent" if method == "joblib" else "def work(thing):"
    lines = [f"{number} helper ['{method}', '--more'] script.py {first}" for number in range(3)]
    assert done.stdout.splitlines() == lines, done.stderr
    assert done.stderr.count("compat-auc: ") == 1, "only the parent says what it did"


def test_a_script_without_a_guard_ends_as_under_python(tmp_path):
    script = """
        import multiprocessing
        import helper
        multiprocessing.get_context("spawn").Process(target=print, args=(helper.name(),)).start()
    """
    (tmp_path / "helper.py").write_text(HELPER.replace("from tensorflow.contrib.metrics import streaming_auc", ""))
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(script))
    for command in ([str(path)], ["-m", "compat_auc", "run", "-q", str(path)]):
        done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60)
        assert "before the\n        current process has finished its bootstrapping phase" in done.stderr
