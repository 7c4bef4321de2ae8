"""Which names of a module other files of the same project use, so that they stay defined when a metric moves."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Iterable

_FROM = re.compile(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#;]+)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([.\w]+)(?:[ \t]+as[ \t]+(\w+))?", re.MULTILINE)
_FROM_MODULE = re.compile(r"(\w+)(?:\s+as\s+(\w+))?")


def names_used_elsewhere(paths: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each module name, without its package, the names that any of the files takes from it."""
    used: dict[str, set[str]] = {}
    for path in paths:
        if path.endswith(".py"):
            _collect(_read(path), used)
    return {module: frozenset(names) for module, names in used.items()}


def module_name(path: str) -> str:
    """The name by which other files import this one: the file's, or for a package its folder's."""
    stem = Path(path).stem
    return Path(os.path.abspath(path)).parent.name if stem == "__init__" else stem


def _read(path: str) -> str:
    try:
        return Path(path).read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""  # reported when the file itself is processed


def _collect(text: str, used: dict[str, set[str]]) -> None:
    for module, names in _FROM.findall(text):
        last = module.rsplit(".", 1)[-1]
        for name, alias in _FROM_MODULE.findall(re.sub(r"#[^\n]*", "", names)):
            used.setdefault(last, set()).add(name)
            _collect_attributes(text, alias or name, name, used)
    for module, alias in _IMPORT.findall(text):
        _collect_attributes(text, alias or module, module.rsplit(".", 1)[-1], used)


def _collect_attributes(text: str, local: str, module: str, used: dict[str, set[str]]) -> None:
    """``module.name``, under the name by which the file knows the module."""
    found = re.findall(rf"\b{re.escape(local)}\.(\w+)", text)
    if found:
        used.setdefault(module, set()).update(found)
