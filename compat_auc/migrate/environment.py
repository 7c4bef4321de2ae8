"""The packages that old code asks for: in cells that install them, and in the files that list requirements."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatch
from typing import Iterator

from compat_auc.migrate import ipython
from compat_auc.migrate.choice import Choice
from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.reading import Reading
from compat_auc.migrate.rule import INSTALLS, REQUIREMENTS

# Beside scripts and notebooks, what names the packages of a folder.
FILES = ("requirements*.txt", "environment*.yml", "environment*.yaml", "Pipfile", "setup.py")
_INSTALL = re.compile(r"\b(?:pip3?|conda|mamba)\b.*\binstall\b")
_COLAB = re.compile(r"(%tensorflow_version\s+)1[.\w]*")
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


def renewed(reading: Reading, target: str, choice: Choice) -> Reading:
    """The reading with what the target needs in the lines that install something, and a finding for each of them."""
    if INSTALLS not in choice:
        return reading
    held, findings = list(reading.held), list(reading.findings)
    installs = False
    for number, line in ipython.marks(reading.python):
        old = held[number]
        installs = bool(_INSTALL.search(old)) or (installs and held[number - 1].endswith("\\"))
        new = _COLAB.sub(r"\g<1>2.x", old)
        if installs:
            new = _PACKAGE.sub(lambda found: _replaced(found, target), new)
        if new != old and INSTALLS not in old:  # which a comment has that says to ignore it
            held[number] = new
            message = f"the moved code needs other versions: {new.strip()}"
            findings.append(Finding(INSTALLS, message, 0, (Edit(0, 0, new),)).at(reading.line(line), 1))
    return replace(reading, held=held, findings=tuple(findings))


def is_requirements(name: str) -> bool:
    """Whether a file of this name lists packages."""
    return any(fnmatch(name, pattern) for pattern in FILES)


def requirements(text: str, target: str, choice: Choice) -> Iterator[Finding]:
    """A report for each old version that a file asks for, and what to write there."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in _PACKAGE.finditer(line.partition("#")[0]):
            if _is_old(found) and REQUIREMENTS in choice and REQUIREMENTS not in line:
                asked = found[0].strip(" '\",")
                message = f"{asked}: the moved code needs {_new(found, target)}; nothing is changed here"
                yield Finding(REQUIREMENTS, message, 0).at(number, found.start("name") + 1)


def _new(found: re.Match[str], target: str) -> str:
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
    new, quote = _new(found, target), found["quote"] or ('"' if ">" in _new(found, target) else "")
    trail = found["spec"][len(found["spec"].rstrip()) :]
    return f"{quote}{new}{'' if found['quote'] else quote}{trail}"
