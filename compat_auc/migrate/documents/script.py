"""Read a script's text as Python 3, with IPython's lines held aside, and keep the way back to the file's lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from compat_auc.migrate.documents import ipython, python2
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.rule import PYTHON_2
from compat_auc.migrate.selection import EVERYTHING, Choice, Ignored
from compat_auc.migrate.syntax import TOO_DEEP, CannotMigrate, check_syntax

if TYPE_CHECKING:
    from compat_auc.migrate.engine import Migration


@dataclass(frozen=True)
class Reading:
    """A file as the rules read it: ``python`` is the text, ``lines`` gives the file's line for each of its lines."""

    python: str
    lines: tuple[int, ...] = ()
    held: list[str] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()

    def line(self, number: int) -> int:
        """Return the file's line for a line of ``python``."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines else number

    def located(self, migration: Migration) -> Migration:
        """Return the migration of ``python`` with all findings, at the lines of the file."""
        findings = [*self.findings, *(one.at(self.line(one.line), one.column) for one in migration.findings)]
        origins = tuple(self.line(one) for one in migration.origins)
        return replace(migration, findings=tuple(sorted(findings, key=lambda one: one.line)), origins=origins)


def read(text: str, choice: Choice = EVERYTHING) -> Reading:
    """Read a script's text. CannotMigrate, with the line, if it is not Python."""
    try:
        check_syntax(text)
        return Reading(text)
    except CannotMigrate as error:
        first = error
    held: list[str] = []
    python = ipython.hold(text, held)
    try:
        check_syntax(python)
        return Reading(python, held=held)
    except CannotMigrate as error:
        first = error if held else first
    moved = python2.to_python_3(python) if first.reason != TOO_DEEP and PYTHON_2 in choice else None
    if moved is None:
        raise first
    python, lines, findings = moved
    ignored = Ignored(python, choice)
    return Reading(python, lines, held, tuple(one for one in findings if ignored.wants(one)))
