"""The command ``compat-auc``: run, migrate and check old scripts, and doctor the installation."""

from __future__ import annotations

import argparse
import gc
import os
import shlex
import sys
from importlib.util import find_spec
from typing import Any, Callable

from compat_auc.command import commands, streams
from compat_auc.command.commands import FAILED, USAGE
from compat_auc.migrate import syntax

# As a shell reports them: 128 plus the number of the signal.
INTERRUPTED, PIPE_CLOSED = 130, 141
_COMMANDS = ("run", "migrate", "check", "explain", "doctor")
# These commands read no code.
_WITHOUT_PARSER = (commands.doctor_command, commands.explain_command)
# These commands read many files, and run none of the user's code.
_READERS = (commands.migrate_command, commands.check_command)
_COLOR = "auto (on a terminal without NO_COLOR), always or never"
_STATUS = "Exit status: 0 done; 1 {}; 2 wrong usage;\n123 a file could not be processed."


def main(argv: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    streams.open_closed_ones()
    argv = sys.argv[1:] if argv is None else argv
    try:
        try:
            return _main(argv)
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
        if argv[:1] == ["run"]:
            sys.excepthook = _say_nothing  # The runner has printed the traceback of the script.
            raise  # Python then ends by the signal, which stops a loop of a shell, too.
        print("compat-auc: interrupted. No file is half written.", file=sys.stderr)
        return INTERRUPTED


def _say_nothing(*_: object) -> None:
    pass


def _main(argv: list[str]) -> int:
    parser = _parser()
    if not argv:
        parser.print_help(sys.stderr)
        return USAGE
    if argv[0] not in _COMMANDS and not argv[0].startswith("-"):
        print(f"compat-auc: {argv[0]!r} is not a command. Type: {_meant(argv)}", file=sys.stderr)
        return USAGE
    options = parser.parse_args(argv)
    if options.command not in _WITHOUT_PARSER and not find_spec("libcst"):
        print(f"compat-auc: {argv[0]} reads code. {_missing_parser()}", file=sys.stderr)
        return USAGE
    if options.command in _READERS:
        from compat_auc.command import configuration

        gc.set_threshold(100_000, 10, 10)  # Trees are many long-lived objects: collecting took a third of the time.
        try:
            configuration.complete(options)
        except configuration.ConfigurationError as error:
            print(f"compat-auc: {error}", file=sys.stderr)
            return USAGE
    return options.command(options)


def _meant(argv: list[str]) -> str:
    """What to type instead of arguments whose first is no command."""
    import difflib

    word = argv[0]
    if os.path.exists(word) or word.endswith((".py", ".ipynb")):
        name = shlex.quote(word)
        return f"compat-auc run {name}, or compat-auc migrate {name} to see what would change"
    close = difflib.get_close_matches(word, _COMMANDS, n=1)
    if close:
        return f"compat-auc {close[0]}"
    return f"compat-auc explain {shlex.quote(' '.join(argv))}, or compat-auc --help"


def _missing_parser() -> str:
    """Say how to get the parser for Python code."""
    if sys.version_info >= (3, 9):
        return "It needs the extra `migrate`: pip install 'compat-auc[migrate]'"
    python = ".".join(map(str, sys.version_info[:2]))
    return (
        f"The parser needs Python 3.9 or later, and this is Python {python}. The script may stay on this Python: "
        "run compat-auc on a newer one, which needs no framework to migrate and check: "
        "pip install 'compat-auc[migrate]'"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="compat-auc",
        description="Run and migrate old Keras and TensorFlow 1 scripts with an AUC metric.",
        epilog="""\
Run a script without changing the file:  compat-auc run train.py
See the changes of a folder:             compat-auc migrate scripts/
See the options of a command:            compat-auc migrate --help""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {_version()}")
    subparsers = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(subparsers)
    _add_migrate(subparsers)
    _add_check(subparsers)
    _add_explain(subparsers)
    _add_doctor(subparsers)
    return parser


def _add_run(subparsers: Any) -> None:
    run = _add_command(
        subparsers,
        "run",
        commands.run_command,
        "run an old script or notebook, migrated in memory",
        """\
Exit status: that of the script; 2 no such file; 123 the migration failed.
Example: compat-auc run --target tf_keras train.py --epochs 3""",
    )
    run.usage = "%(prog)s [OPTIONS] [-m] SCRIPT [ARGS ...]"
    help_of_script = "a script or notebook, a folder with __main__.py, or - for standard input; no file changes"
    run.add_argument("script", metavar="SCRIPT", help=help_of_script)
    rest = run.add_argument("args", metavar="ARGS", nargs=argparse.REMAINDER, help="the arguments of the script")
    rest.required = False  # or an error message would ask for them
    _add_target(run, "the Keras that is installed")
    run.add_argument("-m", dest="module", action="store_true", help="SCRIPT is the name of a module, as in python -m")
    run.add_argument("-q", "--quiet", action="store_true", help="print no summary of the changes")


def _add_migrate(subparsers: Any) -> None:
    migrate = _add_command(
        subparsers,
        "migrate",
        commands.migrate_command,
        "show the changes of scripts and notebooks, or --write them",
        f"{_STATUS.format('changes under --check')}\nExample: compat-auc migrate --write train.py scripts/",
    )
    _add_paths(migrate)
    _add_format(migrate, "text", "json")
    migrate.add_argument("--color", choices=("auto", "always", "never"), default="auto", metavar="WHEN", help=_COLOR)
    group = migrate.add_mutually_exclusive_group()
    group.add_argument("--write", action="store_true", help="change the files; for -, print the new text")
    group.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")


def _add_check(subparsers: Any) -> None:
    check = _add_command(
        subparsers,
        "check",
        commands.check_command,
        "list old code, as path:line:column CODE message",
        f"{_STATUS.format('findings')}\nExample: compat-auc check --ignore CA403 scripts/",
    )
    _add_paths(check)
    _add_format(check, "text", "json", "github")


def _add_explain(subparsers: Any) -> None:
    explain = _add_command(
        subparsers,
        "explain",
        commands.explain_command,
        "explain a code or an error text, and say what to do",
        """\
Exit status: 0 done; 2 no section found.
Example: compat-auc explain CA104
         compat-auc explain "module 'tensorflow' has no attribute 'contrib'"
         python train.py 2>&1 | compat-auc explain -""",
    )
    explain.add_argument(
        "words",
        metavar="CODE or ERROR TEXT",
        nargs="*",
        help="codes of check and migrate, an error text, or - for standard input; without words: list all codes",
    )


def _add_doctor(subparsers: Any) -> None:
    doctor = _add_command(
        subparsers,
        "doctor",
        commands.doctor_command,
        "show what is installed, and check every entry point against scikit-learn",
        "Exit status: 0 all is well; 1 something is wrong.\nExample: compat-auc doctor",
    )
    _add_format(doctor, "text", "json")


def _add_command(
    subparsers: Any, name: str, function: Callable[[argparse.Namespace], int], what: str, epilog: str
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=function)
    return parser


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.usage = "%(prog)s [OPTIONS] PATH [PATH ...]"
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files, folders, or - for standard input")
    _add_target(parser, "keras3")
    parser.add_argument("--select", type=_codes, metavar="CODES", help="apply only these codes, e.g. CA1,CA402")
    parser.add_argument("--ignore", type=_codes, metavar="CODES", help="apply all codes but these, e.g. CA403")
    parser.add_argument("--list-rules", action=_ListRules, nargs=0, help="print all codes, and exit")
    parser.add_argument(
        "--exclude",
        action="append",
        metavar="PATTERN",
        help="leave files out of folders, by a pattern as in .gitignore",
    )
    parser.add_argument(
        "--jobs", type=_count, metavar="N", help="number of processes; default: chosen by cores and files"
    )


def _codes(text: str) -> tuple[str, ...]:
    from compat_auc.command.configuration import codes

    return codes(text)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 1 on. Received: {text!r}")
    return int(text)


class _ListRules(argparse.Action):
    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Any, values: Any, option_string: str | None = None
    ) -> None:
        commands.list_rules()
        parser.exit()


def _add_target(parser: argparse.ArgumentParser, default: str) -> None:
    text = f"keras3, or tf_keras (Keras 2); the default is {default}"
    parser.add_argument("--target", choices=syntax.TARGETS, metavar="KERAS", help=text)


def _add_format(parser: argparse.ArgumentParser, *forms: str) -> None:
    others = ", json (one document) or github (annotations of a workflow)"
    text = "text (the default)" + (others if "github" in forms else " or json (one document)")
    parser.add_argument("--format", choices=forms, default="text", metavar="FORM", help=text)


def _version() -> str:
    from compat_auc import __version__

    return __version__
