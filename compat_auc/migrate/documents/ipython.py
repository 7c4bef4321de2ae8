"""Replace IPython's lines by marks while the Python is read; then put them back, or turn them into calls."""

from __future__ import annotations

import re
from typing import Iterator, Sequence

from compat_auc.migrate.syntax import LEGACY_KERAS, CannotMigrate, scan

# Magics, shell commands and help, also assigned (`files = !ls`). No statement of Python looks like them.
# The words at the end are magics without a `%`. The argument after them cannot continue a Python expression.
_LINE = re.compile(
    r"(?P<indent>[ \t]*)(?P<code>%{1,2}[A-Za-z_].*|!.*|\?.*"
    r"|[\w.]+(?:\[[^\]=]*\])?(?:\s*,\s*[\w.]+)*\s*=\s*(?:%[A-Za-z_]|!(?!=)).*"
    r"|[^\s#'\"=(]+\?{1,2}\s*(?:#.*)?"
    r"|(?:pip3?|conda|cd|ls|mkdir|cat|cp|mv|rm|wget|unzip)[ \t]+(?!(?:if|in|is|and|or|not)\b)(?:[\w./~]|-\w).*)$"
)
# `%time` before a statement of Python.
_PREFIX = re.compile(r"(?P<indent>[ \t]*)(?P<code>%time(?:it)?[ \t]+)(?P<rest>(?![-\s]).*)$")
_MARK = "#: compat-auc magic "
_MARKED = re.compile(rf"(?:pass(?P<rest>; .*)?  )?{_MARK}(?P<number>\d+)(?: {LEGACY_KERAS})?$", re.MULTILINE)
# `%env TF_USE_LEGACY_KERAS=1`: the mark says it, because it decides which Keras the code means.
_SWITCH = re.compile(rf"%(?:env|set_env)[ \t]+{LEGACY_KERAS}(?:[ \t]*=[ \t]*|[ \t]+)(?:1|[Tt]rue)\s*$")
_ASSIGNED = re.compile(r"(?P<target>[^=!%]+=\s*)(?P<command>[!%].*)$", re.DOTALL)


def hold(text: str, magics: list[str]) -> str:
    """Replace each IPython line by ``pass`` and a mark, and append the line itself to ``magics``."""
    lines: list[str] = []
    depth, quote, joined, continues = 0, "", False, False
    for line in text.split("\n"):
        free = not (depth or quote or joined)
        new, code = _with_mark(line, len(magics), continues) if free or continues else (line, None)
        lines.append(new)
        if code is not None:
            magics.append(code)
            continues = _goes_on(code)
            continue
        depth, quote = scan(line, depth, quote)
        joined = _goes_on(line)
    return "\n".join(lines)


def _with_mark(line: str, number: int, continues: bool) -> tuple[str, str | None]:
    """Return the line with a mark in place of IPython's part, and that part, or None if the line is Python."""
    if continues:
        code = line.lstrip(" \t")
        return f"{line[: len(line) - len(code)]}{_MARK}{number}", code
    prefix = _PREFIX.match(line)
    if prefix:
        indent, code, rest = prefix.groups()
        return f"{indent}pass; {rest}  {_MARK}{number}", code
    match = _LINE.match(line)
    if not match:
        return line, None
    end = f" {LEGACY_KERAS}" if _SWITCH.match(match["code"]) else ""
    return f"{match['indent']}pass  {_MARK}{number}{end}", match["code"]


def put_back(code: str, magics: Sequence[str]) -> str:
    """Put IPython's lines back at their marks. CannotMigrate if a rule removed a mark with the code around it."""
    marks = list(_MARKED.finditer(code))
    is_rest = [number > 0 and _goes_on(magics[number - 1]) for number in range(len(magics))]
    present = [(int(mark["number"]), not mark[0].startswith("pass")) for mark in marks]
    if present != list(enumerate(is_rest)):
        raise CannotMigrate("A line for IPython stands in code that would go. Move the line by hand.")
    return _MARKED.sub(lambda mark: magics[int(mark["number"])] + (mark["rest"] or "")[2:], code)


def marks(code: str) -> Iterator[tuple[int, int]]:
    """Yield the number of each of IPython's lines, and the line of its mark in the code."""
    for mark in _MARKED.finditer(code):
        yield int(mark["number"]), code.count("\n", 0, mark.start()) + 1


def _goes_on(line: str) -> bool:
    return line.rstrip("\r").endswith("\\")


def as_calls(code: str, magics: Sequence[str]) -> str:
    """Turn IPython's lines into calls of ``get_ipython()``, so that a script can run them. Lines keep their number."""
    return _MARKED.sub(lambda mark: f"pass{mark['rest']}" if mark["rest"] else _call(mark, magics), code)


def _call(mark: re.Match[str], magics: Sequence[str]) -> str:
    line = magics[int(mark["number"])].strip()
    if not mark[0].startswith("pass"):
        return mark[0]  # the rest of a command that its first line runs
    number = int(mark["number"])
    while line.endswith("\\"):
        number += 1
        line = line[:-1].rstrip() + " " + magics[number].strip()
    assigned = _ASSIGNED.match(line)
    target, line = assigned.groups() if assigned else ("", line)
    if line.startswith("!"):
        return f"{target}get_ipython().{'getoutput' if target else 'system'}({line.lstrip('!').strip()!r})"
    if line.startswith("%"):
        name, _, rest = line.lstrip("%").partition(" ")
        return f"{target}get_ipython().run_line_magic({name!r}, {rest.strip()!r})"
    return "pass" if "?" in line else f"get_ipython().system({line!r})"
