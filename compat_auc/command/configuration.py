"""Read ``[tool.compat-auc]`` of the nearest pyproject.toml: target, select, ignore and exclude."""

from __future__ import annotations

import argparse
import importlib
import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Sequence, cast

from compat_auc.migrate.documents.files import Patterns
from compat_auc.migrate.syntax import TARGETS

_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*[\"']?compat-auc[\"']?\s*\]", re.MULTILINE)
_KEYS = ("target", "select", "ignore", "exclude")
_DEFAULTS: dict[str, Any] = {"target": "keras3", "select": ("CA",), "ignore": (), "exclude": ()}


class ConfigurationError(Exception):
    """Raised for a table that cannot be used. The text names the file."""


def complete(options: argparse.Namespace) -> None:
    """Give each option that the command line leaves open its value from pyproject.toml, or the default.

    ``options.exclude`` becomes a list of Patterns: those of the command line are about the current folder, those of
    pyproject.toml about its own.
    """
    path = _nearest(options.paths)
    table = _read(path) if path else {}
    excluded = [Patterns(os.curdir, options.exclude)] if options.exclude else []
    if path and "exclude" in table:
        excluded.append(Patterns(str(path.parent), table["exclude"]))
    for key in ("target", "select", "ignore"):
        if getattr(options, key) is None:
            setattr(options, key, table.get(key, _DEFAULTS[key]))
    options.exclude = excluded


def _nearest(paths: Sequence[str]) -> Path | None:
    """Return the pyproject.toml in the folder of the first path, or in the nearest one above it, that has a table."""
    first = Path(os.path.abspath(os.curdir if paths[0] == "-" else paths[0]))
    for folder in (first, *first.parents):
        path = folder / "pyproject.toml"
        if path.is_file() and _TABLE.search(path.read_text("utf-8", "replace")):
            return path
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        toml: Any = importlib.import_module("tomllib" if find_spec("tomllib") else "tomli")
    except ImportError:
        raise ConfigurationError(
            f"{path}: Python 3.9 and 3.10 need tomli to read the file. Type pip install tomli"
        ) from None
    try:
        table: dict[str, Any] = toml.loads(path.read_text("utf-8"))["tool"]["compat-auc"]
    except (toml.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from None
    unknown = [key for key in table if key not in _KEYS]
    if unknown:
        raise ConfigurationError(f"{path}: [tool.compat-auc] has {', '.join(unknown)}; it takes {', '.join(_KEYS)}")
    if table.get("target", TARGETS[0]) not in TARGETS:
        raise ConfigurationError(f"{path}: target is {table['target']!r}; expected one of {', '.join(TARGETS)}")
    for key in ("select", "ignore", "exclude"):
        values: Any = table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in cast("list[Any]", values)):
            raise ConfigurationError(f"{path}: {key} is {values!r}; expected a list of strings")
    return {key: _codes(path, key, value) if key in ("select", "ignore") else value for key, value in table.items()}


def _codes(path: Path, key: str, values: list[str]) -> tuple[str, ...]:
    try:
        return codes(",".join(values)) if values else _DEFAULTS[key]
    except argparse.ArgumentTypeError as error:
        raise ConfigurationError(f"{path}: {key}: {error}") from None


def codes(text: str) -> tuple[str, ...]:
    """Split ``CA1,CA402``: each part is a code or the beginning of codes."""
    from compat_auc.migrate.codes import sections

    parts = tuple(part.strip().upper() for part in text.split(","))
    for part in parts:
        if not part or not any(section.startswith(part) for section in sections()):
            raise argparse.ArgumentTypeError(f"no code begins with {part!r}. --list-rules prints all codes.")
    return parts
