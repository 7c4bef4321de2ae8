"""Find old packages in cells that install them and in files that list requirements.

CA505: requirements of old versions

```diff
 # requirements.txt
 tensorflow==1.15
 keras==2.2.4
```

**Why.** In a folder that you name, compat-auc reads `requirements*.txt`, `setup.py`, `environment.yml` and `Pipfile`.
It looks for TensorFlow, Keras and h5py in versions that the migrated code cannot use. Reported only: the message says
what to write instead.

**Not rewritten.** The files, because other programs may depend on them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Iterator

from compat_auc.migrate.documents import ipython
from compat_auc.migrate.documents.document import Document
from compat_auc.migrate.edits import Edit, Finding
from compat_auc.migrate.rule import INSTALLS, REQUIREMENTS
from compat_auc.migrate.selection import Choice
from compat_auc.migrate.target_api import versions

# Files that list the packages of a folder.
_FILES = ("requirements*.txt", "environment*.yml", "environment*.yaml", "Pipfile", "setup.py")
_COLAB = re.compile(r"(%tensorflow_version\s+)1[.\w]*")


@dataclass(frozen=True)
class Requirements(Document):
    """A file that lists packages and holds no Python. It is reported, and stays."""

    python: str = ""

    def rebuild(self, code: str) -> str:
        return self.file.text


def is_requirements(name: str) -> bool:
    """Whether a file of this name lists packages."""
    return any(fnmatch(name, pattern) for pattern in _FILES)


def with_new_installs(document: Document, target: str, choice: Choice) -> Document:
    """Return the document with the target's versions in IPython's lines that install packages, and findings of them."""
    if INSTALLS not in choice:
        return document
    magics, findings = list(document.magics), list(document.findings)
    installs = False
    for number, line in ipython.marks(document.python):
        old = magics[number]
        installs = versions.installs(old) or (installs and magics[number - 1].endswith("\\"))
        new = _COLAB.sub(r"\g<1>2.x", old)
        if installs:
            new = versions.renewed(new, target)
        if new != old and INSTALLS not in old:  # a comment with the code says to ignore it
            magics[number] = new
            message = f"The command is now `{new.strip()}`."
            findings.append(document.locate(Finding(INSTALLS, message, 0, (Edit(0, 0, new),)).at(line, 1)))
    return replace(document, magics=tuple(magics), findings=tuple(findings))


def old_requirements(text: str, target: str, choice: Choice) -> Iterator[Finding]:
    """Yield a report for each old version that a file asks for, with what to write there."""
    for number, line in enumerate(text.splitlines(), 1):
        for package in versions.old_packages(line.partition("#")[0]):
            if REQUIREMENTS in choice and REQUIREMENTS not in line:
                asked = package[0].strip(" '\",")
                message = f"Not changed: {asked} is too old for the new code. Write {versions.new(package, target)}."
                yield Finding(REQUIREMENTS, message, 0).at(number, package.start("name") + 1)
