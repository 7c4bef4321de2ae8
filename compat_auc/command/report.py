"""Print what the commands find: diffs and findings to standard output, failures and the summary to standard error."""

from __future__ import annotations

import difflib
import io
import json
import os
import sys
from collections import Counter
from importlib.util import find_spec
from typing import Any, Collection, Iterable, cast

from compat_auc.migrate.codes import sections
from compat_auc.migrate.documents.pipeline import Migrated, Outcome
from compat_auc.migrate.edits import Finding
from compat_auc.migrate.syntax import NOT_PYTHON_3

_PYTHON_2 = "a file that is neither Python 3 nor Python 2 does not change."
# The version of the JSON document (docs/json.md). It changes when a key goes or changes its meaning.
JSON_VERSION = 1
# How many lines of a finding that repeats are printed.
_LINES = 8
_RESET, _BOLD, _RED, _GREEN, _CYAN = "\033[0m", "\033[1m", "\033[31m", "\033[32m", "\033[36m"
_COLORS = (("---", _BOLD), ("+++", _BOLD), ("@@", _CYAN), ("-", _RED), ("+", _GREEN))
_NO_FISSIX = "to read Python 2, type pip install 'compat-auc[migrate]'"


class Report:
    """Prints outcomes as "text", as text with "github" annotations, or at the end as one "json" document."""

    def __init__(self, form: str, findings: bool = False, color: str = "auto") -> None:
        self.form = form
        self.color: bool = _wants_color(color)
        self.print_findings = findings
        self.changed: int = 0
        self.findings: int = 0
        self.processed: int = 0
        self.failed: list[dict[str, Any]] = []
        self._files: list[dict[str, Any]] = []
        self._codes: set[str] = set()
        # A file name may hold any bytes, and a terminal may lack characters. Neither must stop the work.
        if isinstance(sys.stdout, io.TextIOWrapper):
            stdout = cast("io.TextIOWrapper[Any]", sys.stdout)
            is_utf8 = stdout.encoding.lower() == "utf-8"
            stdout.reconfigure(errors="surrogateescape" if is_utf8 else "backslashreplace")

    def fail(self, path: str, line: int, reason: str, cell: int = 0) -> None:
        self.failed.append({"path": path, **_location(cell, line), "reason": reason})
        print(f"{label(path, cell)}:{line}: {reason}", file=sys.stderr)
        if self.form == "github":
            print(_annotation("error", path, line, 1, "compat-auc", reason))

    def add(self, outcome: Outcome, written: bool) -> None:
        if outcome.error:
            self.fail(outcome.path, outcome.error_line, outcome.error, outcome.error_cell)
            return
        self.processed += 1
        self.changed += outcome.changed
        self.findings += len(outcome.findings)
        if self.form == "json":
            self._files.append(_as_dict(outcome, written))
            return
        # A migration prints what it leaves to the reader; a check prints everything.
        for finding in outcome.findings:
            if self.print_findings or not finding.fixable:
                self._codes.add(finding.code)
                text = f"{finding.line}:{finding.column} {finding.code} {_message(finding)}"
                output = sys.stdout if self.print_findings else sys.stderr
                print(f"{label(outcome.path, finding.cell)}:{text}", file=output)
            if self.form == "github":
                title = f"{finding.code}: {sections()[finding.code].title}"
                where = f"cell {finding.cell}, line {finding.line}: " if finding.cell else ""
                message = where + _message(finding)
                print(_annotation("warning", outcome.path, finding.file_line, finding.column, title, message))

    def diff(self, outcome: Outcome) -> None:
        for cell, *texts in outcome.changes:
            # patch and git end a line only at a newline; str.splitlines would also end it at a form feed.
            old, new = (io.StringIO(text).readlines() for text in texts)
            # The last line of a cell has no newline, and needs no word about it.
            ending = "\n" if cell else "\n\\ No newline at end of file\n"
            if cell:
                old, new = ([line.removesuffix("\n") + "\n" for line in lines] for lines in (old, new))
            name = label(outcome.path, cell)
            for line in difflib.unified_diff(old, new, name, name):
                sys.stdout.write(self._colored(line if line.endswith("\n") else line + ending))

    def _colored(self, line: str) -> str:
        color = next((color for start, color in _COLORS if self.color and line.startswith(start)), "")
        return f"{color}{line[:-1]}{_RESET}\n" if color else line

    def close(self, verb: str) -> None:
        print_cure(failure["reason"] for failure in self.failed)
        if self.form == "json":
            codes = sorted({finding["code"] for file in self._files for finding in file["findings"]})
            summary = {
                "version": JSON_VERSION,
                "files": self._files,
                "failed": self.failed,
                "changed": self.changed,
                "findings": self.findings,
                "codes": {code: {"title": sections()[code].title, "section": sections()[code].text} for code in codes},
            }
            print(json.dumps(summary, indent=2))
            return
        name_sections(self._codes)
        count = self.processed + len(self.failed)
        if count > 1 or self.failed:
            failed = f", {len(self.failed)} could not be processed" if self.failed else ""
            print(f"compat-auc: {self.changed} of {count} files {verb}{failed}", file=sys.stderr)


