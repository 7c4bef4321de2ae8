"""help() on each public name tells what it is; so do IPython and editors, which read its docstring."""

import contextlib
import io

import pytest

import compat_auc


@pytest.mark.parametrize("name", compat_auc.__all__)
def test_help_is_useful(name):
    printed = io.StringIO()
    public = getattr(compat_auc, name)
    with contextlib.redirect_stdout(printed):
        help(public)
    first_line = public.__doc__.splitlines()[0]
    assert first_line in printed.getvalue() and ">>> " in public.__doc__
