"""Find versions of packages that are too old for moved code, and say what to ask for instead."""

from __future__ import annotations

import re
from typing import Iterator

_INSTALLER = re.compile(r"\b(?:pip3?|conda|mamba)\b")
_INSTALL = re.compile(r"\binstall\b")
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


def installs(line: str) -> bool:
    """Whether a line of a shell installs packages."""
    installer = _INSTALLER.search(line)
    return installer is not None and _INSTALL.search(line, installer.end()) is not None


def renewed(text: str, target: str) -> str:
    """Replace old versions in a line that installs packages by what the target needs."""
    return _PACKAGE.sub(lambda package: _replaced(package, target), text)


def old_packages(text: str) -> Iterator[re.Match[str]]:
    """Yield the places where a text asks for old versions."""
    return (package for package in _PACKAGE.finditer(text) if _is_old(package))


def new(package: re.Match[str], target: str) -> str:
    """Return what to ask for instead of an old version."""
    return _NEW[target][_name(package)]


def _name(package: re.Match[str]) -> str:
    return re.split(r"[-_]", package["name"].lower())[0]


def _is_old(package: re.Match[str]) -> bool:
    """Whether the version is old. That of a ``-gpu`` package always is: only old TensorFlow has one."""
    first = _FIRST[_name(package)]
    bounds = [(sign, (int(major), int(minor or 0))) for sign, major, minor in _BOUND.findall(package["spec"])]
    # ``<3`` excludes the first version that is not old.
    below = any(bound < first or (sign == "<" and bound == first) for sign, bound in bounds)
    return "gpu" in package["name"].lower() or below


def _replaced(package: re.Match[str], target: str) -> str:
    if not _is_old(package):
        return package[0]
    newer = new(package, target)
    quote = package["quote"] or ('"' if ">" in newer else "")
    trail = package["spec"][len(package["spec"].rstrip()) :]
    return f"{quote}{newer}{'' if package['quote'] else quote}{trail}"
