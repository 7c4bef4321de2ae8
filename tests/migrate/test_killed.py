"""A ``migrate --write`` that is killed: every file is old or new, whole, and a second run finishes the job."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time

# What is written here by hand: each kind of file before and after, and for broken ones the line that is not Python 3.
METRIC = b"""\
import tensorflow as tf
from keras.layers.core import Dense
from keras.models import Sequential


def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]


model = Sequential([Dense(1, input_dim=3, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[auc])
"""
METRIC_NEW = b"""\
from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(1, input_dim=3, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[auc_roc(name="auc")])
"""
LATIN = b"# -*- coding: latin-1 -*-\r\nfrom keras.utils.np_utils import to_categorical  # caf\xe9\r\n"
LATIN_NEW = b"# -*- coding: latin-1 -*-\r\nfrom keras.utils import to_categorical  # caf\xe9\r\n"
MOVED = b"from keras.layers.core import Dense\nlayer = Dense(4)\n"
MOVED_NEW = b"from keras.layers import Dense\nlayer = Dense(4)\n"
CHANGING = [(MOVED, MOVED_NEW), (LATIN, LATIN_NEW)]
UNRELATED = b"import os\nprint(os.sep)\n"
BROKEN = [(b"import keras\nprint 'old\n", 2), (b"import keras\nx = 1\nif x == :\n    pass\n", 3)]
COUNT = 2000


def command(folder):
    # One process waits where the test has it wait.
    return [sys.executable, "-m", "compat_auc", "migrate", "--write", "--jobs", "1", str(folder)]


def fill(folder):
    """Of every ten scripts one is broken and three have nothing to change.

    The old and the new contents by name, and the lines of the broken ones.
    """
    old, new, broken = {}, {}, {}
    for index in range(COUNT):
        name = f"script_{index:04}.py"
        if index % 10 == 9:
            old[name], broken[name] = BROKEN[index // 10 % len(BROKEN)]
            new[name] = old[name]
        elif index % 10 in (2, 5, 8):
            old[name] = new[name] = UNRELATED
        elif index % 100 == 0:
            old[name], new[name] = METRIC, METRIC_NEW
        else:
            old[name], new[name] = CHANGING[index % len(CHANGING)]
        (folder / name).write_bytes(old[name])
    return old, new, broken


def differing(folder, expected):
    """The names of the files whose contents are not as expected."""
    return {name for name, data in expected.items() if (folder / name).read_bytes() != data}


# It stops for ever at the worst moment: the new text of one file is written beside the file, and has not replaced it.
WAITING = """
    import os, signal, sys
    from compat_auc.command import cli
    replace = os.replace
    def wait(new, path):
        if str(path).endswith(sys.argv[1]):
            signal.pause()
        return replace(new, path)
    os.replace = wait
    cli.main(sys.argv[2:])
"""


def kill_half_way(folder, old, new):
    """Start a run, and kill it in the middle of a write, when the first half of the files is done."""
    middle = f"script_{COUNT // 2:04}.py"
    assert old[middle] != new[middle]
    to_change = len([name for name in old if old[name] != new[name] and name < middle])
    waits = [sys.executable, "-c", textwrap.dedent(WAITING), middle, *command(folder)[3:]]
    with subprocess.Popen(waits, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while len(differing(folder, old)) < to_change:
                assert process.poll() is None, "it ended early"
                time.sleep(0.02)
            while not list(folder.glob(".compat-auc-*.tmp")):
                time.sleep(0.02)
        finally:
            process.kill()
    assert process.returncode == -signal.SIGKILL


def test_every_file_is_old_or_new_and_a_second_run_finishes(tmp_path):
    old, new, broken = fill(tmp_path)
    kill_half_way(tmp_path, old, new)
    left = differing(tmp_path, new)
    assert left & differing(tmp_path, old) == set()
    assert left

    done = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=600)
    assert done.returncode == 123
    assert differing(tmp_path, new) == set()
    (temporary,) = set(os.listdir(tmp_path)) - set(old)
    assert re.fullmatch(r"\.compat-auc-\w+\.tmp", temporary)
    failed = re.findall(r"^(.+):(\d+): Not Python 3: .", done.stderr, re.MULTILINE)
    assert {path: int(line) for path, line in failed} == {str(tmp_path / name): line for name, line in broken.items()}
    assert f"{len(left)} of {COUNT} files changed, {len(broken)} could not be processed" in done.stderr
