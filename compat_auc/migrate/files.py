"""Reads, migrates and writes files: encodings, newlines and permissions stay, a file is either old or new, whole."""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Iterator

from compat_auc.migrate.syntax import CannotMigrate, check_syntax

if TYPE_CHECKING:
    from compat_auc.migrate.edits import Finding
    from compat_auc.migrate.projects import Project

_BOM = b"\xef\xbb\xbf"
# A file that names none of these has nothing for any rule; it is only checked for syntax.
_RELEVANT = re.compile(r"keras|tensorflow|tf_slim|streaming_auc|_generator\(|nb_epoch|import \*")
_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", ".ipynb_checkpoints"}
# What the name of an unfinished file ends with: nobody else's files do.
_TEMPORARY = ".compat-auc.tmp"
SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Text:
    """A file's text with its newlines as they are, and how it was encoded."""

    text: str
    encoding: str
    bom: bool

    def encode(self, text: str) -> bytes:
        return (_BOM if self.bom else b"") + text.encode(self.encoding)


@dataclass(frozen=True)
class Outcome:
    """What migration made of one file: its old and new text and the findings, or the error and the line it is in."""

    path: str
    old: str = ""
    new: str = ""
    findings: tuple[Finding, ...] = ()
    error: str = ""
    error_line: int = 1

    @property
    def changed(self) -> bool:
        return not self.error and self.old != self.new


def decode(data: bytes, notebook: bool = False) -> Text:
    """The text of a file, by its byte order mark and coding cookie; CannotMigrate has the line of a bad byte."""
    bom = data.startswith(_BOM)
    if bom:
        data = data[len(_BOM) :]
    encoding = "utf-8"
    if not notebook:
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        except SyntaxError as error:
            if "invalid or missing encoding" not in str(error):
                raise CannotMigrate(str(error)) from None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CannotMigrate(
            f"not {encoding}: byte {data[error.start]:#04x}; a coding cookie may be missing", line
        ) from None
    if "\0" in text:
        raise CannotMigrate("not a text file: it holds a null byte", text[: text.index("\0")].count("\n") + 1)
    return Text(text, encoding, bom)


def find_files(paths: Iterable[str]) -> Iterator[str]:
    """The files to look at: those given by name, and the scripts and notebooks in those folders.

    A folder that cannot be listed is given as it is, so that whoever reads it learns why.
    """
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        closed: list[OSError] = []
        for folder, folders, names in os.walk(path, onerror=closed.append):
            folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _SKIPPED_FOLDERS)
            yield from (os.path.join(folder, one) for one in sorted(names) if one.endswith(SUFFIXES))
        yield from (error.filename for error in closed)


def process(path: str, data: bytes, target: str, project: Project | None = None) -> Outcome:
    """Migrate the contents of one file; an error becomes part of the outcome, and never stops the other files."""
    try:
        source = decode(data, path.endswith(".ipynb"))
        new, findings = _migrate(path, source.text, target, project)
        if source.text.strip() and not new.strip():
            raise CannotMigrate("nothing would be left of it, as all that it imports is gone; delete it by hand")
        source.encode(new)
    except CannotMigrate as error:
        return Outcome(path, error=error.reason, error_line=error.line)
    except UnicodeEncodeError as error:
        return Outcome(path, error=f"cannot be written as {source.encoding}: {error}")
    except Exception as error:
        text = str(error).partition("\n")[0]  # of a whole tree, if it is about a node
        return Outcome(path, error=f"an error of compat-auc, please report it: {type(error).__name__}: {text}")
    return Outcome(path, source.text, new, findings)


def _migrate(path: str, text: str, target: str, project: Project | None) -> tuple[str, tuple[Finding, ...]]:
    if path.endswith(".ipynb"):
        from compat_auc.migrate.notebooks import migrate_notebook

        return migrate_notebook(text, target)
    if not _RELEVANT.search(text):
        check_syntax(text)
        return text, ()
    from compat_auc.migrate.engine import migrate_source

    migration = migrate_source(text, target, project.names_taken_from(path) if project else frozenset())
    return migration.code, migration.findings


def write(path: str, text: str, old: bytes) -> None:
    """Replace a file's contents in one step, with its encoding and permissions; a link keeps pointing at the file."""
    if not text.strip():
        raise ValueError(f"{path}: refusing to write an empty file")
    real = Path(os.path.realpath(path))
    data = decode(old, path.endswith(".ipynb")).encode(text)
    _remove_leftovers(real)
    handle, temporary = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=_TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        status = real.stat()
        os.chmod(temporary, status.st_mode & 0o7777)
        with contextlib.suppress(OSError, AttributeError):
            os.chown(temporary, status.st_uid, status.st_gid)
        os.replace(temporary, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _remove_leftovers(real: Path) -> None:
    """Remove the temporary files of this very file that a killed ``write`` left beside it.

    Should one belong to a ``write`` at work in another process, that one fails, and this one writes the file.
    """
    leftover = re.compile(rf"\.{re.escape(real.name)}\.\w{{8}}{re.escape(_TEMPORARY)}")
    for name in os.listdir(real.parent):
        if leftover.fullmatch(name):
            with contextlib.suppress(OSError):
                os.unlink(real.parent / name)
