"""What each finding code means, from the docstrings of the modules that yield it.

The docstrings are read and not imported: `explain` works without libcst.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_SECTION = re.compile(r"^(CA\d{3}): ([^\n]+)\n(.*?)(?=^CA\d{3}: |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Section:
    """What a module says about one code. The heading and the text are Markdown."""

    code: str
    heading: str
    text: str

    @property
    def title(self) -> str:
        return self.heading.replace("`", "")


@lru_cache(maxsize=None)  # not `cache`, which Python 3.7 lacks
def sections() -> dict[str, Section]:
    """Return all sections by code, in the order of codes."""
    modules = [*_FOLDER.glob("rules/*.py"), *_FOLDER.glob("documents/*.py"), _FOLDER / "selection.py"]
    docstrings = (ast.get_docstring(ast.parse(path.read_bytes())) or "" for path in modules)
    parts = sorted(part for docstring in docstrings for part in _SECTION.findall(docstring))
    return {code: Section(code, heading, text.strip()) for code, heading, text in parts}
