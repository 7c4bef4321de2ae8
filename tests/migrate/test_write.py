"""What ``--write`` keeps: metadata, links, other people's changes; and that only regular files are read."""

import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from compat_auc.command import cli
from compat_auc.migrate.documents import files, pipeline

OLD = b"import keras\nx = keras.utils.np_utils.to_categorical(y)\n"
NEW = OLD.replace(b".np_utils", b"")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "old.py"
    path.write_bytes(OLD)
    return path


def write(*paths):
    return cli.main(["migrate", "--write", *map(str, paths)])


def alone(path):
    return [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("mode", [0o4755, 0o2711, 0o640, 0o200])
def test_mode_and_owner_are_kept(path, mode):
    if os.getuid() == 0:
        os.chown(path, 1234, 2345)
    path.chmod(mode)
    before = path.stat()
    files.write(str(path), NEW, OLD)
    after = path.stat()
    assert path.read_bytes() == NEW
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (mode, before.st_uid, before.st_gid)


def test_the_time_of_the_change_is_new(path):
    """By it Python sees that the code in ``__pycache__`` is old."""
    os.utime(path, (1, 1))
    files.write(str(path), NEW, OLD)
    assert path.stat().st_mtime > 1


def test_an_owner_that_cannot_be_kept_is_a_refusal(path, monkeypatch, capsys):
    if os.getuid() != 0:
        pytest.skip("only root makes a file of somebody else's")
    os.chown(path, 1234, 2345)

    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    assert write(path) == 123
    assert "Operation not permitted" in capsys.readouterr().err
    assert path.read_bytes() == OLD and alone(path)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="extended attributes are Linux's")
def test_extended_attributes_are_kept(path):
    try:
        os.setxattr(path, "user.note", b"kept")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    assert write(path) == 0
    assert (path.read_bytes(), os.getxattr(path, "user.note")) == (NEW, b"kept")


def test_a_system_without_owners(path, monkeypatch):
    """Windows has none."""
    monkeypatch.delattr(os, "chown", raising=False)
    assert write(path) == 0
    assert path.read_bytes() == NEW and alone(path)


def test_hard_links_are_not_cut(path, capsys):
    other = path.with_name("other.txt")
    os.link(path, other)
    assert write(path) == 123
    assert "the file has 2 names (hard links)" in capsys.readouterr().err
    assert path.read_bytes() == other.read_bytes() == OLD
    assert path.samefile(other)


def test_a_read_only_file_is_not_written(path, capsys):
    path.chmod(0o444)
    assert write(path) == 123
    assert "the file is read-only" in capsys.readouterr().err
    assert path.read_bytes() == OLD
    assert cli.main(["migrate", "--check", str(path)]) == 1


def test_a_file_that_changed_meanwhile_is_left_as_it_is(path, monkeypatch, capsys):
    process = pipeline.process

    def edit(name, *rest):
        outcome = process(name, *rest)
        edited = path.with_name("new by an editor")
        edited.write_bytes(b"x = 1\n" + OLD)
        os.replace(edited, path)
        return outcome

    monkeypatch.setattr(pipeline, "process", edit)
    assert write(path) == 123
    assert "the file changed while compat-auc worked" in capsys.readouterr().err
    assert path.read_bytes() == b"x = 1\n" + OLD and alone(path)


def test_it_is_compared_at_the_last_moment(path, monkeypatch):
    fsync = os.fsync

    def edit(handle):
        path.write_bytes(OLD + b"# edited\n")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", edit)
    with pytest.raises(OSError, match="changed while"):
        files.write(str(path), NEW, OLD)
    assert path.read_bytes() == OLD + b"# edited\n" and alone(path)


def test_two_at_once_are_one(path):
    errors = []

    def work():
        for _ in range(20):
            try:
                files.write(str(path), NEW, OLD)
            except OSError as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert path.read_bytes() == NEW and alone(path)


def test_two_runs_over_one_folder_report_nothing(tmp_path):
    for index in range(40):
        (tmp_path / f"{index}.py").write_bytes(OLD)
    command = [sys.executable, "-m", "compat_auc", "migrate", "--write", str(tmp_path)]
    runs = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [run.communicate(timeout=120)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], said
    assert {one.read_bytes() for one in tmp_path.iterdir()} == {NEW}
    assert len(list(tmp_path.iterdir())) == 40


def test_a_link_out_of_the_folder_is_not_followed(tmp_path, capsys):
    (tmp_path / "named" / "sub").mkdir(parents=True)
    (tmp_path / "mine.py").write_bytes(OLD)
    (tmp_path / "named" / "out.py").symlink_to(tmp_path / "mine.py")
    (tmp_path / "named" / "real.py").write_bytes(OLD)
    (tmp_path / "named" / "sub" / "in.py").symlink_to("../real.py")
    assert write(tmp_path / "named") == 123
    assert f"{tmp_path / 'named' / 'out.py'}:1: Not changed: a link out of the named folder" in capsys.readouterr().err
    assert (tmp_path / "mine.py").read_bytes() == OLD
    assert (tmp_path / "named" / "real.py").read_bytes() == NEW
    assert write(tmp_path / "named" / "out.py") == 0
    assert (tmp_path / "mine.py").read_bytes() == NEW
    assert (tmp_path / "named" / "out.py").is_symlink()


@pytest.mark.parametrize("length", [230, 252])
def test_long_names(tmp_path, length):
    path = tmp_path / ("x" * (length - 3) + ".py")
    path.write_bytes(OLD)
    assert write(path) == 0
    assert path.read_bytes() == NEW and alone(path)


def special_files(folder):
    os.mkfifo(folder / "pipe.py")
    (folder / "zero.py").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(folder / "socket.py"))
    return "pipe.py", "zero.py", "socket.py"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix's")
def test_only_regular_files_are_read(path, capsys):
    names = special_files(path.parent)
    assert write(path.parent) == 123
    error = capsys.readouterr().err
    for name in names:
        assert f"{path.parent / name}:1: Not a regular file" in error
    assert path.read_bytes() == NEW
    assert cli.main(["run", str(path.parent / "pipe.py")]) == 123


def test_a_file_larger_than_the_memory_is_said(path, monkeypatch, capsys):
    def fail(_):
        raise MemoryError

    monkeypatch.setattr(Path, "read_bytes", fail)
    assert write(path) == 123
    assert "old.py:1: The file is larger than the memory" in capsys.readouterr().err


def test_companions_of_scripts_are_left_out(path):
    (path.parent / ".#old.py").symlink_to("user@host.1234")
    (path.parent / "._old.py").write_bytes(b"\0\5\x16\7")
    assert write(path.parent) == 0


def test_a_folder_says_that_it_is_one(tmp_path):
    with pytest.raises(IsADirectoryError):
        files.read(Path(tmp_path))