def moved_in_memory(path: str, target: str, migrated: Migrated) -> None:
    """Print what `run` changed, counted, and what it left."""
    counts = Counter(finding.code for finding in migrated.findings if finding.fixable)
    codes = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
    print(f"compat-auc: {path} moved to {target} in memory: {codes or 'no change'}", file=sys.stderr)
    for finding in migrated.reports:
        where = f"{label(path, finding.cell)}:{finding.line}"
        print(f"{where}: {finding.code} {_message(finding)}", file=sys.stderr)
    name_sections({finding.code for finding in migrated.reports})
    sys.stderr.flush()


def name_sections(codes: Collection[str]) -> None:
    """Print the title of each code's section, and how to read the section."""
    for code in sorted(codes):
        print(f"compat-auc explain {code}: {sections()[code].title}", file=sys.stderr)


def print_cure(reasons: Iterable[str]) -> None:
    """Print what to do about files that failed because they are not Python 3: their reasons do not say it."""
    if any(reason.startswith(NOT_PYTHON_3) for reason in reasons):
        print(f"compat-auc: {_PYTHON_2 if find_spec('fissix') else _NO_FISSIX}", file=sys.stderr)


def label(path: str, cell: int) -> str:
    """Name a file, or a cell of a notebook as ruff names it."""
    return f"{path}:cell {cell}" if cell else path


def _location(cell: int, line: int) -> dict[str, int]:
    return {"cell": cell, "line": line} if cell else {"line": line}


def _message(finding: Finding) -> str:
    """Return the message, and where else it holds."""
    if not finding.repeats:
        return finding.message
    everywhere = [finding, *finding.repeats]
    lines = list(dict.fromkeys((f"cell {other.cell} " * bool(other.cell), other.line) for other in everywhere))
    shown = ", ".join(f"{cell}line {line}" for cell, line in lines[:_LINES])
    more = f" and {len(lines) - _LINES} more" if len(lines) > _LINES else ""
    return f"{finding.message} ({len(everywhere)} times: {shown}{more})"


def _wants_color(choice: str) -> bool:
    """Whether to print colors: as asked for, else on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and sys.stdout is not None and sys.stdout.isatty()


def _annotation(level: str, path: str, line: int, column: int, title: str, message: str) -> str:
    """Make a workflow command of GitHub, which wants these characters escaped."""

    def escaped(text: str, characters: str) -> str:
        return "".join(f"%{ord(letter):02X}" if letter in characters else letter for letter in text)

    location = {"file": path, "line": line, "col": column, "title": title}
    properties = ",".join(f"{key}={escaped(str(value), '%,:' + chr(10) + chr(13))}" for key, value in location.items())
    return f"::{level} {properties}::{escaped(message, '%' + chr(10) + chr(13))}"


def _repeats(finding: Finding) -> dict[str, list[dict[str, int]]]:
    locations = [{**_location(other.cell, other.line), "column": other.column} for other in finding.repeats]
    return {"repeats": locations} if locations else {}


def _as_dict(outcome: Outcome, written: bool) -> dict[str, Any]:
    return {
        "path": outcome.path,
        "changed": outcome.changed,
        "written": written,
        "findings": [
            {
                "code": finding.code,
                **_location(finding.cell, finding.line),
                "column": finding.column,
                "message": finding.message,
                "rewritten": finding.fixable,
                **_repeats(finding),
            }
            for finding in outcome.findings
        ],
    }
