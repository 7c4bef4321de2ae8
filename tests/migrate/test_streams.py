"""Standard streams that are full or closed end in one clear line, never in a traceback."""

import os
import subprocess
import sys

import pytest

OLD = "import keras\nx = keras.utils.np_utils.to_categorical(y)\n"

pytestmark = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a disk that is always full is Linux's")


def shell(line, folder):
    """Run a line for the shell, in which COMMAND is compat-auc, and names in capitals are those of files."""
    line = line.replace("COMMAND", f"{sys.executable} -m compat_auc").replace("FOLDER", str(folder))
    for name in ("OLD", "BAD"):
        line = line.replace(name, str(folder / f"{name.lower()}.py"))
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "old.py").write_text(OLD)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    ["check OLD", "check --format json OLD", "migrate OLD", "migrate --write - < OLD"],
)
def test_a_full_disk(folder, command):
    done = shell(f"COMMAND {command} > /dev/full", folder)
    assert done.returncode == 123
    assert done.stderr.splitlines()[-1] == "compat-auc: standard output: No space left on device"
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_a_full_disk_does_not_undo_what_is_written(folder):
    done = shell("COMMAND migrate --write FOLDER > /dev/full", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "np_utils" not in (folder / "old.py").read_text()


def test_closed_input(folder):
    done = shell("COMMAND check - <&-", folder)
    assert (done.returncode, done.stdout) == (123, "")
    assert done.stderr.startswith("-:1: standard input is closed\n")


def test_closed_output(folder):
    assert shell("COMMAND check OLD >&-", folder).returncode == 1
    done = shell("COMMAND migrate --write - < OLD >&-", folder)
    assert (done.returncode, done.stderr) == (123, "compat-auc: standard output: standard output is closed\n")


def test_closed_errors_do_not_go_to_the_output(folder):
    (folder / "bad.py").write_text("x = (\n")
    done = shell("COMMAND migrate --write BAD OLD 2>&-", folder)
    assert (done.returncode, done.stdout, done.stderr) == (123, "", "")
    assert "np_utils" not in (folder / "old.py").read_text()


def test_all_closed(folder):
    assert shell("COMMAND migrate --write OLD <&- >&- 2>&-", folder).returncode == 0
    assert (folder / "old.py").read_text() == OLD.replace(".np_utils", "")
