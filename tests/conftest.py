"""Lanes, what Keras itself fails at on some of them, and what every test of the contract is given."""

import fnmatch
import gc

import numpy as np
import pytest
import stacks
from hypothesis import HealthCheck, settings

# A busy machine must not fail a test.
settings.register_profile("compat_auc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("compat_auc")


def pytest_addoption(parser):
    parser.addoption("--lane", choices=stacks.LANES, help="run the contract on this stack (tests/stacks.py)")
    parser.addoption("--any-release", action="store_true", help="take the release of the lane's Keras that is there")


def pytest_configure(config):
    # Before any test module is imported: what is imported first decides much.
    lane, load = config.getoption("--lane"), stacks.load if config.getoption("--any-release") else stacks.load_lane
    config.stack = load(lane) if lane else None


def pytest_ignore_collect(collection_path, config):
    """With a lane, the contract; without, everything else. TensorFlow's graphs need a lane that has TensorFlow."""
    stack = config.stack
    if collection_path.name == "test_streaming_auc.py" and stack and stack.backend != "tensorflow":
        return True
    if collection_path.suffix == ".py" and collection_path.name != "conftest.py":
        return True if ("contract" in collection_path.parts) != (stack is not None) else None
    return None


def pytest_collection_modifyitems(config, items):
    if not config.stack:
        return
    elsewhere = [item for item in items for mark in item.iter_markers("lanes") if config.stack.lane not in mark.args]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]
    unmet = mark_what_fails(items, config.stack)
    if unmet and config.args == config.getini("testpaths") and not config.option.keyword:
        raise pytest.UsageError(f"fails_on matches no parameters: {', '.join(sorted(unmet))}")


def pytest_collection_finish():
    """Leave what is imported out of each search for garbage: Keras 3 searches in ``clear_session``, for 0.2 s."""
    gc.collect()
    gc.freeze()


def mark_what_fails(items, stack):
    """Expect the failures that the mark `fails_on` names; give back the tests whose pattern matched nothing."""
    met = {}
    for item in items:
        for mark in item.iter_markers("fails_on"):
            if not stack.is_named_by(mark):
                continue
            pattern, place = mark.kwargs.get("param", "*"), item.nodeid.split("[")[0]
            fails = fnmatch.fnmatchcase(item.callspec.id if hasattr(item, "callspec") else "", pattern)
            met[f"{place}[{pattern}]"] = fails or met.get(f"{place}[{pattern}]", False)
            if fails:
                wanted = {"raises": mark.kwargs["raises"], "reason": mark.kwargs["reason"]}
                item.add_marker(pytest.mark.xfail(strict=True, **wanted))
    return [name for name, fails in met.items() if not fails]


@pytest.fixture(scope="session")
def stack(request):
    return request.config.stack


@pytest.fixture(autouse=True)
def fresh_session(request):
    stack = request.config.stack  # Not the fixture: a test may give its name to a parameter.
    if stack:
        stack.seed()
    yield
    if stack:
        stack.keras.backend.clear_session()


@pytest.fixture
def keras(stack):
    return stack.keras


@pytest.fixture(scope="session")
def data():
    """Features, and labels that they say something about: 600 rows, of which the last 200 are for validation."""
    rng = np.random.RandomState(1)
    x = rng.randn(600, 6).astype("float32")
    y = (x[:, 0] - x[:, 1] + 1.5 * rng.randn(600) > 0.5).astype("float32")
    return x, y


@pytest.fixture
def set_learning_rate(stack):
    return stack.set_learning_rate


@pytest.fixture
def make_model(stack):
    return stack.make_model
