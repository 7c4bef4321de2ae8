"""A plugin of pytest for the session `mutants`.

No test uses what an earlier test computed, so that each test that reaches a mutant runs it.
"""

import sys

import pytest
from hypothesis import settings

REMEMBER = ("compat_auc.counting.buckets", "compat_auc.migrate.conditions")


def pytest_configure(config):
    settings.register_profile("mutants", settings.get_profile("compat_auc"), max_examples=30, database=None)
    settings.load_profile("mutants")


@pytest.fixture(autouse=True)
def forget():
    for module in REMEMBER:
        for value in vars(sys.modules.get(module, sys)).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
