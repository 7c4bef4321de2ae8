"""Read regular files, and replace a file in one step. It is whole at any time, and keeps owner, mode and attributes."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, Generator

try:
    import fcntl
except ImportError:  # Windows, which never lets a program replace an open file
    fcntl = None

_LOCK_SECONDS = 10


def read(path: str | Path) -> bytes:
    """Return the bytes of a regular file. Anything else is an OSError: it might never end, or reading might do harm."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # for a folder, open says what is wrong
        raise OSError(errno.EINVAL, "not a regular file; give its text to compat-auc through standard input, as -")
    try:
        return Path(path).read_bytes()
    except MemoryError:
        raise OSError(errno.EFBIG, "larger than the memory") from None


def replace(path: str, new: bytes, old: bytes) -> None:
    """Give the file at ``path`` the contents ``new`` if it still holds ``old``. A link still leads to the file.

    Raises:
        OSError: The file cannot be written, or only with a loss. It stays as it was.
    """
    real = Path(os.path.realpath(path))
    with _locked(real) as file:
        status = os.fstat(file.fileno())
        _refuse_a_loss(status)
        with _beside(real, new, status) as temporary:
            now = read(real)
            if now == new:
                return  # another compat-auc has written it
            if now != old:
                raise OSError(errno.EBUSY, "it was changed while compat-auc worked on it, and is left so; try again")
            os.replace(temporary, real)


def _refuse_a_loss(status: os.stat_result) -> None:
    if not status.st_mode & 0o222:
        raise OSError(errno.EACCES, "it is read-only, and is left so; make it writable to have it changed")
    if status.st_nlink > 1:
        reason = (
            "it has {} names (hard links), and only one would change; it is left so: give this one a file of its own"
        )
        raise OSError(errno.EMLINK, reason.format(status.st_nlink))


@contextlib.contextmanager
def _locked(real: Path) -> Generator[BinaryIO, None, None]:
    """Open the file and lock it against every other run of compat-auc."""
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        with real.open("rb") as file:
            if not _lock(file):
                if time.monotonic() > until:
                    raise OSError(errno.EBUSY, "another program has it locked")
                time.sleep(0.02)
            elif os.path.samestat(os.fstat(file.fileno()), os.stat(real)):
                yield file
                return


def _lock(file: BinaryIO) -> bool:
    """Try to lock the file, and return whether it is ours. A file system without locks counts as free."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


@contextlib.contextmanager
def _beside(real: Path, data: bytes, status: os.stat_result) -> Generator[str, None, None]:
    """Make a file with ``data`` and the metadata of ``real`` in the same folder. Remove it unless it was moved."""
    # The name holds only a digest of the file's name: a longer one might not fit.
    prefix = f".compat-auc-{hashlib.sha256(os.fsencode(real.name)).hexdigest()[:16]}-"
    _remove_leftovers(real.parent, prefix)
    handle, temporary = tempfile.mkstemp(dir=real.parent, prefix=prefix, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            _copy_metadata(real, temporary, status)
            os.fsync(handle)
        yield temporary
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _remove_leftovers(folder: Path, prefix: str) -> None:
    """Remove what a killed ``replace`` of this file left. The lock ensures that no other ``replace`` uses it."""
    leftover = re.compile(rf"{prefix}\w{{8}}\.tmp")
    for name in os.listdir(folder):
        if leftover.fullmatch(name):
            with contextlib.suppress(OSError):
                os.unlink(folder / name)


def _copy_metadata(real: Path, temporary: str, status: os.stat_result) -> None:
    """Copy owner, group, mode, and on Linux extended attributes and ACLs. A new owner clears setuid: mode goes last."""
    if hasattr(os, "chown"):
        made = os.stat(temporary)
        if (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
            try:
                os.chown(temporary, status.st_uid, status.st_gid)
            except PermissionError:
                raise OSError(errno.EPERM, "its owner or group is another one, which cannot be kept") from None
    made = _attributes(temporary)
    for name, value in _attributes(real).items():
        if made.get(name) != value:
            os.setxattr(temporary, name, value)
    os.chmod(temporary, stat.S_IMODE(status.st_mode))


def _attributes(path: str | Path) -> dict[str, bytes]:
    if not hasattr(os, "listxattr"):
        return {}
    try:
        return {name: os.getxattr(path, name) for name in os.listxattr(path)}
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return {}
        raise
