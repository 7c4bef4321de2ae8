"""Read the sections about the codes from guide.md, which ships with the package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SECTION = re.compile(r"^### (CA\d{3}): ([^\n]+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Section:
    """What the guide says about one code."""

    code: str
    title: str
    text: str


@cache
def sections() -> dict[str, Section]:
    """Return all sections by code, in the guide's order."""
    guide = Path(__file__).with_name("guide.md").read_text(encoding="utf-8")
    found = _SECTION.findall(guide)
    return {code: Section(code, title.replace("`", ""), text.strip()) for code, title, text in found}
