"""Read a script's text as Python 3, with marks for IPython's lines."""

from __future__ import annotations

from compat_auc.migrate.documents import ipython, python2
from compat_auc.migrate.documents.document import Document, Text
from compat_auc.migrate.rule import PYTHON_2
from compat_auc.migrate.selection import EVERYTHING, Choice, Ignored
from compat_auc.migrate.syntax import TOO_DEEP, CannotMigrate, check_syntax


def read_script(file: Text, choice: Choice = EVERYTHING) -> Document:
    """Read a script. CannotMigrate, with the line, if it is not Python."""
    try:
        check_syntax(file.text)
        return Document(file, file.text)
    except CannotMigrate as error:
        reason = error
    magics: list[str] = []
    python = ipython.hold(file.text, magics)
    try:
        check_syntax(python)
        return Document(file, python, magics=tuple(magics))
    except CannotMigrate as error:
        reason = error if magics else reason
    moved = python2.to_python_3(python) if reason.reason != TOO_DEEP and PYTHON_2 in choice else None
    if moved is None:
        raise reason
    python, lines, findings = moved
    ignored = Ignored(python, choice)
    return Document(file, python, lines, tuple(magics), tuple(filter(ignored.wants, findings)))
