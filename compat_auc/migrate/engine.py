"""Run the rules over a text until nothing changes, and keep track of the original lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import libcst as cst

from compat_auc.migrate.edits import Edit, Finding, apply_edits, compatible, line_starts
from compat_auc.migrate.rules import PHASES
from compat_auc.migrate.selection import EVERYTHING, Choice, Ignored
from compat_auc.migrate.source.guards import chooses_tf_keras
from compat_auc.migrate.source.source import Source
from compat_auc.migrate.syntax import TARGETS, TOO_DEEP, CannotMigrate, check_syntax

MAX_ROUNDS = 16


@dataclass(frozen=True)
class Migration:
    """The outcome for one text: the old and new code, the findings, and the old line of each new line."""

    old: str
    code: str
    findings: tuple[Finding, ...]
    origins: tuple[int, ...]

    @property
    def changed(self) -> bool:
        return self.code != self.old

    @property
    def reports(self) -> tuple[Finding, ...]:
        """The findings whose code stays as it is."""
        return tuple(finding for finding in self.findings if not finding.fixable)


def migrate_source(
    code: str, target: str = "keras3", exported: frozenset[str] = frozenset(), choice: Choice = EVERYTHING
) -> Migration:
    r"""Move a script to ``target``, "keras3" or "tf_keras". The names in ``exported`` stay defined for other files.

    A script that chooses tf_keras itself stays on tf_keras: see ``guards.chooses_tf_keras``.

    >>> migration = migrate_source("from keras.layers.core import Dense\n")
    >>> migration.code
    'from keras.layers import Dense\n'
    >>> migration.findings[0].code, migration.findings[0].line
    ('CA401', 1)

    Raises CannotMigrate for a text that is not Python 3, and ValueError for an unknown target.
    """
    if target not in TARGETS:
        raise ValueError(f"target is {target!r}; expected one of {', '.join(TARGETS)}")
    check_syntax(code)
    try:
        return _migrate(code, target, exported, choice)
    except Exception as error:
        if _is_too_deep(error):
            raise CannotMigrate(TOO_DEEP) from None
        raise


def _migrate(code: str, target: str, exported: frozenset[str], choice: Choice) -> Migration:
    text = code
    origins = list(range(1, len(line_starts(code)) + 1))
    findings: list[Finding] = []
    ignored = Ignored(code, choice)
    source = None
    for _ in range(MAX_ROUNDS):
        source = _parse(text, target, exported, source)
        if chooses_tf_keras(source):
            source.target = "tf_keras"
        findings_of_round = _look(source, origins, ignored)
        chosen = compatible([finding for finding in findings_of_round if finding.fixable])
        findings.extend([*chosen, *(finding for finding in findings_of_round if not finding.fixable)])
        if not chosen:
            break
        edits = [edit for finding in chosen for edit in finding.edits]
        imports = list(dict.fromkeys(line for finding in chosen for line in finding.imports))
        edits.extend(_import_edits(source, imports, edits))
        text, origins = apply_edits(text, edits, origins)
        _check_result(text, origins)
    else:
        raise CannotMigrate(f"the rules did not come to rest in {MAX_ROUNDS} rounds; please report this file")
    findings.extend(ignored.unused())
    unique = {(finding.code, finding.line, finding.message): finding for finding in reversed(findings)}
    ordered = sorted(unique.values(), key=lambda finding: (finding.line, finding.column, finding.code))
    return Migration(code, text, tuple(ordered), tuple(origins))


def _is_too_deep(error: BaseException | None) -> bool:
    """Whether a RecursionError caused this error. libcst may fail on half-computed positions while it unwinds."""
    while error is not None and not isinstance(error, RecursionError):
        error = error.__context__
    return error is not None


def _check_result(text: str, origins: list[int]) -> None:
    try:
        check_syntax(text)
    except CannotMigrate as error:
        reason = f"an error of compat-auc, please report it: its rewrite is {error.reason}"
        raise CannotMigrate(reason, origins[min(error.line, len(origins)) - 1]) from None


def _parse(text: str, target: str, exported: frozenset[str], before: Source | None) -> Source:
    try:
        return Source(text, target, exported, before)
    except cst.ParserSyntaxError as error:
        # Python can parse it, so libcst met a limit of its own, such as thousands of strings joined to one.
        raise CannotMigrate(f"{TOO_DEEP} ({error.message})", error.raw_line) from None


def _look(source: Source, origins: list[int], ignored: Ignored) -> list[Finding]:
    """Run the phases up to the first that changes something. Each finding gets its line in the original file."""
    findings: list[Finding] = []
    for phase in PHASES:
        earlier = list(findings)
        for rule in phase:
            for finding in rule(source):
                line = source.line_of(finding.start)
                if finding.subject and any(other.covers(finding) for other in earlier):
                    continue
                located = finding.at(origins[line - 1], finding.start - source.starts[line - 1] + 1)
                if ignored.wants(located):
                    findings.append(located)
        if any(finding.fixable for finding in findings):
            break
    return findings


def _import_edits(source: Source, lines: list[str], others: list[Edit]) -> list[Edit]:
    """Insert the imports that are missing after the file's own first block of imports."""
    present = {source.code(node) for node in source.all(cst.Import, cst.ImportFrom)}
    missing = [line for line in lines if line not in present]
    if not missing:
        return []
    offset = _import_place(source)
    for other in others:
        if other.start < offset < other.end:
            offset = other.end
    newline = source.newline()
    text = newline.join(missing)
    at_line_start = offset == 0 or source.text[offset - 1] in "\r\n"
    return [Edit(offset, offset, text + newline if at_line_start else newline + text + newline)]


def _import_place(source: Source) -> int:
    """Return the offset after the first block of imports, or of the first statement if there are no imports."""
    offset = None
    for index, statement in enumerate(source.module.body):
        is_line = isinstance(statement, cst.SimpleStatementLine)
        small: Sequence[cst.BaseSmallStatement] = statement.body if is_line else []
        first = small[0] if index == 0 and small else None
        is_docstring = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
        if is_docstring or any(_belongs_to_imports(source, statement) for statement in small):
            offset = source.span(statement)[1]
        elif isinstance(statement, (cst.FunctionDef, cst.ClassDef)) or (offset is not None and not small):
            break
    if offset is None:
        return source.start_of_statement(source.module.body[0]) if source.module.body else 0
    line = source.line_of(offset)
    return source.starts[line] if line < len(source.starts) else len(source.text)


def _belongs_to_imports(source: Source, statement: cst.BaseSmallStatement) -> bool:
    """Whether this is an import, or ``disable_v2_behavior()``, which stands below TensorFlow's import."""
    is_import = isinstance(statement, (cst.Import, cst.ImportFrom))
    return is_import or (isinstance(statement, cst.Expr) and source.code(statement).endswith("disable_v2_behavior()"))
