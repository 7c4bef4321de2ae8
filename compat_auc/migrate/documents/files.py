"""Find scripts and notebooks, read them, and replace a file in one step, so that it is whole at any time."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Iterable, Iterator

from compat_auc.migrate.documents.requirements import is_requirements

_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", ".ipynb_checkpoints"}
_SUFFIXES = (".py", ".ipynb")
# Files beside a script: the lock file of Emacs, and the metadata that macOS keeps on foreign disks.
_COMPANIONS = (".#", "._")


def find_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files given by name, and the scripts, notebooks and requirement files in the given folders.

    A folder that cannot be listed is yielded itself, so that the caller gets the error when it reads it.
    """
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        closed: list[OSError] = []
        for folder, folders, names in os.walk(path, onerror=closed.append):
            folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED_FOLDERS)
            yield from (os.path.join(folder, name) for name in sorted(names) if _is_wanted(name))
        yield from (error.filename for error in closed)


def _is_wanted(name: str) -> bool:
    return is_requirements(name) or (name.endswith(_SUFFIXES) and not name.startswith(_COMPANIONS))


def read(path: str | Path) -> bytes:
    """Return the bytes of a regular file. Anything else is an OSError: it might never end, or reading might do harm."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # for a folder, open says what is wrong
        raise OSError(errno.EINVAL, "not a regular file; give its text to compat-auc through standard input, as -")
    try:
        return Path(path).read_bytes()
    except MemoryError:
        raise OSError(errno.EFBIG, "larger than the memory") from None


def write(path: str, new: bytes, old: bytes) -> None:
    """Give the file at ``path`` the contents ``new`` if it still holds ``old``. A link still leads to the file.

    Raises:
        OSError: The file cannot be written, or only with a loss. It stays as it was.
        ValueError: Nothing would be left of it.
    """
    if not new.strip():
        raise ValueError(f"{path}: refusing to write an empty file")
    real = Path(os.path.realpath(path))
    status = os.stat(real)
    _refuse_a_loss(status)
    handle, temporary = tempfile.mkstemp(dir=real.parent, prefix=".compat-auc-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(handle)
        if hasattr(os, "chown"):
            os.chown(temporary, status.st_uid, status.st_gid)  # clears setuid, so the mode goes last
        shutil.copystat(real, temporary)
        os.utime(temporary)  # copystat copies the time, too, by which Python and make see a change
        now = read(real)
        if now == new:
            return  # another compat-auc has written it
        if now != old:
            raise OSError(errno.EBUSY, "it was changed while compat-auc worked on it, and is left so; try again")
        os.replace(temporary, real)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _refuse_a_loss(status: os.stat_result) -> None:
    if not status.st_mode & 0o222:
        raise OSError(errno.EACCES, "it is read-only, and is left so; make it writable to have it changed")
    if status.st_nlink > 1:
        reason = (
            "it has {} names (hard links), and only one would change; it is left so: give this one a file of its own"
        )
        raise OSError(errno.EMLINK, reason.format(status.st_nlink))


def leaves(path: str, folders: Iterable[str]) -> bool:
    """Whether the path is a link out of all the named folders. Nobody asked to change the file behind such a link."""
    real = os.path.realpath(path)
    roots = (os.path.join(os.path.realpath(folder), "") for folder in folders)
    return os.path.islink(path) and not any(real.startswith(root) for root in roots)
