"""Which versions of the packages are too old for moved code, and what to ask for instead."""

from __future__ import annotations

import re
from typing import Iterator

INSTALL = re.compile(r"\b(?:pip3?|conda|mamba)\b.*\binstall\b")
_PACKAGE = re.compile(
    r"(?<![\w./-])(?P<quote>['\"]?)(?P<name>tensorflow[-_]gpu|tensorflow|keras|h5py)(?P<extras>\[[\w,]+\])?"
    r"(?P<spec>\s*(?:=\s*['\"])?(?:[=<>~!]=?=?\s*[\w.*]+,?\s*)*)(?![\w./=-])",
    re.IGNORECASE,
)
_BOUND = re.compile(r"(==?=?|~=|<=?)\s*(\d+)(?:\.(\d+))?")
# The first versions that are not old: TensorFlow brings Keras 3 from 2.16 on, and h5py 2 is for Keras 2.1 to 2.3.
_FIRST = {"tensorflow": (2, 16), "keras": (3, 0), "h5py": (3, 0)}
_NEW = {
    "keras3": {"tensorflow": "tensorflow>=2.16", "keras": "keras>=3", "h5py": "h5py>=3"},
    "tf_keras": {"tensorflow": "tensorflow>=2.16", "keras": "tf_keras", "h5py": "h5py>=3"},
}


def renewed(text: str, target: str) -> str:
    """A line that installs packages, with what the target needs for old versions."""
    return _PACKAGE.sub(lambda found: _replaced(found, target), text)


def old_ones(text: str) -> Iterator[re.Match[str]]:
    """Where a text asks for old versions."""
    return (found for found in _PACKAGE.finditer(text) if _is_old(found))


def new(found: re.Match[str], target: str) -> str:
    """What to ask for in the place of an old version."""
    return _NEW[target][_name(found)]


def _name(found: re.Match[str]) -> str:
    return re.split(r"[-_]", found["name"].lower())[0]


def _is_old(found: re.Match[str]) -> bool:
    """Whether a package is asked for in a version before the first one that is not old."""
    bounds = [(int(major), int(minor or 0)) for _, major, minor in _BOUND.findall(found["spec"])]
    return "gpu" in found["name"].lower() or any(bound < _FIRST[_name(found)] for bound in bounds) or _excludes(found)


def _excludes(found: re.Match[str]) -> bool:
    """``<3``: the first version itself is left out."""
    bounds = [(int(major), int(minor or 0)) for sign, major, minor in _BOUND.findall(found["spec"]) if sign == "<"]
    return any(bound <= _FIRST[_name(found)] for bound in bounds)


def _replaced(found: re.Match[str], target: str) -> str:
    if not _is_old(found):
        return found[0]
    newer, quote = new(found, target), found["quote"] or ('"' if ">" in new(found, target) else "")
    trail = found["spec"][len(found["spec"].rstrip()) :]
    return f"{quote}{newer}{'' if found['quote'] else quote}{trail}"
