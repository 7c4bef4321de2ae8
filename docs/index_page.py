"""Make the README's links absolute, for the page on the package index: `python docs/index_page.py FOLDER`.

The index has no other file of the repository. FOLDER is an unpacked sdist. Its links then lead to the tag of its
version at the address `Repository` of `[project.urls]` in its pyproject.toml. Without an address they stay relative.
"""

from __future__ import annotations

import pathlib
import re
import sys

# A target with a scheme is absolute, and `#` leads to a heading of the README itself.
LINK = re.compile(r"(?P<before>\]\()(?P<target>(?!\w+:|#)[^)\s]+)")
PICTURE = re.compile(r'(?P<before>\bsrc(?:set)?=")(?P<target>(?!\w+:)[^"]+)')


def absolute(text, address, tag):
    """Return a README with links and pictures that lead to a tag of the repository at an address."""
    for pattern, kind in ((LINK, "blob"), (PICTURE, "raw")):
        text = pattern.sub(rf"\g<before>{address}/{kind}/{tag}/\g<target>", text)
    return text


def main(name):
    """Change the README of a folder, if its pyproject.toml has the repository's address."""
    folder = pathlib.Path(name)
    address = re.search(r'^Repository = "(.+?)/?"$', (folder / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    version = re.search(
        r'^__version__ = "(.+)"$', (folder / "compat_auc" / "__init__.py").read_text("utf-8"), re.MULTILINE
    )
    if address is None:
        print("README.md keeps its relative links: pyproject.toml has no Repository in [project.urls]")
        return
    readme = folder / "README.md"
    readme.write_text(absolute(readme.read_text("utf-8"), address[1], f"v{version[1]}"), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
