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
    from compat_auc.migrate.running.program import Program

DONE, FINDINGS, USAGE, FAILED = 0, 1, 2, 123


def run_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc run SCRIPT [ARGS...]``, and return the exit status."""
    from compat_auc.migrate.running import runner

    target = options.target or _installed_target()
    _keep_tensorflow_quiet()
    if options.module:
        return _run_module(options, target)
    path = options.script
    main = os.path.join(path, "__main__.py")
    path = main if os.path.isfile(main) else path
    loaded = _load(path, target, options.quiet)
    if isinstance(loaded, int):
        return loaded
    return runner.execute(loaded, path, [options.script, *options.args], target, options.quiet)


def _run_module(options: argparse.Namespace, target: str) -> int:
    """Carry out ``compat-auc run -m MODULE [ARGS...]``."""
    from compat_auc.migrate.running import importer, runner

    finder = runner.enter(os.getcwd(), target, options.quiet)
    sys.argv = ["-m", *options.args]  # as the packages around the module see it in Python
    spec = runner.find_module(options.script)
    if spec is None or spec.origin is None:
        print(f"compat-auc: no module named {options.script}", file=sys.stderr)
        return USAGE
    loaded = None
    if isinstance(spec.loader, importer.MigratingLoader):
        loaded = _load(spec.origin, target, options.quiet)
        if isinstance(loaded, int):
            return loaded
    return runner.execute_module(spec, loaded, options.args, finder)


def _load(path: str, target: str, quiet: bool) -> Program | int:
    """Migrate a script and say so, or say why not and return the exit status."""
    from compat_auc.command import report
    from compat_auc.migrate.running import program

    try:
        loaded = program.load(path, target, data=streams.read_input()) if path == "-" else program.load(path, target)
    except OSError as error:
        reason = "a folder without a __main__.py" if os.path.isdir(path) else error.strerror
        print(f"compat-auc: {path}: {reason}", file=sys.stderr)
        return USAGE if isinstance(error, FileNotFoundError) else FAILED
    except syntax.CannotMigrate as error:
        print(f"{report.label(path, error.cell)}:{error.line}: {error.reason}", file=sys.stderr)
        report.print_cure([error.reason])
        return FAILED
    if not quiet:
        report.moved_in_memory(path, target, loaded.migrated)
    return loaded


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
                    raise OSError(
                        errno.EXDEV, "Not changed: a link out of the named folder. Name the target of the link."
                    )
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
    return FINDINGS if options.check and report.changed else DONE


def check_command(options: argparse.Namespace) -> int:
    """Carry out ``compat-auc check PATH...``, and return the exit status."""
    from compat_auc.command.report import Report

    report = Report(options.format, findings=True)
    for outcome, _ in _outcomes(options, report):
        report.add(outcome, written=False)
    report.close(verb="would change")
    if report.failed:
        return FAILED
    return FINDINGS if report.findings else DONE


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
        print(f"compat-auc: no code {', '.join(unknown)}. compat-auc explain lists all codes.", file=sys.stderr)
        return USAGE
    print("\n\n".join(f"{code}: {documented[code].title}\n\n{documented[code].text}" for code in codes))
    return DONE


def _explain_text(text: str) -> int:
    from compat_auc.migrate.messages import section_for

    text = streams.read_input().decode(errors="replace") if text == "-" else text
    exact = section_for(text, guess=False)
    section = exact or section_for(text)
    if section is None:
        print(
            "compat-auc: no section about this text. compat-auc check SCRIPT lists the old code of a script, and "
            "compat-auc explain lists all codes.",
            file=sys.stderr,
        )
        return USAGE
    if exact is None:
        print("compat-auc: no error text of the guide is in this text. The nearest section:", file=sys.stderr)
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
    return DONE if result["ok"] else FINDINGS
