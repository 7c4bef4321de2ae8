"""A plugin of pytest: one stack a process, in whichever release is installed, and what the checks are given."""

import inspect

import known
import numpy as np
import pytest
import stacks

from compat_auc import auc_roc

STACKS = ("tf1", "tf1-keras", "tf2", "tf2-graph", "tf_keras", "tf_keras-graph", "keras3", "keras3-jax", "keras3-torch")


def pytest_addoption(parser):
    parser.addoption("--stack", choices=STACKS, required=True)


def pytest_configure(config):
    config.addinivalue_line("markers", "only(condition): the check is for stacks that meet it")
    config.stack = stacks.load(config.getoption("--stack"))


def pytest_generate_tests(metafunc):
    """Each check is for our metric; where it is known to fail, for Keras's own, too, which has to fail as well."""
    if "give" in metafunc.fixturenames:
        own = ["own"] if known.find(metafunc.config.stack, metafunc.function.__name__) else []
        metafunc.parametrize("give", ["ours", *own], indirect=True)


def pytest_collection_modifyitems(config, items):
    elsewhere = []
    for item in items:
        if not all(mark.args[0](config.stack) for mark in item.iter_markers("only")):
            elsewhere.append(item)
        entry = known.find(config.stack, item.originalname)
        if entry:
            item.add_marker(pytest.mark.xfail(raises=entry.error, reason=entry.reason, strict=True))
    items[:] = [item for item in items if item not in elsewhere]


class Ours:
    """What a program gives to compile: auc_roc."""

    def __init__(self, stack):
        self.stack = stack

    def metric(self):
        return auc_roc

    def text(self):
        return "auc_roc"

    def configured(self, **options):
        return auc_roc(**options)

    def custom_objects(self):
        return {"auc_roc": auc_roc}


class Own:
    """The same of Keras's own metric, which tells what of a failure is not ours."""

    def __init__(self, stack):
        self.stack = stack

    def metric(self):
        return self.stack.keras.metrics.AUC(name="auc_roc")

    def text(self):
        return "AUC"

    def configured(self, **options):
        return self.stack.keras.metrics.AUC(name="auc_roc", **options)

    def custom_objects(self):
        return {}


@pytest.fixture
def give(request, stack):
    return {"ours": Ours, "own": Own}[request.param](stack)


@pytest.fixture(scope="session")
def stack(request):
    return request.config.stack


@pytest.fixture
def keras(stack):
    return stack.keras


@pytest.fixture(autouse=True)
def fresh_session(keras):
    yield
    keras.backend.clear_session()


@pytest.fixture(scope="session")
def data():
    """300 rows of features, and labels that they say something about."""
    rng = np.random.RandomState(1)
    x = rng.randn(300, 6).astype("float32")
    y = (x[:, 0] - x[:, 1] + 1.5 * rng.randn(300) > 0.5).astype("float32")
    return x, y


@pytest.fixture
def make(stack):
    return stack.make_model


@pytest.fixture
def evaluate(stack):
    """``model.evaluate`` as a dict, which Keras gives since TensorFlow 2.2, and never in graph mode."""

    def run(model, *data, **options):
        if "return_dict" in inspect.signature(model.evaluate).parameters and not stack.graph:
            return model.evaluate(*data, verbose=0, return_dict=True, **options)
        return dict(zip(model.metrics_names, model.evaluate(*data, verbose=0, **options)))

    return run
