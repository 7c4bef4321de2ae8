"""Print what the commands find: diffs and findings to standard output, failures and the summary to standard error."""

from __future__ import annotations

import difflib
import io
import json
import sys
from collections import Counter
from importlib.util import find_spec
from typing import Any, Iterable, cast

from compat_auc.migrate.codes import sections
from compat_auc.migrate.documents.pipeline import Migrated, Outcome
from compat_auc.migrate.syntax import NOT_PYTHON_3

_PYTHON_2 = "what is neither Python 3 nor Python 2 stays as it is"
_NO_FISSIX = "Python 2 is read with fissix: pip install 'compat-auc[migrate]'"


class Report:
    """Prints outcomes as "text", as "github" annotations, or at the end as one "json" document."""

    def __init__(self, form: str, findings: bool = False) -> None:
        self.form = form
        self.print_findings = findings
        self.changed: int = 0
        self.findings: int = 0
        self.processed: int = 0
        self.failed: list[dict[str, Any]] = []
        self._files: list[dict[str, Any]] = []
        # A file name may hold any bytes, and a terminal may lack characters. Neither must stop the work.
        if isinstance(sys.stdout, io.TextIOWrapper):
            stdout = cast("io.TextIOWrapper[Any]", sys.stdout)
            is_utf8 = stdout.encoding.lower() == "utf-8"
            stdout.reconfigure(errors="surrogateescape" if is_utf8 else "backslashreplace")

    def fail(self, path: str, line: int, reason: str) -> None:
        self.failed.append({"path": path, "line": line, "reason": reason})
        print(f"{path}:{line}: {reason}", file=sys.stderr)
        if self.form == "github":
            print(_annotation("error", path, line, 1, "compat-auc", reason))

    def add(self, outcome: Outcome, written: bool) -> None:
        if outcome.error:
            self.fail(outcome.path, outcome.error_line, outcome.error)
            return
        self.processed += 1
        self.changed += outcome.changed
        self.findings += len(outcome.findings)
        if self.form == "json":
            self._files.append(_as_dict(outcome, written))
            return
        # A migration prints what it leaves to the reader; a check prints everything.
        for finding in outcome.findings:
            line, column, code = finding.line, finding.column, finding.code
            if self.form == "github":
                title = f"{code}: {sections()[code].title}"
                print(_annotation("warning", outcome.path, line, column, title, finding.message))
            elif self.print_findings or not finding.fixable:
                output = sys.stdout if self.print_findings else sys.stderr
                print(f"{outcome.path}:{line}:{column} {code} {finding.message}", file=output)

    def diff(self, outcome: Outcome) -> None:
        # patch and git end a line only at a newline; str.splitlines would also end it at a form feed.
        old, new = io.StringIO(outcome.old).readlines(), io.StringIO(outcome.new).readlines()
        for line in difflib.unified_diff(old, new, outcome.path, outcome.path):
            sys.stdout.write(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")

    def close(self, verb: str) -> None:
        explain(failure["reason"] for failure in self.failed)
        if self.form == "json":
            codes = sorted({finding["code"] for file in self._files for finding in file["findings"]})
            summary = {
                "files": self._files,
                "failed": self.failed,
                "changed": self.changed,
                "findings": self.findings,
                "codes": {code: {"title": sections()[code].title, "section": sections()[code].text} for code in codes},
            }
            print(json.dumps(summary, indent=2))
            return
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
        print(f"{path}:{finding.line}: {finding.code} {finding.message}", file=sys.stderr)
    sys.stderr.flush()


def explain(reasons: Iterable[str]) -> None:
    """Print what to do about files that failed because they are not Python 3: their reasons do not say it."""
    if any(reason.startswith(NOT_PYTHON_3) for reason in reasons):
        print(f"compat-auc: {_PYTHON_2 if find_spec('fissix') else _NO_FISSIX}", file=sys.stderr)


def _annotation(level: str, path: str, line: int, column: int, title: str, message: str) -> str:
    """Make a workflow command of GitHub, which wants these characters escaped."""

    def escaped(text: str, characters: str) -> str:
        return "".join(f"%{ord(letter):02X}" if letter in characters else letter for letter in text)

    location = {"file": path, "line": line, "col": column, "title": title}
    properties = ",".join(f"{key}={escaped(str(value), '%,:' + chr(10) + chr(13))}" for key, value in location.items())
    return f"::{level} {properties}::{escaped(message, '%' + chr(10) + chr(13))}"


def _as_dict(outcome: Outcome, written: bool) -> dict[str, Any]:
    return {
        "path": outcome.path,
        "changed": outcome.changed,
        "written": written,
        "findings": [
            {
                "code": finding.code,
                "line": finding.line,
                "column": finding.column,
                "message": finding.message,
                "rewritten": finding.fixable,
            }
            for finding in outcome.findings
        ],
    }
