"""Find the names of a module that other files of the project use. They stay defined when a metric moves."""

from __future__ import annotations

import json
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Iterable, Iterator

from compat_auc.migrate.documents import files

_FROM = re.compile(r"(?:^|[;:])[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n#;]+)", re.MULTILINE)
_IMPORT = re.compile(r"(?:^|[;:])[ \t]*import[ \t]+([^\n#;]+)", re.MULTILINE)
_MODULE = re.compile(r"([.\w]+)(?:\s+as\s+(\w+))?")
_JOINED_LINES = re.compile(r"\\\r?\n")
_FROM_MODULE = re.compile(r"(\w+)(?:\s+as\s+(\w+))?")


class Project:
    """A set of files that may import each other. They are read on the first question: most runs never ask one."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = paths

    def names_taken_from(self, path: str) -> frozenset[str]:
        """Return the names that any of the files takes from the module at ``path``; none from a notebook."""
        return frozenset(self._used.get(module_name(path), ()) if path.endswith(".py") else ())

    def read(self) -> None:
        """Read the files now, before several processes ask and before one of the files is written."""
        _ = self._used

    @cached_property
    def _used(self) -> dict[str, set[str]]:
        scripts = [path for path in self.paths if path.endswith(".py")]
        used: dict[str, set[str]] = {module_name(path): set() for path in scripts}
        for path in self.paths:
            if path.endswith((".py", ".ipynb")):
                _collect(_JOINED_LINES.sub(" ", _read(path)), used)
        return used


def module_name(path: str) -> str:
    """Return the name by which other files import this one: the file's name, or the folder's for a package."""
    stem = Path(path).stem
    return Path(os.path.abspath(path)).parent.name if stem == "__init__" else stem


def _read(path: str) -> str:
    try:
        text = files.read(path).decode("utf-8", "replace")
        return "\n".join(_cells(json.loads(text))) if path.endswith(".ipynb") else text
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return ""  # reported when the file itself is processed


def _cells(notebook: Any) -> Iterator[str]:
    """Yield the code of the cells of a notebook. What is no notebook raises a TypeError or KeyError."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def _collect(text: str, used: dict[str, set[str]]) -> None:
    """Add the names that ``text`` takes from the modules in ``used``."""
    for module, names in _FROM.findall(text):
        last = module.rsplit(".", 1)[-1]
        if last in used and "*" in names:
            used[last].update(re.findall(r"\w+", text))  # any of these may come from there
        for name, alias in _FROM_MODULE.findall(re.sub(r"#[^\n]*", "", names)):
            if last in used:
                used[last].add(name)
            _collect_attributes(text, alias or name, name, used)
    for module, alias in _MODULE.findall("\n".join(_IMPORT.findall(text))):
        _collect_attributes(text, alias or module, module.rsplit(".", 1)[-1], used)


def _collect_attributes(text: str, local: str, module: str, used: dict[str, set[str]]) -> None:
    """Add each name in ``module.name``. ``local`` is the module's name in this file."""
    if module in used:
        used[module].update(re.findall(rf"\b{re.escape(local)}\.(\w+)", text))
