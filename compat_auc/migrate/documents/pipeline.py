"""The way of a file: bytes to a document, through the rules, and back to bytes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from compat_auc.migrate.documents import ipython, python2
from compat_auc.migrate.documents.document import Change, Document, Text, decode
from compat_auc.migrate.documents.notebook import read_notebook
from compat_auc.migrate.documents.requirements import (
    Requirements,
    is_requirements,
    old_requirements,
    with_new_installs,
)
from compat_auc.migrate.edits import Finding, merged
from compat_auc.migrate.rule import PYTHON_2
from compat_auc.migrate.selection import EVERYTHING, Choice, Ignored
from compat_auc.migrate.syntax import TOO_DEEP, CannotMigrate, check_syntax, line_starts

if TYPE_CHECKING:
    from compat_auc.migrate.documents.project import Project

# No rule has anything to do in Python without these words. It is only checked for syntax.
_RELEVANT = re.compile(
    r"keras|tensorflow|tf_slim|streaming_auc|_generator\(|nb_epoch|import \*|metrics *=|compat-auc: *ignore"
)
# What ipython.py and notebook.py write into the Python of a document.
_MARK = re.compile(r"#: compat-auc (?:cell|magic) \d")


@dataclass(frozen=True)
class Migrated:
    """A document that the rules went over.

    ``code`` takes the place of ``document.python``, and ``origins`` gives the line there for each of its lines.
    ``findings`` have the lines of the file.
    """

    document: Document
    code: str
    origins: tuple[int, ...]
    findings: tuple[Finding, ...]

    @property
    def reports(self) -> tuple[Finding, ...]:
        """The findings whose code stays as it is, each cause once."""
        return merged(finding for finding in self.findings if not finding.fixable)


@dataclass(frozen=True)
class Outcome:
    """The outcome for one file: its new text and bytes, changes and findings, or the error with its line and cell."""

    path: str
    new: str = ""
    data: bytes = b""
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    error: str = ""
    error_line: int = 1
    error_cell: int = 0

    @property
    def changed(self) -> bool:
        return any(change.old != change.new for change in self.changes)


def is_relevant(text: str) -> bool:
    """Whether any rule could have something to say about a text."""
    return bool(_RELEVANT.search(text))


def read_document(path: str, data: bytes, target: str, choice: Choice = EVERYTHING) -> Document:
    """Read a script, a notebook or a list of requirements: its name says which. CannotMigrate if it is none."""
    name = os.path.basename(path)
    is_notebook, is_list = name.endswith(".ipynb"), is_requirements(name)
    file = decode(data, has_cookie=not is_notebook)
    mark = _MARK.search(file.text)
    if mark:
        reason = "The comment `#: compat-auc ...` is a mark of compat-auc. Change the comment."
        raise CannotMigrate(reason, file.text.count("\n", 0, mark.start()) + 1)
    if is_notebook:
        document = read_notebook(file, choice)
    elif is_list and not name.endswith(".py"):
        document = Requirements(file)
    else:
        document = _read_script(file, choice)
    document = with_new_installs(document, target, choice)
    listed = old_requirements(file.text, target, choice) if is_list else ()
    return replace(document, findings=(*document.findings, *listed))


def _read_script(file: Text, choice: Choice = EVERYTHING) -> Document:
    """Read a script as Python 3, with marks for IPython's lines. CannotMigrate, with the line, if it is not Python."""
    try:
        check_syntax(file.text)
        return Document(file, file.text)
    except CannotMigrate as error:
        reason = error
    magics: list[str] = []
    python = ipython.hold(file.text, magics)
    try:
        check_syntax(python)
        return Document(file, python, magics=tuple(magics))
    except CannotMigrate as error:
        reason = error if magics else reason
    moved = python2.to_python_3(python) if reason.reason != TOO_DEEP and PYTHON_2 in choice else None
    if moved is None:
        raise reason
    python, lines, findings = moved
    ignored = Ignored(python, choice)
    return Document(file, python, lines, tuple(magics), tuple(filter(ignored.wants, findings)))


def migrate_document(
    document: Document, target: str, exported: frozenset[str] = frozenset(), choice: Choice = EVERYTHING
) -> Migrated:
    """Run the rules. CannotMigrate gives the line of the file."""
    code, origins, findings = document.python, tuple(range(1, len(line_starts(document.python)) + 1)), document.findings
    if is_relevant(code):
        from compat_auc.migrate.engine import migrate_source  # imports libcst, which most files do not need

        try:
            migration = migrate_source(code, target, exported, choice)
        except CannotMigrate as error:
            cell, line = document.cell_line(error.line)
            raise CannotMigrate(error.reason, line, cell) from None
        code, origins = migration.code, migration.origins
        findings = (*findings, *map(document.locate, migration.findings))
    ordered = sorted(findings, key=lambda finding: (finding.cell, finding.line))
    return Migrated(document, code, origins, tuple(ordered))


def process(
    path: str, data: bytes, target: str, project: Project | None = None, choice: Choice = EVERYTHING
) -> Outcome:
    """Migrate the contents of one file. An error goes into the outcome, so it never stops the other files."""
    try:
        document = read_document(path, data, target, choice)
        exported = project.names_taken_from(path) if project and is_relevant(document.python) else frozenset[str]()
        migrated = migrate_document(document, target, exported, choice)
        old, new = document.file.text, document.rebuild(migrated.code)
        if old.strip() and not new.strip():
            raise CannotMigrate("Nothing would be left, because all imports are gone. Delete the file by hand.")
        try:
            data = document.file.encode(new)
        except UnicodeEncodeError as error:
            raise CannotMigrate(f"The new text cannot be written as {document.file.encoding}: {error}.") from None
    except CannotMigrate as error:
        return Outcome(path, error=error.reason, error_line=error.line, error_cell=error.cell)
    except Exception as error:
        text = str(error).partition("\n")[0]  # an error about a node prints a whole tree
        return Outcome(path, error=f"An error of compat-auc. Please report {type(error).__name__}: {text}")
    return Outcome(path, new, data, document.changes(migrated.code), merged(migrated.findings))
