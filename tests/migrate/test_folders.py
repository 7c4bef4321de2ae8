"""Folders as a user checks them: `[tool.compat-auc]`, `--exclude`, all cores, and the bar."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from test_cli import NEW, OLD, command

from compat_auc.command import cli, workers

GUIDE = Path(__file__).parents[2] / "migration_guide.md"
FILE_NAME = (
    'from keras.callbacks import ModelCheckpoint\n\ncheckpoint = ModelCheckpoint("best.hdf5", save_best_only=True)\n'
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "old/b.py", "sub/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(OLD)
    return tmp_path


def names(capsys):
    lines = capsys.readouterr().out.splitlines()
    return [line.split(":")[0].replace(os.sep, "/").removeprefix("./") for line in lines]


@pytest.mark.parametrize(
    ("table", "args", "listed"),
    [
        ("", [], ["a.py", "old/b.py", "sub/c.py"]),
        ("", ["--exclude", "old", "--exclude=c.*"], ["a.py"]),
        ('exclude = ["old/"]', [], ["a.py", "sub/c.py"]),
        ('exclude = ["/sub"]', ["--exclude", "old"], ["a.py"]),
        ('ignore = ["CA4", "CA601"]', [], []),
        ('ignore = ["CA4", "CA601"]', ["--ignore", "CA5"], ["a.py", "old/b.py", "sub/c.py"]),
        ('select = ["CA3"]', [], []),
        ('select = ["CA3"]', ["--select", "CA401"], ["a.py", "old/b.py", "sub/c.py"]),
    ],
)
def test_what_is_left_out(folder, capsys, table, args, listed):
    (folder / "pyproject.toml").write_text(f"[project]\nname = 'x'\n\n[tool.compat-auc]\n{table}\n")
    assert cli.main(["check", *args, "."]) == bool(listed)
    assert names(capsys) == listed


def test_the_table_of_the_guide(folder, capsys):
    (table,) = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (folder / "pyproject.toml").write_text(table)
    (folder / "third_party").mkdir()
    (folder / "third_party" / "d.py").write_text(OLD)
    (folder / "e.py").write_text(FILE_NAME)
    assert cli.main(["check", "."])
    assert names(capsys) == ["a.py", "old/b.py", "sub/c.py"]
    (folder / "pyproject.toml").unlink()
    assert cli.main(["check", "e.py", "third_party"])
    assert names(capsys) == ["e.py", "third_party/d.py"]


def test_the_table_is_that_of_the_path_and_not_of_the_current_folder(folder, capsys):
    (folder / "sub" / "pyproject.toml").write_text("[tool.compat-auc]\nexclude = ['/c.py']\n")
    (folder / "sub" / "d.py").write_text(OLD)
    cli.main(["check", "."])
    assert names(capsys) == ["a.py", "old/b.py", "sub/c.py", "sub/d.py"]
    cli.main(["check", "sub"])
    assert names(capsys) == ["sub/d.py"]


def test_a_pyproject_without_a_table_is_passed_over(folder, capsys):
    (folder / "pyproject.toml").write_text("[tool.compat-auc]\ntarget = 'tf_keras'\n")
    (folder / "sub" / "pyproject.toml").write_text("[tool.black]\nbroken")
    cli.main(["migrate", "sub/c.py"])
    assert "+import tf_keras as keras\n" in capsys.readouterr().out
    cli.main(["migrate", "--target", "keras3", "sub/c.py"])
    assert "tf_keras" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("excludes = []", "[tool.compat-auc] has excludes; it takes target, select, ignore, exclude"),
        ("target = 'keras9'", "target is 'keras9'; expected one of keras3, tf_keras"),
        ("exclude = 'old'", "exclude is 'old'; expected a list of strings"),
        ("ignore = ['CA9']", "ignore: no code begins with 'CA9'"),
        ("exclude = [", "pyproject.toml: "),
    ],
)
def test_a_table_that_cannot_be_used(folder, capsys, table, message):
    (folder / "pyproject.toml").write_text(f"[tool.compat-auc]\n{table}\n")
    assert cli.main(["check", "."]) == 2
    error = capsys.readouterr().err
    assert message in error and error.startswith(f"compat-auc: {folder / 'pyproject.toml'}: ")


@pytest.fixture
def scripts(tmp_path):
    """Many scripts; the current folder is the tests' own, from which programs import the package."""
    many(tmp_path)
    return tmp_path


