"""The command ``compat-auc``: run, migrate and check old scripts, and doctor the installation."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections import Counter
from importlib.util import find_spec

from compat_auc.command import streams
from compat_auc.migrate import disk, files, syntax

DONE, FOUND, USAGE, FAILED = 0, 1, 2, 123
# As a shell reports them: 128 and the signal.
INTERRUPTED, PIPE_CLOSED = 130, 141
_STATUS = "Exit status: 0 done, 1 {}, 2 usage,\n123 a file could not be processed (the others were)."


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    streams.open_closed_ones()
    try:
        try:
            return _main(sys.argv[1:] if argv is None else argv)
        finally:
            streams.flush_output()
    except BrokenPipeError:
        streams.give_up_output()
        return PIPE_CLOSED
    except OSError as error:
        streams.give_up_output()
        print(f"compat-auc: {error.filename or 'standard output'}: {error.strerror or error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("compat-auc: interrupted; no file is half written", file=sys.stderr)
        return INTERRUPTED


def _main(argv: list[str]) -> int:
    parser = _parser()
    if not argv:
        parser.print_help(sys.stderr)
        return USAGE
    options = parser.parse_args(argv)
    if options.command is not doctor_command and not find_spec("libcst"):
        python = sys.version.split()[0]
        print(
            f"compat-auc: this command reads code with libcst, on Python 3.9 or later (this is {python}): "
            "pip install 'compat-auc[migrate]'",
            file=sys.stderr,
        )
        return USAGE
    return options.command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compat-auc",
        description="Old Keras and TensorFlow 1 scripts with an AUC metric, on the Keras of today.",
        epilog="""\
Start with one script, which stays as it is:  compat-auc run train.py
Then see what would change in a folder:       compat-auc migrate scripts/
The options of a command:                     compat-auc migrate --help""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_migrate(commands)
    _add_check(commands)
    _add_doctor(commands)
    return parser


def _add_run(commands) -> None:
    run = _add_command(
        commands,
        "run",
        run_command,
        "run an old script or notebook, migrated in memory",
        """\
Exit status: the script's own, 2 no such file, 123 it could not be migrated.
Example: compat-auc run --target tf_keras train.py --epochs 3""",
    )
    run.add_argument("script", metavar="SCRIPT", help="a script or notebook; the file stays as it is")
    rest = run.add_argument(
        "args", metavar="ARGS", nargs=argparse.REMAINDER, help="all that follows is the script's own"
    )
    rest.required = False  # or an error message would ask for them
    _add_target(run, None, "the Keras that is installed")
    run.add_argument("-q", "--quiet", action="store_true", help="no summary of what was changed")


def _add_migrate(commands) -> None:
    migrate = _add_command(
        commands,
        "migrate",
        migrate_command,
        "show what would change in scripts and notebooks, or --write it",
        f"{_STATUS.format('changes under --check')}\nExample: compat-auc migrate --write train.py scripts/",
    )
    _add_paths(migrate)
    group = migrate.add_mutually_exclusive_group()
    group.add_argument("--diff", action="store_true", help="print a unified diff, write nothing (the default)")
    group.add_argument("--write", action="store_true", help="change files in place; for -, print the new text")
    group.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")


def _add_check(commands) -> None:
    check = _add_command(
        commands,
        "check",
        check_command,
        "list what is old, as path:line:column CODE message",
        f"migration_guide.md explains each CODE.\n{_STATUS.format('findings')}\nExample: compat-auc check scripts/",
    )
    _add_paths(check)


def _add_doctor(commands) -> None:
    doctor = _add_command(
        commands,
        "doctor",
        doctor_command,
        "say what auc_roc is on this installation, checked against scikit-learn",
        "Exit status: 0 all is well, 1 something is wrong.\nExample: compat-auc doctor",
    )
    _add_json(doctor)


def _add_command(commands, name: str, function, what: str, epilog: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=function)
    return parser


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files, folders, or - for standard input")
    _add_target(parser, "keras3", "keras3")
    _add_json(parser)


def _add_target(parser: argparse.ArgumentParser, default: str | None, meaning: str) -> None:
    text = f"Keras 3, or Keras 2 as the package tf_keras; default: {meaning}"
    parser.add_argument("--target", choices=syntax.TARGETS, default=default, help=text)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document instead")


def _version() -> str:
    from compat_auc import __version__

    return __version__


def run_command(options: argparse.Namespace) -> int:
    """``compat-auc run SCRIPT [ARGS...]``."""
    from compat_auc.command import report
    from compat_auc.migrate import runner

    target = options.target or _installed_target()
    try:
        program = runner.load(options.script, target)
    except OSError as error:
        reason = "is a folder; give one script or notebook" if os.path.isdir(options.script) else error.strerror
        print(f"compat-auc: {options.script}: {reason}", file=sys.stderr)
        return USAGE if isinstance(error, FileNotFoundError) else FAILED
    except syntax.CannotMigrate as error:
        print(f"{options.script}:{error.line}: {error.reason}", file=sys.stderr)
        report.explain([error.reason])
        return FAILED
    if not options.quiet:
        fixed = [one for one in program.migration.findings if one.fixable]
        codes_text = ", ".join(f"{code} {count}" for code, count in sorted(Counter(one.code for one in fixed).items()))
        print(f"compat-auc: {options.script} moved to {target} in memory: {codes_text or 'no change'}", file=sys.stderr)
        for finding in program.migration.reports:
            print(f"{options.script}:{finding.line}: {finding.code} {finding.message}", file=sys.stderr)
        sys.stderr.flush()
    return runner.execute(program, options.args, options.quiet)


def _installed_target() -> str:
    """The target that the installed packages mean, asked without importing them."""
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    if find_spec("tf_keras") and (legacy or not find_spec("keras")):
        return "tf_keras"
    return "keras3"


def migrate_command(options: argparse.Namespace) -> int:
    """``compat-auc migrate PATH...``."""
    from compat_auc.command.report import Report

    report = Report(options.json)
    for outcome, data in _outcomes(options, report):
        written = options.write and outcome.changed and outcome.path != "-"
        if options.write and outcome.path == "-":
            streams.write_output(files.decode(data).encode(outcome.new) if outcome.changed else data)
        elif written:
            try:
                if outcome.path not in options.paths and files.leaves(outcome.path, options.paths):
                    raise OSError(errno.EXDEV, "a link out of the folder that was named; name what it leads to")
                files.write(outcome.path, outcome.new, data)
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
    from compat_auc.command.report import Report

    report = Report(options.json, findings=True)
    for outcome, _ in _outcomes(options, report):
        report.add(outcome, written=False)
    report.close(verb="would change")
    if report.failed:
        return FAILED
    return FOUND if report.findings else DONE


def _outcomes(options: argparse.Namespace, report):
    """What migration makes of each file, with the file's bytes; a file that cannot be read is reported on the way."""
    from compat_auc.migrate import projects

    found = list(dict.fromkeys(files.find_files(options.paths)))
    if not found:
        print(f"compat-auc: no scripts or notebooks (.py, .ipynb) in {', '.join(options.paths)}", file=sys.stderr)
    project = projects.Project(found)
    for path in report.track(found):
        try:
            data = streams.read_input() if path == "-" else disk.read(path)
        except OSError as error:
            report.fail(path, 1, error.strerror or str(error))
            continue
        yield files.process(path, data, options.target, project), data


def doctor_command(options: argparse.Namespace) -> int:
    """``compat-auc doctor``."""
    from compat_auc.command import doctor

    result = doctor.examine()
    print(json.dumps(result, indent=2) if options.json else doctor.describe(result))
    return DONE if result["ok"] else FOUND
