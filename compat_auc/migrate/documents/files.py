"""Find scripts and notebooks, and migrate their bytes. Encodings and newlines stay as they are."""

from __future__ import annotations

import io
import os
import re
import tokenize
from dataclasses import dataclass
from typing import TYPE_CHECKING, Iterable, Iterator

from compat_auc.migrate.documents import disk, ipython, requirements, script
from compat_auc.migrate.selection import EVERYTHING, Choice
from compat_auc.migrate.syntax import CannotMigrate

if TYPE_CHECKING:
    from compat_auc.migrate.documents.project import Project
    from compat_auc.migrate.edits import Finding

_BOM = b"\xef\xbb\xbf"
# No rule has anything to do in a file without these words. Such a file is only checked for syntax.
_RELEVANT = re.compile(
    r"keras|tensorflow|tf_slim|streaming_auc|_generator\(|nb_epoch|import \*|metrics *=|compat-auc: *ignore"
)
_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", ".ipynb_checkpoints"}
SUFFIXES = (".py", ".ipynb")
# Files beside a script: the lock file of Emacs, and the metadata that macOS keeps on foreign disks.
_COMPANIONS = (".#", "._")


@dataclass(frozen=True)
class Text:
    """A file's text with its own newlines, and its encoding."""

    text: str
    encoding: str
    bom: bool

    def encode(self, text: str) -> bytes:
        return (_BOM if self.bom else b"") + text.encode(self.encoding)


@dataclass(frozen=True)
class Outcome:
    """The outcome for one file: its old and new text and the findings, or the error and its line."""

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
    """Decode a file by its byte order mark and coding cookie. CannotMigrate gives the line of a bad byte."""
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
    text = _strictly(data, encoding)
    if "\0" in text:
        raise CannotMigrate("not a text file: it holds a null byte", text[: text.index("\0")].count("\n") + 1)
    return Text(text, encoding, bom)


def _strictly(data: bytes, encoding: str) -> str:
    """Decode the text. It must encode to the same bytes again."""
    try:
        text = data.decode(encoding)
        same = text.encode(encoding) == data
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reason = f"not {encoding}: byte {data[error.start]:#04x}; a coding cookie may be missing"
        raise CannotMigrate(reason, line) from None
    except (LookupError, ValueError):  # of codecs that do not decode bytes to text
        raise CannotMigrate(f"not a text in the encoding that its coding cookie names, {encoding}") from None
    if not same:
        raise CannotMigrate(f"its encoding, {encoding}, has several spellings of one text; save it as utf-8 first")
    return text


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
            folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _SKIPPED_FOLDERS)
            scripts = (one for one in sorted(names) if _is_wanted(one))
            yield from (os.path.join(folder, one) for one in scripts)
        yield from (error.filename for error in closed)


def _is_wanted(name: str) -> bool:
    return requirements.is_requirements(name) or (name.endswith(SUFFIXES) and not name.startswith(_COMPANIONS))


def is_relevant(text: str) -> bool:
    """Whether any rule could have something to say about a text."""
    return bool(_RELEVANT.search(text))


def process(
    path: str, data: bytes, target: str, project: Project | None = None, choice: Choice = EVERYTHING
) -> Outcome:
    """Migrate the contents of one file. An error goes into the outcome, so it never stops the other files."""
    try:
        source = decode(data, path.endswith(".ipynb"))
        new, findings = _migrate(path, source.text, target, project, choice)
        if source.text.strip() and not new.strip():
            raise CannotMigrate("nothing would be left of it, as all that it imports is gone; delete it by hand")
        try:
            source.encode(new)
        except UnicodeEncodeError as error:
            return Outcome(path, error=f"cannot be written as {source.encoding}: {error}")
    except CannotMigrate as error:
        return Outcome(path, error=error.reason, error_line=error.line)
    except Exception as error:
        text = str(error).partition("\n")[0]  # an error about a node prints a whole tree
        return Outcome(path, error=f"an error of compat-auc, please report it: {type(error).__name__}: {text}")
    return Outcome(path, source.text, new, findings)


def _migrate(
    path: str, text: str, target: str, project: Project | None, choice: Choice
) -> tuple[str, tuple[Finding, ...]]:
    if path.endswith(".ipynb"):
        from compat_auc.migrate.documents.notebook import migrate_notebook

        return migrate_notebook(text, target, choice)
    name = os.path.basename(path)
    if requirements.is_requirements(name) and not name.endswith(SUFFIXES):
        return text, tuple(requirements.requirements(text, target, choice))
    read = requirements.renewed(script.read(text, choice), target, choice)
    listed = tuple(requirements.requirements(text, target, choice)) if requirements.is_requirements(name) else ()
    if not is_relevant(text):
        return ipython.put_back(read.python, read.held), (*read.findings, *listed)
    from compat_auc.migrate.engine import migrate_source

    exported: frozenset[str] = project.names_taken_from(path) if project else frozenset()
    migration = read.located(migrate_source(read.python, target, exported, choice))
    return ipython.put_back(migration.code, read.held), (*migration.findings, *listed)


def write(path: str, text: str, old: bytes) -> None:
    """Replace the contents ``old`` of a file by ``text`` in the same encoding; see ``disk.replace``."""
    if not text.strip():
        raise ValueError(f"{path}: refusing to write an empty file")
    disk.replace(path, decode(old, path.endswith(".ipynb")).encode(text), old)


def leaves(path: str, folders: Iterable[str]) -> bool:
    """Whether the path is a link out of all the named folders. Nobody asked to change the file behind such a link."""
    real = os.path.realpath(path)
    roots = (os.path.join(os.path.realpath(folder), "") for folder in folders)
    return os.path.islink(path) and not any(real.startswith(root) for root in roots)