def many(folder, count=20):
    for number in range(count):
        (folder / f"f{number:02}.py").write_text(OLD if number % 3 else NEW)
    (folder / "f05.py").write_text("import keras\nf(\n")
    (folder / "f07.py").write_bytes(b"import keras\nx = '\xff'\n")


def test_all_cores_say_what_a_single_process_says(scripts):
    single, several = (command("check", "--jobs", jobs, scripts) for jobs in ("1", "4"))
    assert single.stdout.count("CA401") == 11 and single.returncode == 123
    assert (several.stdout, several.stderr, several.returncode) == (single.stdout, single.stderr, 123)


def test_several_processes_write(scripts):
    assert command("migrate", "--write", "--jobs", "3", scripts).returncode == 123
    assert (scripts / "f01.py").read_text() == (scripts / "f19.py").read_text() == NEW
    assert len(list(scripts.iterdir())) == 20


def test_several_processes_know_what_files_take_from_each_other(tmp_path):
    metrics = "import tensorflow as tf\n\n\ndef auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]\n"
    (tmp_path / "metrics.py").write_text(metrics + "\n\nMETRICS = [auc]\n")
    (tmp_path / "train.py").write_text("from metrics import auc\n")
    assert command("migrate", "--write", "--jobs", "4", tmp_path).returncode == 0
    assert '\nauc = auc_roc(name="auc")\n' in (tmp_path / "metrics.py").read_text()


@pytest.mark.parametrize(
    ("files", "jobs", "cores", "processes"),
    [(8, None, 4, 1), (9, None, 4, 2), (99, None, 4, 4), (3, 8, 1, 3), (9, 1, 4, 1)],
)
def test_how_many_processes(monkeypatch, files, jobs, cores, processes):
    started = []
    monkeypatch.setattr(workers, "_cores", lambda: cores)
    monkeypatch.setattr(workers, "_in_order", lambda paths, task, jobs: started.append(jobs) or map(str.upper, paths))
    results = list(workers.process_all(["x"] * files, str.upper, jobs))
    assert results == [("x", "X")] * files and (started or [1]) == [processes]


def test_a_process_that_dies_is_said(scripts):
    program = (
        "import os, sys\nfrom compat_auc.command import cli\nfrom compat_auc.migrate.documents import pipeline\n"
        "process = pipeline.process\n"
        "pipeline.process = lambda path, *rest: os._exit(9) if 'f03' in path else process(path, *rest)\n"
        "sys.exit(cli.main(['check', '--jobs', '2', sys.argv[1]]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, scripts], capture_output=True, text=True, timeout=60)
    assert done.returncode == 123
    assert "f03.py:1: A process died" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs the processes of a POSIX system")
def test_processes_end_when_the_first_one_is_killed(scripts):
    """Each process holds the pipe to the first one's output, so the pipe ends when the last of them does."""
    program = (
        "import sys, time\nfrom compat_auc.command import cli\nfrom compat_auc.migrate.documents import pipeline\n"
        "pipeline.process = lambda *_: print('up', flush=True) or time.sleep(600)\n"
        "sys.exit(cli.main(['check', '--jobs', '3', sys.argv[1]]))\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, scripts], stdout=subprocess.PIPE, text=True) as process:
        assert [process.stdout.readline() for _ in range(3)] == ["up\n"] * 3
        process.kill()
        assert process.communicate(timeout=20)[0] == ""


@pytest.mark.parametrize(("terminal", "seconds"), [(True, 3), (True, 1), (False, 3)])
def test_the_bar(folder, monkeypatch, capsys, terminal, seconds):
    clock = iter(range(0, 1000, seconds))
    monkeypatch.setattr(workers.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    cli.main(["check", "--jobs", "1", "a.py", "old", "sub"])
    bars = re.findall(r"\[([#.]+)\] (\d) of 3  (\S+?)\r\033\[K", capsys.readouterr().err)
    drawn = [(bar.count("#"), number, name.replace(os.sep, "/")) for bar, number, name in bars]
    every = [(0, "0", "a.py"), (8, "1", "old/b.py"), (16, "2", "sub/c.py")]
    assert drawn == (every[0 if seconds == 3 else 1 :] if terminal else [])


@pytest.mark.parametrize("number", ["0", "-1", "x", ""])
def test_a_number_of_processes(number, capsys):
    with pytest.raises(SystemExit):
        cli.main(["check", f"--jobs={number}", "x"])
    assert f"expected a number from 1 on. Received: {number!r}" in capsys.readouterr().err
