"""Build the site: `python docs/make_site.py FOLDER`, or `nox -s docs`. A warning of Sphinx is an error.

The pages are README, guide, changelog and what lies in this folder, one page for each error text of the guide's index,
and a reference of the public names from their docstrings.
"""

from __future__ import annotations

import dataclasses
import inspect
import pathlib
import pkgutil
import re
import shutil
import subprocess
import sys
import tempfile

import compat_auc
from compat_auc.migrate import messages

ROOT = pathlib.Path(__file__).parents[1]
CONFIGURATION = """\
project = "compat-auc"
root_doc = "README"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 4
html_extra_path = ["extra"]
html_theme = "furo"
html_title = "compat-auc"
# Styles that show the lines of a diff in red and green.
pygments_style = "friendly"
pygments_dark_style = "github-dark"
exclude_patterns = ["docs/*.py"]
autodoc_typehints = "none"
# Attributes as one list: an entry of each in the index would be wider than a window.
napoleon_use_ivar = True
autodoc_member_order = "bysource"
# Diffs of old code hold Python 2 and notebooks, which no lexer reads.
# Pages that others link to need no place in the menu.
suppress_warnings = ["misc.highlighting_failure", "toc.not_included"]
default_role = "code"
nitpicky = True
nitpick_ignore = [("py:class", "numpy.ndarray"), ("py:class", "compat_auc.migrate.edits.Finding")]
"""
PAGES = (
    *("migration_guide", "docs/messages", "docs/programs", "docs/rules", "docs/api", "docs/json", "docs/zh"),
    *("CHANGELOG", "CONTRIBUTING"),
)
# What the public names return, and what the changelog calls public besides them.
OTHER_NAMES = (
    *("stack.Runtime", "counting.delong.DelongResult", "counting.operating_point.OperatingPoint"),
    *("counting.interval.FewRowsWarning", "callback.curves.Curve", "callback.curves.PrecisionRecall"),
    *(
        "legacy.explain",
        "legacy.Phase",
        "legacy.Phases",
        "migrate.migrate_source",
        "migrate.Migration",
        "migrate.CannotMigrate",
    ),
)
# What the pages link to.
LINKED = (
    *("README.md", "migration_guide.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "LICENSE"),
    *("docs", "examples", "benchmarks", "tests/versions", "tests/README.md", "tests/contract/README.md"),
)


def copy_pages(folder):
    """Copy what the pages consist of and link to, in the layout of the repository."""
    for name in LINKED:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    tree = "\n".join(PAGES)
    with open(folder / "README.md", "a", encoding="utf-8") as page:
        page.write(f"\n```{{toctree}}\n:hidden:\n:maxdepth: 1\n\n{tree}\n```\n")


def page_name(message):
    """The name of the page of an error text."""
    return re.sub(r"\W+", "-", message.text).strip("-").lower()[:80]


def write_messages(folder):
    """Write a page for each error text: the text as its title, and the section that it leads to."""
    (folder / "docs" / "messages").mkdir()
    names = []
    for message in messages.index():
        name = page_name(message)
        text = message.section.text.replace("](docs/", "](../").replace("](#", "](../../migration_guide.md#")
        text = text.replace("](../migration_guide.md", "](../../migration_guide.md")
        heading = f"{message.section.code}: " * bool(message.section.code) + message.section.heading
        (folder / "docs" / "messages" / f"{name}.md").write_text(
            f"# {message.text}\n\n**{heading}**\n\n{text}\n", "utf-8"
        )
        names.append(f"messages/{name}")
    tree = "\n".join(names)
    page = f"# Error texts\n\nEach error text of the guide has a page.\n\n```{{toctree}}\n:maxdepth: 1\n\n{tree}\n```\n"
    (folder / "docs" / "messages.md").write_text(page, "utf-8")


def members(public):
    """The option that lists the methods of a class. The docstring of a named tuple or data class has its fields."""
    if not inspect.isclass(public):
        return ""
    if not (issubclass(public, tuple) or dataclasses.is_dataclass(public)):
        return "   :members:\n"
    methods = [key for key, value in vars(public).items() if key[0] != "_" and inspect.isfunction(value)]
    return f"   :members: {', '.join(methods)}\n" if methods else ""


def write_reference(folder):
    """Write the page of the public names. A name without a docstring is an error."""
    parts = ["Reference\n=========\n"]
    for name in [*compat_auc.__all__, *OTHER_NAMES]:
        public = pkgutil.resolve_name(f"compat_auc.{name}")
        if not inspect.getdoc(public):
            raise SystemExit(f"compat_auc.{name} has no docstring")
        kind = "class" if inspect.isclass(public) else "function" if inspect.isfunction(public) else "data"
        parts.append(f".. auto{kind}:: compat_auc.{name}\n{members(public)}")
    (folder / "docs" / "api.rst").write_text("\n".join(parts), "utf-8")


def main(target):
    """Build the site in a folder, and return the exit status."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        copy_pages(folder)
        write_messages(folder)
        write_reference(folder)
        (folder / "conf.py").write_text(CONFIGURATION, "utf-8")
        # A web server shows index.html for the address of the site.
        (folder / "extra").mkdir()
        (folder / "extra" / "index.html").write_text(
            '<meta http-equiv="refresh" content="0; url=README.html">\n', "utf-8"
        )
        # Sphinx does not see the pictures of HTML in Markdown.
        for picture in re.findall(r'src(?:set)?="([^":]+)"', (ROOT / "README.md").read_text("utf-8")):
            (folder / "extra" / picture).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / picture, folder / "extra" / picture)
        return subprocess.run(
            [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(folder), target]
        ).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
