"""The README on the package index: each link and picture leads to a file that the repository and the sdist have."""

import fnmatch
import pathlib
import re

import index_page

ROOT = pathlib.Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
TARGET = re.compile(r'(?:\]\(|\bsrc(?:set)?=")([^)"\s]+)')
ADDRESS = "https://example.org/someone/compat-auc"


def test_links_and_pictures_are_absolute():
    before = TARGET.findall(README)
    after = TARGET.findall(index_page.absolute(README, ADDRESS, "v1.2.3"))
    assert len(before) == len(after) > 20
    for old, new in zip(before, after):
        kind = "raw" if old.startswith("examples/epoch") else "blob"
        assert new == (old if old.startswith(("#", "https://")) else f"{ADDRESS}/{kind}/v1.2.3/{old}")


def test_what_links_lead_to_is_in_the_sdist():
    listed = re.search(r"^\[tool\.flit\.sdist\]\ninclude = \[(.+)\]$", PYPROJECT, re.MULTILINE).group(1)
    patterns = [pattern + "*" * pattern.endswith("/") for pattern in re.findall(r'"(.+?)"', listed)]
    for target in TARGET.findall(README):
        path = target.partition("#")[0]
        if path and not target.startswith("https://"):
            assert (ROOT / path).is_file(), target
            assert any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns), target


def test_a_folder_without_an_address_keeps_its_readme(tmp_path):
    (tmp_path / "compat_auc").mkdir()
    (tmp_path / "compat_auc" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "README.md").write_text("[guide](guide.md), [why](#why)\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    index_page.main(str(tmp_path))
    assert (tmp_path / "README.md").read_text() == "[guide](guide.md), [why](#why)\n"
    (tmp_path / "pyproject.toml").write_text(f'[project.urls]\nRepository = "{ADDRESS}/"\n')
    index_page.main(str(tmp_path))
    assert (tmp_path / "README.md").read_text() == f"[guide]({ADDRESS}/blob/v1.2.3/guide.md), [why](#why)\n"
