"""Run the rules over a text until nothing changes, and keep track of the original lines.

Each result is held to conditions. Findings whose result breaks a condition are refused: the code stays, and a report
says why.
"""

from __future__ import annotations

import contextlib
import gc
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Dict, Iterator, Sequence, Tuple

import libcst as cst

from compat_auc.migrate import conditions, layout
from compat_auc.migrate.edits import Cut, Edit, Finding, compatible, origins_after
from compat_auc.migrate.rules import STAGES
from compat_auc.migrate.selection import EVERYTHING, Choice, Ignored
from compat_auc.migrate.source.guards import chooses_tf_keras
from compat_auc.migrate.source.source import Source, aliases, bound_name, dotted, fact, grouped
from compat_auc.migrate.syntax import TARGETS, TOO_DEEP, CannotMigrate, check_syntax
from compat_auc.migrate.tables.names import canonical

if TYPE_CHECKING:
    from typing_extensions import Generator

MAX_ROUNDS = 16
MAX_RESTARTS = 8
MAX_LENGTH = 4_000_000

# What has two empty lines above it.
_DEFINITION = re.compile(r"(async )?def |class |@")

# Why findings are not carried out, by their code, line and message.
_Refused = Dict[Tuple[str, int, str], str]
ANY_MESSAGE = ""


@dataclass(frozen=True)
class Migration:
    """What `migrate_source` returns.

    Attributes:
        old: the text of the script.
        code: the new text.
        findings: what changed and what was left, by line.
        origins: the line of the old text for each line of the new text.
    """

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
    r"""Move the text of a script.

    Args:
        code: Python 3.
        target: "keras3" or "tf_keras". A script that chooses tf_keras itself stays on tf_keras.
        exported: names that stay defined, because other files import them.
        choice: which findings to make, as ``--select`` and ``--ignore`` choose them.

    Returns:
        A `Migration`.

    Raises:
        compat_auc.migrate.CannotMigrate: for a text that is not Python 3, too long, or too deeply nested.
        ValueError: for an unknown target.

    >>> migration = migrate_source("from keras.layers.core import Dense\n")
    >>> migration.code
    'from keras.layers import Dense\n'
    >>> migration.findings[0].code, migration.findings[0].line
    ('CA401', 1)
    """
    if target not in TARGETS:
        raise ValueError(f"target is {target!r}; expected one of {', '.join(TARGETS)}")
    if len(code) > MAX_LENGTH:
        raise CannotMigrate(f"The code has {len(code):,} characters, more than {MAX_LENGTH:,}. Move data out.")
    check_syntax(code)
    try:
        with _no_collection():
            return _migrate(code, target, exported, choice)
    except Exception as error:
        if _is_too_deep(error):
            raise CannotMigrate(TOO_DEEP) from None
        raise


