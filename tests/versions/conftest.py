"""What the checks of every release are given: our metric and, where it is known to fail, Keras's own beside it."""

import pytest

from compat_auc import auc_roc


def pytest_generate_tests(metafunc):
    """A check that a release cannot pass is run for Keras's own metric, too, which has to fail as well."""
    if "give" in metafunc.fixturenames:
        marks = metafunc.definition.iter_markers("fails_on")
        own = [Own] * any(metafunc.config.stack.is_named_by(mark) for mark in marks)
        metafunc.parametrize("give", [Ours, *own], ids=lambda giver: giver.__name__.lower(), indirect=True)


class Ours:
    """What a program gives to compile: auc_roc."""

    def __init__(self, stack):
        self.custom_objects = {"auc_roc": auc_roc}

    def metric(self, **options):
        return auc_roc(**options) if options else auc_roc


class Own:
    """The same of Keras's own metric, which tells what of a failure is not ours."""

    custom_objects = {}

    def __init__(self, stack):
        self.keras = stack.keras

    def metric(self, **options):
        return self.keras.metrics.AUC(name="auc_roc", **options)


@pytest.fixture
def give(request, stack):
    return request.param(stack)


@pytest.fixture(scope="session")
def data(data):
    """The first 300 rows: each check is small."""
    x, y = data
    return x[:300], y[:300]
