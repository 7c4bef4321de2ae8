"""The recorded cases and scripts are data, not tests."""

import pytest

DATA = {"cases", "legacy"}


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path):
    return True if DATA & set(collection_path.parts) else None