@contextlib.contextmanager
def _no_collection() -> Generator[None]:
    """Put off the search for garbage. A syntax tree is none, and searching it takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _migrate(code: str, target: str, exported: frozenset[str], choice: Choice) -> Migration:
    refused: _Refused = {}
    for _ in range(MAX_RESTARTS):
        of_this_way = dict(refused)
        migration = _rounds(_parse(Cut.of(code), target, exported, None), choice, of_this_way)
        if migration is not None:
            return migration
        refused.update(of_this_way)
    raise CannotMigrate(f"The rules did not come to rest in {MAX_ROUNDS} rounds. Please report this file.")


def _rounds(source: Source, choice: Choice, refused: _Refused) -> Migration | None:
    """Look and edit until nothing changes. If that takes too many rounds, refuse the last findings and return None."""
    code = source.text
    origins = list(range(1, len(source.starts) + 1))
    findings: list[Finding] = []
    ignored = Ignored(code, choice)
    chosen: list[Finding] = []
    for _ in range(MAX_ROUNDS):
        findings_of_round = _look(source, origins, ignored, refused)
        chosen = compatible([finding for finding in findings_of_round if finding.fixable])
        reports = [finding for finding in findings_of_round if not finding.fixable]
        if not chosen:
            # Rewrites may have changed the words of a report about code that stays. The last words count.
            again = {(report.code, report.line, report.column) for report in reports}
            findings = [
                finding
                for finding in findings
                if finding.fixable or (finding.code, finding.line, finding.column) not in again
            ]
            findings.extend([*reports, *ignored.unused()])
            source, origins = _laid_out(source, origins)
            return Migration(code, source.text, _in_order(findings), tuple(origins))
        kept, faults = _without_faults(source, chosen)
        refused.update(faults)
        findings.extend([*kept, *reports])
        if kept:
            source, origins = _edited(source, _edits(source, kept), origins)
    refused.clear()
    reason = f"would need the same rewrite again, {MAX_ROUNDS} times and more"
    refused.update(((finding.code, finding.line, ANY_MESSAGE), reason) for finding in chosen)
    return None


def _edited(source: Source, edits: list[Edit], origins: list[int]) -> tuple[Source, list[int]]:
    edited = _parse(source.cut.edited(edits), source.target, source.exported, source)
    return edited, origins_after(source.text, edits, origins)


def _laid_out(source: Source, origins: list[int]) -> tuple[Source, list[int]]:
    """Break the lines that rewrites made long."""
    for _ in range(MAX_ROUNDS):
        edits = list(layout.breaks(source))
        if not edits or any(conditions.complaints(source.cut, edits, source.exported)):
            break
        source, origins = _edited(source, edits, origins)
    return source, origins


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    unique = {(finding.code, finding.line, finding.message): finding for finding in reversed(findings)}
    return tuple(sorted(unique.values(), key=lambda finding: (finding.line, finding.column, finding.code)))


def _without_faults(source: Source, chosen: list[Finding]) -> tuple[list[Finding], _Refused]:
    """Return the findings whose edits together keep every condition, and why the others are refused."""
    kept: list[Finding] = []
    faults: _Refused = {}
    groups = [chosen]
    while groups:
        group = groups.pop()
        complaint = _complaint(source, [*kept, *group])
        if complaint is None:
            kept.extend(group)
        elif len(group) == 1:
            faults[_key(group[0])] = complaint
        else:
            groups.extend([group[len(group) // 2 :], group[: len(group) // 2]])
    return kept, faults


def _complaint(source: Source, findings: list[Finding]) -> str | None:
    """Return what is wrong with the result of some findings, if anything is."""
    edits = _edits(source, findings)
    wrong = next(conditions.misplaced(source.text, edits), None)
    if wrong is not None:
        return wrong
    return next(conditions.complaints(source.cut, edits, source.exported), None)


def _edits(source: Source, findings: list[Finding]) -> list[Edit]:
    edits = [edit for finding in findings for edit in finding.edits]
    return [*edits, *_import_edits(source, findings, edits)]


def _key(finding: Finding) -> tuple[str, int, str]:
    return finding.code, finding.line, finding.message


def _is_too_deep(error: BaseException | None) -> bool:
    """Whether a RecursionError caused this error. libcst may fail on half-computed positions while it unwinds."""
    while error is not None and not isinstance(error, RecursionError):
        error = error.__context__
    return error is not None


def _parse(cut: Cut, target: str, exported: frozenset[str], before: Source | None) -> Source:
    try:
        source = Source(cut, target, exported, before)
    except cst.ParserSyntaxError as error:
        # Python can parse it, so libcst met one of its limits, such as thousands of strings joined to one.
        raise CannotMigrate(f"{TOO_DEEP} ({error.message})", error.raw_line) from None
    if chooses_tf_keras(source):
        source.target = "tf_keras"
    return source


def _look(source: Source, origins: list[int], ignored: Ignored, refused: _Refused) -> list[Finding]:
    """Run the stages up to the first that changes something. Each finding gets its line in the original file."""
    findings: list[Finding] = []
    for stage in STAGES:
        earlier = list(findings)
        for rule in stage:
            for finding in rule(source):
                line = source.line_of(finding.start)
                if finding.subject and any(other.covers(finding) for other in earlier):
                    continue
                located = finding.at(origins[line - 1], finding.start - source.starts[line - 1] + 1)
                if ignored.wants(located):
                    findings.append(_as_report(located, refused))
        if any(finding.fixable for finding in findings):
            break
    return findings


def _as_report(finding: Finding, refused: _Refused) -> Finding:
    """Return a finding that is not carried out if it is refused."""
    reason = refused.get(_key(finding)) or refused.get((finding.code, finding.line, ANY_MESSAGE))
    if reason is None or not finding.fixable:
        return finding
    message = f"Not changed: the result {reason}. Do this by hand: {finding.message}"
    return replace(finding, message=message, edits=(), imports=())


def _import_edits(source: Source, findings: list[Finding], others: list[Edit]) -> list[Edit]:
    """Insert the imports that are missing: after the file's own first block of imports, but above their first use."""
    lines: dict[int, list[str]] = {}
    for line in dict.fromkeys(line for finding in findings for line in finding.imports):
        first = min(
            _uses(source, [finding for finding in findings if line in finding.imports]), default=len(source.text)
        )
        if not any(offset < first for offset in _imports(source).get(_bound_by(line), ())):
            lines.setdefault(_import_offset(source, first, line), []).append(line)
    edits: list[Edit] = []
    newline = source.newline()
    for offset, missing in lines.items():
        for other in others:
            if other.start < offset < other.end:
                offset = other.end
        text = newline.join(_joined(missing))
        at_line_start = offset == 0 or source.text[offset - 1] in "\r\n"
        if _DEFINITION.match(source.text, offset):
            text += 2 * newline
        edits.append(Edit(offset, offset, text + newline if at_line_start else newline + text + newline))
    return edits


