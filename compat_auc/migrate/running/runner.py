"""Migrate an old script or notebook in memory and run it as ``__main__``. Tracebacks show the file on disk."""

from __future__ import annotations

import builtins
import os
import sys
import traceback
import types
from typing import Any

from compat_auc.migrate.edits import Finding
from compat_auc.migrate.running import importer, subprocesses
from compat_auc.migrate.running.program import Program
from compat_auc.migrate.running.shell import Shell


def execute(program: Program, argv: list[str], target: str, quiet: bool = False) -> int:
    """Run as ``python *argv`` does, and return the exit status. A ``SystemExit`` of the script passes through."""
    module = _main_module(program, argv[0], target, quiet)
    folder = os.path.dirname(os.path.realpath(argv[0]))
    sys.modules["__main__"] = module
    sys.argv = argv
    if not getattr(sys.flags, "safe_path", False):
        sys.path.insert(0, subprocesses.Folder(folder, target))
    finder = importer.install(folder, target)
    finder.quiet = quiet
    try:
        for code in program.codes:
            exec(code, module.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
            trace = trace.tb_next
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)  # unlike the default hook, it knows the cells' lines
        else:
            sys.excepthook(type(error), error, trace)
        _hint(program, finder, trace)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _hint(program: Program, finder: importer.LocalModules, trace: types.TracebackType | None) -> None:
    """Print the findings of the innermost line of the traceback that has any."""
    programs = [*reversed(finder.programs), program]
    for frame in reversed(traceback.extract_tb(trace)):
        line = frame.lineno or 0
        findings = next(filter(None, (owner.findings_at(frame.filename, line) for owner in programs)), list[Finding]())
        for finding in findings:
            print(f"compat-auc: in {frame.filename}, line {line}: {finding.code} {finding.message}", file=sys.stderr)
        if findings:
            codes = " ".join(dict.fromkeys(finding.code for finding in findings))
            print(f"compat-auc: more about it: compat-auc explain {codes}", file=sys.stderr)
            return


def _main_module(program: Program, path: str, target: str, quiet: bool) -> types.ModuleType:
    module = types.ModuleType("__main__")
    names: dict[str, Any] = {"__builtins__": builtins}
    if not program.is_notebook:  # in Jupyter it has no __file__, so a child process does not run it again
        spec = subprocesses.spec(os.path.abspath(path), target)
        names.update(__file__=spec.origin, __cached__=None, __spec__=spec, __loader__=spec.loader)
    if program.talks:
        names.update(Shell(path, module.__dict__, quiet).names())
    module.__dict__.update(names)
    return module
