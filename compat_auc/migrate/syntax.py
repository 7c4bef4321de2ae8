"""Check that a text can be migrated: it is Python 3 and not nested too deeply. Else tell the line. Name the targets."""

from __future__ import annotations

import ast
import re
import symtable
import warnings
from functools import lru_cache

TARGETS = ("keras3", "tf_keras")
# IPython's cell magics around a body of Python.
PYTHON_CELLS = ("time", "timeit", "capture", "prun")
# With this variable of the environment, tf.keras is tf_keras.
LEGACY_KERAS = "TF_USE_LEGACY_KERAS"
NOT_PYTHON_3 = "Not Python 3"
TOO_DEEP = "An expression of hundreds of operations is nested too deeply. Give names to parts of the expression."

LINE_BREAK = re.compile(r"\r\n|\r|\n")  # Syntax of Python 3.12, which an older one that compat-auc runs on cannot read.
_NEWER = re.compile(r"[ \t]*(?:type[ \t]+\w+.*=|(?:async[ \t]+)?def[ \t]+\w+\[|class[ \t]+\w+\[)")
_NEWER_MESSAGE = " Run compat-auc on Python 3.12 or newer if the code is that new."

_TOKEN = re.compile(r"""#|'''|\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[(\[{)\]}]""")


class CannotMigrate(Exception):
    """Raised for a file that cannot be processed. ``line`` is where the reason shows, in a notebook that of a cell."""

    def __init__(self, reason: str, line: int = 1, cell: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.cell = cell


def check_syntax(text: str) -> None:
    """Raise CannotMigrate, with the line, if ``text`` is not Python 3."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they concern the user's strings and escapes, which stay
            symtable.symtable(text, "<text>", "exec")  # parses as ast.parse does, without building a tree of objects
    except TabError as error:
        reason = f"{error.msg}. `expand -i -t 8` writes spaces for the tabs, as Python 2 read them."
        raise CannotMigrate(f"{NOT_PYTHON_3}: {reason}", error.lineno or 1) from None
    except SyntaxError as error:
        newer = _NEWER_MESSAGE if _NEWER.match(error.text or "") or error.msg.startswith("f-string:") else ""
        raise CannotMigrate(f"{NOT_PYTHON_3}: {error.msg}.{newer}", error.lineno or 1) from None
    except ValueError as error:
        raise CannotMigrate(f"{NOT_PYTHON_3}: {error}.") from None
    except (RecursionError, MemoryError):
        raise CannotMigrate(TOO_DEEP) from None


def line_starts(text: str) -> list[int]:
    """Return the offset of each line's first character."""
    return [0, *(match.end() for match in LINE_BREAK.finditer(text))]


@lru_cache(maxsize=512)
def statement_starts(text: str) -> tuple[int, ...]:
    """Return where the first top-level statement stands, and each further one that starts a line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the user's strings and escapes, which stay as they are
        statements = ast.parse(text).body
    starts = line_starts(text)
    offsets: list[int] = []
    for statement in statements:
        decorators = getattr(statement, "decorator_list", ())
        line = (decorators[0] if decorators else statement).lineno - 1
        above = text[starts[line - 1] : starts[line]].rstrip("\r\n") if line else ""
        starts_line = text.startswith("@", starts[line]) if decorators else statement.col_offset == 0
        if not offsets or (starts_line and not above.endswith("\\")):
            offsets.append(starts[line])
    return tuple(offsets)


def scan(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Return how many brackets are open after a line, and the quote of a string that goes on, if any."""
    position = 0
    while True:
        if quote:
            end = re.compile(rf"(?:\\.|[^\\])*?{quote}", re.DOTALL).match(line, position)
            if not end:
                return depth, quote
            position, quote = end.end(), ""
        token = _TOKEN.search(line, position)
        if not token or token[0] == "#":
            return depth, ""
        position = token.end()
        if token[0] in ('"""', "'''"):
            quote = token[0]
        elif len(token[0]) == 1:
            depth = depth + 1 if token[0] in "([{" else max(0, depth - 1)