def _joined(lines: list[str]) -> Iterator[str]:
    """Yield one line for all names of a module, as a person would write it."""
    parts = (line.partition(" import ") for line in lines)
    for start, names in grouped((module + separator, name) for module, separator, name in parts).items():
        yield start + ", ".join(sorted(names))


def _uses(source: Source, findings: list[Finding]) -> Iterator[int]:
    """Yield where the top-level statements start that will use what the findings import. Imports use nothing."""
    for edit in (edit for finding in findings for edit in finding.edits if edit.text):
        start, piece = source.piece_at(edit.start)
        if not all(isinstance(line, cst.SimpleStatementLine) and _imports_only(line) for line in piece.statements):
            yield start


def _imports_only(statement: cst.SimpleStatementLine) -> bool:
    return all(isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body)


@fact
def _imports(source: Source) -> dict[str, list[int]]:
    """Return where the top-level statement with each import of the module starts, by what the import binds."""
    offsets: dict[str, list[int]] = {}
    for node in source.all(cst.Import, cst.ImportFrom):
        if source.enclosing(node, cst.FunctionDef, cst.ClassDef) is None:
            names = [_imported_as(alias) for alias in aliases(node)]
            lines = [f"import {', '.join(names)}"]
            if isinstance(node, cst.ImportFrom):
                module = "." * len(node.relative) + dotted(node.module)
                lines = [_bound_by(f"from {module} import {name}") for name in names]
            for line in lines:
                offsets.setdefault(line, []).append(source.order(node)[0])
    return offsets


def _imported_as(alias: cst.ImportAlias) -> str:
    return dotted(alias.name) + (f" as {bound_name(alias)}" if alias.asname else "")


def _bound_by(line: str) -> str:
    """Return the canonical name that the import of a name binds, and as what: a name has several homes in Keras."""
    module, separator, name = line[len("from ") :].partition(" import ")
    imported, _, local = name.partition(" as ")
    return f"{canonical(f'{module}.{imported}')} as {local or imported}" if separator else line


def _import_offset(source: Source, before: int, new: str) -> int:
    """Return the offset for a new import: in the first block of imports above ``before``, or above all statements."""
    offset = None
    block: list[tuple[bool, str, int]] = []
    is_plain = True
    above = (piece for start, piece in zip(source.offsets, source.pieces) if start < before)
    for index, statement in enumerate(statement for piece in above for statement in piece.statements):
        is_line = isinstance(statement, cst.SimpleStatementLine)
        small: Sequence[cst.BaseSmallStatement] = statement.body if is_line else []
        first = small[0] if index == 0 and small else None
        is_docstring = isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString)
        if is_docstring or any(_belongs_to_imports(source, statement) for statement in small):
            offset = source.span(statement)[1]
            is_import = len(small) == 1 and isinstance(small[0], (cst.Import, cst.ImportFrom))
            is_plain = is_plain and (is_import or is_docstring)
            block.extend([(*_sort_key(source.code(small[0])), offset)] if is_import else [])
        elif isinstance(statement, (cst.FunctionDef, cst.ClassDef)) or (offset is not None and not small):
            break
    if offset is None:
        statements = (statement for piece in source.pieces for statement in piece.statements)
        return source.start_of_statement(next(statements))
    line = source.line_of(_in_order_of_the_block(block, new) if is_plain and block else offset)
    return source.starts[line] if line < len(source.starts) else len(source.text)


def _sort_key(statement: str) -> tuple[bool, str]:
    """Return what isort sorts by: plain imports come first, then the module's name."""
    first, module = statement.split()[:2]
    return first == "from", module.lower()


def _in_order_of_the_block(block: list[tuple[bool, str, int]], new: str) -> int:
    """Return the end of the import that a new one follows: by the order of its package's imports, or of all."""
    key = _sort_key(new)
    package = key[1].partition(".")[0]
    of_package = [entry for entry in block if entry[1].partition(".")[0] == package]
    entries = of_package or block
    above = [entry for entry in entries if entry[:2] <= key]
    is_sorted = [entry[:2] for entry in entries] == sorted(entry[:2] for entry in entries)
    return above[-1][2] if is_sorted and above else entries[-1][2]


def _belongs_to_imports(source: Source, statement: cst.BaseSmallStatement) -> bool:
    """Whether this is an import, or ``disable_v2_behavior()``, which stands below TensorFlow's import."""
    is_import = isinstance(statement, (cst.Import, cst.ImportFrom))
    return is_import or (isinstance(statement, cst.Expr) and source.code(statement).endswith("disable_v2_behavior()"))
