"""The command ``compat-auc``: run, migrate and check old scripts, and doctor the installation."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
from collections import Counter
from importlib.util import find_spec

from compat_auc.migrate import files, projects

DONE, FOUND, USAGE, FAILED = 0, 1, 2, 123
_EPILOG = (
    "Exit status: 0 done, 1 findings or changes under check and --check, 2 usage, 123 a file could not be processed."
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(argv)
    if options.command is not doctor_command and not find_spec("libcst"):
        print("compat-auc: this command reads code with libcst: pip install 'compat-auc[migrate]'", file=sys.stderr)
        return USAGE
    try:
        return options.command(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compat-auc", description="Old Keras and TensorFlow 1 AUC scripts on the Keras of today.", epilog=_EPILOG
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="run an old script or notebook, migrated in memory")
    run.add_argument("--target", choices=files.TARGETS, help="default: the Keras that is installed")
    run.add_argument("-q", "--quiet", action="store_true", help="no summary of what was changed")
    run.add_argument("script", metavar="SCRIPT")
    run.add_argument("args", metavar="ARGS", nargs=argparse.REMAINDER, help="the script's own arguments")
    run.set_defaults(command=run_command)

    migrate = commands.add_parser("migrate", help="show or write the moved files", epilog=_EPILOG)
    _add_paths(migrate)
    group = migrate.add_mutually_exclusive_group()
    group.add_argument(
        "--write", action="store_true", help="change the files in place (standard input: to standard output)"
    )
    group.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    group.add_argument("--diff", action="store_true", help="print a unified diff (the default)")
    migrate.set_defaults(command=migrate_command)

    check = commands.add_parser("check", help="list findings as path:line:column CODE message", epilog=_EPILOG)
    _add_paths(check)
    check.set_defaults(command=check_command)

    doctor = commands.add_parser("doctor", help="say what auc_roc is here, and check it against scikit-learn")
    doctor.add_argument("--json", action="store_true", help="machine-readable output")
    doctor.set_defaults(command=doctor_command)
    return parser


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files, folders, notebooks, or - for standard input")
    parser.add_argument("--target", choices=files.TARGETS, default="keras3", help="default: keras3")
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def _version() -> str:
    from compat_auc import __version__

    return __version__


def run_command(options: argparse.Namespace) -> int:
    """``compat-auc run SCRIPT [ARGS...]``."""
    from compat_auc.migrate import runner

    target = options.target or _installed_target()
    try:
        codes, migration, _ = runner.load(options.script, target)
    except OSError as error:
        print(f"compat-auc: {options.script}: {error.strerror}", file=sys.stderr)
        return USAGE if isinstance(error, FileNotFoundError) else FAILED
    except files.CannotMigrate as error:
        print(f"{options.script}:{error.line}: {error.reason}", file=sys.stderr)
        return FAILED
    if not options.quiet:
        fixed = [one for one in migration.findings if one.fixable]
        codes_text = ", ".join(f"{code} {count}" for code, count in sorted(Counter(one.code for one in fixed).items()))
        print(f"compat-auc: {options.script} moved to {target} in memory: {codes_text or 'no change'}", file=sys.stderr)
        for finding in migration.reports:
            print(f"{options.script}:{finding.line}: {finding.code} {finding.message}", file=sys.stderr)
        sys.stderr.flush()
    return runner.execute(codes, options.script, options.args, target)


def _installed_target() -> str:
    """The target that the installed packages mean, asked without importing them."""
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    if find_spec("tf_keras") and (legacy or not find_spec("keras")):
        return "tf_keras"
    return "keras3"


def migrate_command(options: argparse.Namespace) -> int:
    """``compat-auc migrate PATH...``."""
    from compat_auc.report import Report

    report = Report(options.json)
    for outcome, data in _outcomes(options, report):
        written = False
        if options.write and outcome.path == "-":
            sys.stdout.buffer.write(files.decode(data, notebook=True).encode(outcome.new) if outcome.changed else data)
        elif options.write and outcome.changed:
            try:
                files.write(outcome.path, outcome.new, data)
                written = True
            except OSError as error:
                report.fail(outcome.path, 1, error.strerror or str(error))
                continue
        elif outcome.changed and not options.json and not options.check:
            report.diff(outcome)
        report.add(outcome, written)
    report.close(verb="changed" if options.write else "would change")
    if report.failed:
        return FAILED
    return FOUND if options.check and report.changed else DONE


def check_command(options: argparse.Namespace) -> int:
    """``compat-auc check PATH...``."""
    from compat_auc.report import Report

    report = Report(options.json, findings=True)
    for outcome, _ in _outcomes(options, report):
        report.add(outcome, written=False)
    report.close(verb="would change")
    if report.failed:
        return FAILED
    return FOUND if report.findings else DONE


def _outcomes(options: argparse.Namespace, report):
    """What migration makes of each file, with the file's bytes; a file that cannot be read is reported on the way."""
    missing = [path for path in options.paths if path != "-" and not os.path.exists(path)]
    for path in missing:
        report.fail(path, 1, "no such file or folder")
    paths = [path for path in options.paths if path not in missing]
    found = list(dict.fromkeys(files.find_files(paths)))
    project = projects.Project(found)
    for path in report.track(found):
        try:
            data = sys.stdin.buffer.read() if path == "-" else pathlib.Path(path).read_bytes()
        except OSError as error:
            report.fail(path, 1, error.strerror or str(error))
            continue
        yield files.process(path, data, options.target, project), data


def doctor_command(options: argparse.Namespace) -> int:
    """``compat-auc doctor``."""
    from compat_auc import doctor

    result = doctor.examine()
    print(json.dumps(result, indent=2) if options.json else doctor.describe(result))
    return DONE if result["ok"] else FOUND
