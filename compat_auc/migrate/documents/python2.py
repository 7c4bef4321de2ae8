"""Move Python 2 to Python 3 before anything else, with fissix, the maintained 2to3.

CA501: Python 2

```diff
-print "mean of %d" % len(scores)
-for i in xrange(3):
-    print scores[i]
+print("mean of %d" % len(scores))
+for i in range(3):
+    print(scores[i])
```

**Why.** If a file is not Python 3, `fissix`, a maintained `2to3`, first turns it into Python 3. Then the other rules
read it, and one diff shows both steps. Where Python 3 does not accept a mixture of tabs and spaces, each tab becomes
the spaces that Python 2 read it as. `compat-auc run` does the same in memory.

**Not rewritten.** Code that depends on values: integer division (CA502), and `bytes` where Python 2 had `str`. Also, in
a package, imports without a dot of modules in the same folder.

CA502: integer division

```diff
 import numpy as np

-print "python 2"
+print("python 2")
 half = len(scores) / 2
```

**Why.** Python 2 rounded the quotient of two integers down. Python 3 gives a float, which cannot be an index or a
number of steps. In a Python 2 file, a division is reported unless the file shows that a side is a float: by a literal,
by `float(x)`, by a function such as `np.mean`, or by what its names are bound to.

**Not rewritten.** The division: write `//` where both sides are integers.
"""

from __future__ import annotations

import ast
import difflib
import functools
import logging
from typing import Any, Iterator

from compat_auc.migrate.documents.floats import Floats
from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import DIVISION, PYTHON_2
from compat_auc.migrate.syntax import CannotMigrate, check_syntax, scan

# This fixer looks for modules beside the file, and a text has no file.
_LEFT_OUT = {"fissix.fixes.fix_import"}
_TAB = 8


def to_python_3(text: str) -> tuple[str, tuple[int, ...], tuple[Finding, ...]] | None:
    """Return the text in Python 3, the old line of each of its lines, and findings; None if it is not Python 2."""
    try:
        newline = "\r\n" if "\r\n" in text else "\n"
        plain = text.replace("\r\n", "\n")
        new = _refactored(plain if plain.endswith("\n") else plain + "\n")
    except Exception:  # fissix raises many kinds of errors for a text that is not Python.
        return None
    new = new if plain.endswith("\n") else new.removesuffix("\n")
    try:
        check_syntax(new)
    except CannotMigrate:
        new = _without_tabs(new)
    try:
        check_syntax(new)
    except CannotMigrate:
        return None
    lines = _origins(plain, new)
    start = next((number for number, line in enumerate(_differing(plain, new), 1) if line), 1)
    message = "The code is now Python 3. It was Python 2."
    moved = (Finding(PYTHON_2, message, 0, (Edit(0, len(text), new, text),)).at(start, 1),) if new != plain else ()
    divisions = () if "division" in _future(plain) else tuple(_divisions(new, lines))
    return new.replace("\n", newline), lines, (*moved, *divisions)


@functools.lru_cache(maxsize=None)  # Not `cache`, which Python 3.7 lacks: doctor imports this module there.
def _tools() -> list[Any]:
    from fissix import refactor

    logging.getLogger("fissix.main").setLevel(logging.ERROR)
    logging.getLogger("RefactoringTool").setLevel(logging.CRITICAL)
    fixers = [name for name in refactor.get_fixers_from_package("fissix.fixes") if name not in _LEFT_OUT]
    tools = [refactor.RefactoringTool(fixers, {"print_function": called}) for called in (False, True)]
    for fixer in (fixer for tool in tools for fixer in tool.post_order if type(fixer).__name__ == "FixPrint"):
        fixer.transform = functools.partial(_print_as_it_is, fixer.transform)
    return tools


def _print_as_it_is(transform: Any, node: Any, results: Any) -> Any:
    """Leave ``print ("a" + b)`` alone: it is a call in Python 3. The fixer writes a second pair of parentheses."""
    atom: Any = node.children[1] if len(node.children) == 2 else None
    inner: list[Any] = atom.children if atom is not None and str(atom).strip().startswith("(") else []
    if len(inner) != 3 or str(inner[-1]) != ")":
        return transform(node, results)
    parts = [str(part) for part in inner[1].children]
    is_call = not any(part.strip() == "," or part.startswith(" for ") for part in parts)
    return None if is_call else transform(node, results)


def _refactored(text: str) -> str:
    statement, function = _tools()
    try:
        return str(statement.refactor_string(text, "script"))
    except Exception:  # a Python 2 text that calls print as a function
        return str(function.refactor_string(text, "script"))


def _without_tabs(text: str) -> str:
    """Turn every indent into spaces. A tab goes to the next multiple of eight columns, as in Python 2."""
    lines: list[str] = []
    depth, quote = 0, ""
    for line in text.split("\n"):
        code = line.lstrip(" \t")
        indent = line[: len(line) - len(code)]
        lines.append(line if quote else indent.expandtabs(_TAB) + code)
        depth, quote = scan(line, depth, quote)
    return "\n".join(lines)


def _origins(old: str, new: str) -> tuple[int, ...]:
    if old.count("\n") == new.count("\n"):
        return tuple(range(1, old.count("\n") + 2))
    matcher = difflib.SequenceMatcher(None, old.split("\n"), new.split("\n"), autojunk=False)
    origins: list[int] = []
    last_line = old.count("\n")
    for _, first, last, start, stop in matcher.get_opcodes():
        origins.extend(min(first + index, max(first, last - 1), last_line) + 1 for index in range(stop - start))
    return tuple(origins)


def _differing(old: str, new: str) -> list[bool]:
    return [before != after for before, after in zip(old.split("\n"), new.split("\n"))]


def _future(text: str) -> str:
    return " ".join(line for line in text.split("\n") if line.startswith("from __future__ import"))


def _divisions(code: str, lines: tuple[int, ...]) -> Iterator[Finding]:
    """Report each division that Python 2 rounds down if both sides are integers."""
    tree = ast.parse(code)
    floats = Floats(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
            if not any(floats.has(side) for side in sides):
                text = ast.get_source_segment(code, node) or "/"
                message = f"Not changed: Python 2 rounds `{text}` of two integers down. Write // for integers."
                yield Finding(DIVISION, message, 0).at(lines[node.lineno - 1], node.col_offset + 1)
