"""Find scripts and notebooks, read them, and replace a file in one step, so that it is whole at any time."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Iterator, NamedTuple, Sequence

from compat_auc.migrate.documents.requirements import is_requirements

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", ".ipynb_checkpoints"}
# Of an environment that the user names: Python's own files and the installed ones.
_OF_ENVIRONMENTS = {"bin", "include", "lib", "lib64", "share", "Include", "Lib", "Library", "Scripts"}
_SUFFIXES = (".py", ".ipynb")
# Files beside a script: the lock file of Emacs, and the metadata that macOS keeps on foreign disks.
_COMPANIONS = (".#", "._")


class Patterns(NamedTuple):
    """Patterns of files to leave out, as .gitignore has them, and the folder that they are about."""

    folder: str
    patterns: Sequence[str]


def find_files(paths: Iterable[str], exclude: Sequence[Patterns] = ()) -> Iterator[str]:
    """Yield the files given by name, and the scripts, notebooks and requirement files in the given folders.

    Of a folder, this leaves out what `exclude` or a `.gitignore` names, and environments of Python.
    A folder that cannot be listed is yielded itself, so that the caller gets the error when it reads it.
    """
    for path in paths:
        if os.path.isdir(path):
            yield from _walk(path, [_rules(patterns.folder, patterns.patterns) for patterns in exclude])
        else:
            yield path


def _walk(top: str, excluded: list[_Rules]) -> Iterator[str]:
    closed: list[OSError] = []
    ignored = {top: _rules_above(top)}
    for folder, folders, names in os.walk(top, onerror=closed.append):
        is_environment = "pyvenv.cfg" in names or "conda-meta" in folders
        if is_environment and folder != top:
            folders.clear()
            continue
        rules = ignored.pop(folder)
        if ".gitignore" in names:
            rules = [*rules, _rules(folder, _lines(os.path.join(folder, ".gitignore")))]
        skipped = _SKIPPED_FOLDERS | (_OF_ENVIRONMENTS if is_environment else set[str]())
        visible = (name for name in folders if not name.startswith(".") and name not in skipped)
        folders[:] = sorted(name for name in visible if not _leaves_out(folder, f"{name}/", rules, excluded))
        ignored.update((os.path.join(folder, name), rules) for name in folders)
        wanted = (name for name in sorted(names) if _is_wanted(name))
        yield from (os.path.join(folder, name) for name in wanted if not _leaves_out(folder, name, rules, excluded))
    yield from (error.filename for error in closed)


class _Rules(NamedTuple):
    folder: str
    spec: GitIgnoreSpec

    def verdict(self, folder: str, name: str) -> bool | None:
        """Whether a file or folder (its name ends with a slash) is ignored; None if no pattern is about it."""
        relative = os.path.relpath(folder, self.folder).replace(os.sep, "/")
        inside = "" if relative == "." else f"{relative}/"
        # Elsewhere than in the folder of the rules, only patterns of a bare name can match.
        return self.spec.check_file(name if inside.startswith("..") else inside + name).include


def _rules(folder: str, patterns: Iterable[str]) -> _Rules:
    from pathspec import GitIgnoreSpec  # the extra `migrate` has it; only folders need it

    return _Rules(os.path.abspath(folder), GitIgnoreSpec.from_lines(patterns))


def _rules_above(top: str) -> list[_Rules]:
    """Return the rules of the folders above in the same repository, unless they ignore the folder that was named."""
    folder = os.path.abspath(top)
    above = [str(parent) for parent in Path(folder).parents]
    roots = [index for index, parent in enumerate([folder, *above]) if os.path.exists(os.path.join(parent, ".git"))]
    inside = above[: roots[0]] if roots else []
    files = [(parent, os.path.join(parent, ".gitignore")) for parent in reversed(inside)]
    rules = [_rules(parent, _lines(file)) for parent, file in files if os.path.isfile(file)]
    parts = Path(os.path.relpath(folder, inside[-1])).parts if inside else ()
    steps = [(os.path.join(inside[-1], *parts[:index]), f"{part}/") for index, part in enumerate(parts)]
    return [] if any(_leaves_out(parent, name, rules, []) for parent, name in steps) else rules


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []  # git warns of it, and goes on


def _leaves_out(folder: str, name: str, ignored: list[_Rules], excluded: list[_Rules]) -> bool:
    """Whether a pattern leaves it out. Of several .gitignore files, the deepest one that is about it decides."""
    folder = os.path.abspath(folder)
    verdicts = (rules.verdict(folder, name) for rules in reversed(ignored))
    verdict = next((verdict for verdict in verdicts if verdict is not None), False)
    return verdict or any(rules.verdict(folder, name) for rules in excluded)


def _is_wanted(name: str) -> bool:
    return is_requirements(name) or (name.endswith(_SUFFIXES) and not name.startswith(_COMPANIONS))


def read(path: str | Path) -> bytes:
    """Return the bytes of a regular file. Anything else is an OSError: it might never end, or reading might do harm."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # for a folder, open says what is wrong
        raise OSError(errno.EINVAL, "Not a regular file. Pipe the text into compat-auc, with - as the path.")
    try:
        return Path(path).read_bytes()
    except MemoryError:
        raise OSError(errno.EFBIG, "The file is larger than the memory.") from None


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
            raise OSError(errno.EBUSY, "Not changed: the file changed while compat-auc worked. Try again.")
        os.replace(temporary, real)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


def _refuse_a_loss(status: os.stat_result) -> None:
    if not status.st_mode & 0o222:
        raise OSError(errno.EACCES, "Not changed: the file is read-only. Make the file writable.")
    if status.st_nlink > 1:
        reason = f"Not changed: the file has {status.st_nlink} names (hard links). Separate the names first."
        raise OSError(errno.EMLINK, reason)


def leaves(path: str, folders: Iterable[str]) -> bool:
    """Whether the path is a link out of all the named folders. Nobody asked to change the file behind such a link."""
    real = os.path.realpath(path)
    roots = (os.path.join(os.path.realpath(folder), "") for folder in folders)
    return os.path.islink(path) and not any(real.startswith(root) for root in roots)
