"""Programs that import a small module in the place of Keras, for the tests of the hook on that import."""

import os
import pathlib
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).parents[1]
# What a module sees while it runs, and finds afterwards, is its own loader.
MODULE = "import sys; LOADER, SPEC = __loader__, __spec__; DURING = __spec__.loader is __loader__\n"
# Under -W error, where a warning of ours is an error.
PUBLISH = """
import importlib, importlib.abc, importlib.util, sys, types
import compat_auc.metrics.registry as registry
published = []
registry.publish = lambda keras: published.append((keras.__name__, keras.DURING))
"""
CHECK = """
import keras
assert keras.DURING and keras.__loader__ is keras.LOADER is keras.__spec__.loader, keras.__loader__
print(published)
"""
ONCE = "[('keras', True)]"


def run_in(folder):
    """A function that gives what a program prints, in a separate Python, in a folder with such a Keras."""
    (folder / "keras.py").write_text(MODULE)

    def run_program(*parts, options=("-W", "error"), fails=False):
        program = "\n".join(map(textwrap.dedent, parts))
        path = os.pathsep.join([str(ROOT), str(folder)])
        done = subprocess.run(
            [sys.executable, *options, "-c", program],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
        )
        assert bool(done.returncode) == fails, done.stderr
        return done.stderr if fails else done.stdout.strip()

    return run_program
