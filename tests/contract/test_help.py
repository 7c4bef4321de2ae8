"""help() on each public name tells what it is; so do IPython and editors, which read its docstring."""

import contextlib
import inspect
import io

import pytest

import compat_auc


@pytest.mark.parametrize("name", compat_auc.__all__)
def test_help_is_useful(name):
    """help() takes a str, which auc_roc is, for the path of what to look up, so it is given the path."""
    printed = io.StringIO()
    public = getattr(compat_auc, name)
    with contextlib.redirect_stdout(printed):
        help("compat_auc." + name if isinstance(public, str) else public)
    first_line = public.__doc__.splitlines()[0]
    assert first_line in printed.getvalue() and ">>> " in public.__doc__
    assert first_line in inspect.getdoc(public)  # IPython's auc_roc? shows this.
