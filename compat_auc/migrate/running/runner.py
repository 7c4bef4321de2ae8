"""Migrate an old script or notebook in memory and run it as ``__main__``. Tracebacks show the file on disk."""

from __future__ import annotations

import builtins
import importlib.machinery
import importlib.util
import inspect
import os
import re
import shlex
import sys
import textwrap
import traceback
import types
from typing import TYPE_CHECKING, Any

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.running import importer, subprocesses
from compat_auc.migrate.running.program import Program
from compat_auc.migrate.running.shell import Shell

if TYPE_CHECKING:
    import asyncio

# How many lines of a section `run` prints.
_LINES = 6


def enter(folder: str, target: str, quiet: bool) -> importer.LocalModules:
    """Let Python look for modules in a folder first, and migrate the modules of the project on import."""
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, subprocesses.Folder(folder, target))
    finder = importer.install(folder, target)
    finder.quiet = quiet
    return finder


def find_module(name: str) -> importlib.machinery.ModuleSpec | None:
    """Find what ``python -m name`` runs: a module, or the ``__main__`` of a package."""
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{name}.__main__")
    except ModuleNotFoundError as error:
        if error.name is None or not (name + ".__main__").startswith(error.name):
            raise
        return None
    return spec


def execute(program: Program, path: str, argv: list[str], target: str, quiet: bool = False) -> int:
    """Run as ``python *argv`` does, and return the exit status. A ``SystemExit`` of the script passes through.

    ``path`` is the script, "-" for standard input. ``argv`` may name the folder that it is the ``__main__`` of.
    """
    names = _names_of_script(program, path, target)
    finder = enter("" if path == "-" else os.path.dirname(os.path.realpath(path)), target, quiet)
    return _execute(program.codes, argv, names, finder, program)


def execute_module(
    spec: importlib.machinery.ModuleSpec, program: Program | None, args: list[str], finder: importer.LocalModules
) -> int:
    """Run as ``python -m`` does. ``program`` is None for a module that is not the project's, which runs as it is."""
    names = {
        "__file__": spec.origin, "__cached__": spec.cached, "__spec__": spec,
        "__loader__": spec.loader, "__package__": spec.parent,
    }  # fmt: skip
    loader: Any = spec.loader
    codes: list[types.CodeType] = [loader.get_code(spec.name)] if program is None else program.codes
    return _execute(codes, [spec.origin or "", *args], names, finder, program)


def _execute(
    codes: list[types.CodeType],
    argv: list[str],
    names: dict[str, Any],
    finder: importer.LocalModules,
    program: Program | None,
) -> int:
    module = types.ModuleType("__main__")
    module.__dict__.update(names, __builtins__=builtins)
    if program is not None:
        finder.programs.append(program)
        if program.talks:
            module.__dict__.update(Shell(argv[0], module.__dict__, finder.quiet).names())
    sys.modules["__main__"] = module
    sys.argv = argv
    try:
        loop = _loop(codes)
        for code in codes:
            if loop is not None and code.co_flags & inspect.CO_COROUTINE:
                loop.run_until_complete(eval(code, module.__dict__))  # nosec B307 # the user's program
            else:
                exec(code, module.__dict__)  # nosec B102 # the user's program
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and _is_hidden(trace.tb_frame.f_code.co_filename):
            trace = trace.tb_next
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)  # unlike the default hook, it knows the cells' lines
        else:
            sys.excepthook(type(error), error, trace)
        if isinstance(error, KeyboardInterrupt):
            raise  # so that the process ends by the signal, as Python's does
        code = _explain(error)
        _hint(finder, trace, code)
        return 1
    return 0


def _loop(codes: list[types.CodeType]) -> asyncio.AbstractEventLoop | None:
    """Make the loop of cells that await. It is one for all, so that a task of one cell goes on in the next."""
    if not any(code.co_flags & inspect.CO_COROUTINE for code in codes):
        return None
    import asyncio

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop


def _is_hidden(file: str) -> bool:
    """Whether a traceback leaves out the first frames in a file: this one, and those of the loop of a cell's await."""
    return file == __file__ or os.path.basename(os.path.dirname(file)) == "asyncio"


def _hint(finder: importer.LocalModules, trace: types.TracebackType | None, explained: str) -> None:
    """Print the findings of the innermost line of the traceback that has any, and where to read about all codes."""
    codes = [explained] if explained else list[str]()
    programs = finder.programs[::-1]
    for frame in reversed(traceback.extract_tb(trace)):
        line = frame.lineno or 0
        findings = next(filter(None, (owner.findings_at(frame.filename, line) for owner in programs)), list[Finding]())
        for finding in findings:
            print(f"compat-auc: in {frame.filename}, line {line}: {finding.code} {finding.message}", file=sys.stderr)
        if findings:
            codes.extend(finding.code for finding in findings)
            break
    if codes:
        print(f"compat-auc: more about it: compat-auc explain {' '.join(dict.fromkeys(codes))}", file=sys.stderr)


def _explain(error: BaseException) -> str:
    """Print the first lines of the section that is about an error, if the guide has one. Return its code."""
    from compat_auc.migrate.messages import section_for

    text = "".join(traceback.format_exception_only(type(error), error))
    section = section_for(text, guess=False)
    if section is None:
        return ""
    print(f"compat-auc: {section.code or 'the guide'}: {section.title}", file=sys.stderr)
    print(textwrap.indent(_first_lines(section.text), "  "), file=sys.stderr)
    if not section.code:
        word = shlex.quote(text.strip().splitlines()[-1])
        print(f"compat-auc: more about it: compat-auc explain {word}", file=sys.stderr)
    return section.code


def _first_lines(text: str) -> str:
    """Return the first paragraph of a section, at most six lines, as plain text."""
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    paragraph = next(filter(None, (part.strip() for part in prose.split("\n\n"))), "")
    plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", paragraph.replace("**Why.** ", ""))
    lines = plain.splitlines()
    return "\n".join([*lines[:_LINES], *(["..."] if len(lines) > _LINES else [])])


def _names_of_script(program: Program, path: str, target: str) -> dict[str, Any]:
    if program.is_notebook or path == "-":  # in Jupyter it has no __file__, so a child process does not run it again
        return {}
    spec = subprocesses.spec(os.path.abspath(path), target)
    return {"__file__": spec.origin, "__cached__": None, "__spec__": spec, "__loader__": spec.loader}
