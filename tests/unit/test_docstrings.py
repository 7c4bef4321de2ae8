"""The examples in the docstrings run, and give what they say."""

import doctest
import importlib
import pathlib

import pytest

import compat_auc

FOLDER = pathlib.Path(compat_auc.__file__).parent
MODULES = sorted(
    str(path.relative_to(FOLDER.parent).with_suffix("")).replace("/", ".").replace(".__init__", "")
    for path in FOLDER.rglob("*.py")
)


# The module for Beam is tested where Beam is: in its session of noxfile.py.
ELSEWHERE = ("compat_auc.__main__", "compat_auc.backends.jax", "compat_auc.backends.torch", "compat_auc.beam")


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ELSEWHERE])
def test_examples(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
