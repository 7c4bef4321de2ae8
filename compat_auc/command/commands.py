"""Carry out each command: run, migrate, check, explain and doctor."""

from __future__ import annotations

import argparse
import errno
import json
import os
import re
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Iterator

from compat_auc.command import streams
from compat_auc.migrate import syntax
from compat_auc.migrate.documents import files, pipeline
from compat_auc.migrate.selection import Choice

if TYPE_CHECKING:
    from compat_auc.command.report import Report

DONE, FOUND, USAGE, FAILED = 0, 1, 2, 123


def run_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc run SCRIPT [ARGS...]``, and return the exit status."""
    from compat_auc.command import report
    from compat_auc.migrate.running import program, runner

    target = options.target or _installed_target()
    try:
        loaded = program.load(options.script, target)
    except OSError as error:
        reason = "is a folder; give one script or notebook" if os.path.isdir(options.script) else error.strerror
        print(f"compat-auc: {options.script}: {reason}", file=sys.stderr)
        return USAGE if isinstance(error, FileNotFoundError) else FAILED
    except syntax.CannotMigrate as error:
        print(f"{options.script}:{error.line}: {error.reason}", file=sys.stderr)
        report.explain([error.reason])
        return FAILED
    if not options.quiet:
        report.moved_in_memory(options.script, target, loaded.migrated)
    _keep_tensorflow_quiet()
    return runner.execute(loaded, [options.script, *options.args], target, options.quiet)


def _keep_tensorflow_quiet() -> None:
    """Leave out TensorFlow's lines of information, unless the user wants them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")


def _installed_target() -> str:
    """Choose the target by the installed packages, without importing them."""
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    if find_spec("tf_keras") and (legacy or not find_spec("keras")):
        return "tf_keras"
    return "keras3"


def migrate_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc migrate PATH...``, and return the exit status."""
    from compat_auc.command.report import Report

    report = Report(options.format, color=options.color)
    for outcome, data in _outcomes(options, report):
        written = options.write and outcome.changed and outcome.path != "-"
        if options.write and outcome.path == "-":
            streams.write_output(outcome.data if outcome.changed else data)
        elif written:
            try:
                if outcome.path not in options.paths and files.leaves(outcome.path, options.paths):
                    raise OSError(errno.EXDEV, "a link out of the folder that was named; name what it leads to")
                files.write(outcome.path, outcome.data, data)
            except OSError as error:
                report.fail(outcome.path, 1, error.strerror or str(error))
                continue
        elif outcome.changed and options.format == "text" and not options.check:
            report.diff(outcome)
        report.add(outcome, written)
    report.close(verb="changed" if options.write else "would change")
    if report.failed:
        return FAILED
    return FOUND if options.check and report.changed else DONE


def check_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc check PATH...``, and return the exit status."""
    from compat_auc.command.report import Report

    report = Report(options.format, findings=True)
    for outcome, _ in _outcomes(options, report):
        report.add(outcome, written=False)
    report.close(verb="would change")
    if report.failed:
        return FAILED
    return FOUND if report.findings else DONE


def _outcomes(options: argparse.Namespace, report: Report) -> Iterator[tuple[pipeline.Outcome, bytes]]:
    """Migrate each file; yield the outcome and the file's bytes. A file that cannot be read goes to the report."""
    from compat_auc.command import workers
    from compat_auc.migrate.documents.project import Project

    paths = list(dict.fromkeys(files.find_files(options.paths, options.exclude)))
    if not paths:
        print(f"compat-auc: no scripts or notebooks (.py, .ipynb) in {', '.join(options.paths)}", file=sys.stderr)
    task = workers.Task(options.target, Project(paths), Choice(options.select, options.ignore))
    for path, result in workers.process_all(paths, task, options.jobs):
        if isinstance(result, OSError):
            report.fail(path, 1, result.strerror or str(result))
        else:
            yield result


def explain_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc explain [CODE... or ERROR TEXT]``, and return the exit status."""
    from compat_auc.migrate.codes import sections

    documented = sections()
    if not options.words:
        print("\n".join(f"{code}  {section.title}" for code, section in documented.items()))
        return DONE
    codes = [word.upper() for word in options.words]
    if not all(re.fullmatch(r"CA\d+", code) for code in codes):
        return _explain_text(" ".join(options.words))
    unknown = [code for code in codes if code not in documented]
    if unknown:
        print(f"compat-auc: no code {', '.join(unknown)}; compat-auc explain lists all codes", file=sys.stderr)
        return USAGE
    print("\n\n".join(f"{code}: {documented[code].title}\n\n{documented[code].text}" for code in codes))
    return DONE


def _explain_text(text: str) -> int:
    from compat_auc.migrate.messages import section_for

    section = section_for(streams.read_input().decode(errors="replace") if text == "-" else text)
    if section is None:
        print(
            "compat-auc: no section about this text. compat-auc check SCRIPT reports what is old in a script; "
            "compat-auc explain lists all codes",
            file=sys.stderr,
        )
        return USAGE
    print(f"{section.code}: {section.title}" if section.code else section.title, section.text, sep="\n\n")
    return DONE


def list_rules() -> None:
    """Print a line for each code: its title, the rules that yield it, and their targets."""
    from compat_auc.migrate.codes import sections
    from compat_auc.migrate.rules import RULES

    for code, section in sections().items():
        rules = [rule for rule in RULES if code in rule.codes]
        names = ", ".join(rule.name for rule in rules) or "of the whole file"
        targets = {target for rule in rules for target in rule.targets} or set(syntax.TARGETS)
        only = "" if targets == set(syntax.TARGETS) else f" ({', '.join(sorted(targets))} only)"
        print(f"{code}  {section.title:48} {names}{only}")


def doctor_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc doctor``, and return the exit status."""
    from compat_auc.command import doctor

    _keep_tensorflow_quiet()
    result = doctor.examine()
    print(json.dumps(result, indent=2) if options.format == "json" else doctor.describe(result))
    return DONE if result["ok"] else FOUND
