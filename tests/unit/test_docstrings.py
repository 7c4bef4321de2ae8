"""The examples in the docstrings run, and give what they say."""

import doctest
import importlib
import pathlib

import pytest

import compat_auc

FOLDER = pathlib.Path(compat_auc.__file__).parent
MODULES = sorted(
    str(path.relative_to(FOLDER.parent).with_suffix("")).replace("/", ".") for path in FOLDER.rglob("*.py")
)


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_examples(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
