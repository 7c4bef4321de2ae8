"""Keras's tests of its AUC, with our metric class in its place, and tf_slim's of its streaming_auc (tests/peers.py)."""

import importlib
import types

import peers
import pytest

import compat_auc
from compat_auc.auc import auc_class


def classes_of(module, *names):
    """The test classes of a module of another project."""
    return [getattr(importlib.import_module(module), name) for name in names]


def cases(classes):
    return ["%s.%s" % (cls.__name__, name) for cls in classes for name in sorted(vars(cls)) if name.startswith("test")]


def run(case, classes):
    """Run one test as its project would."""
    name, method = case.split(".")
    (cls,) = [cls for cls in classes if cls.__name__ == name]
    suite = cls(method)
    suite.setUp()
    try:
        getattr(suite, method)()
    finally:
        suite.tearDown()
        suite.doCleanups()


def check(case, classes, exceptions):
    if case not in exceptions:
        run(case, classes)
        return
    error, _ = exceptions[case]
    with pytest.raises(error):
        run(case, classes)


def pytest_generate_tests(metafunc):
    stack = metafunc.config.stack
    if "of_keras" in metafunc.fixturenames and stack.is_keras_3:
        metafunc.parametrize("of_keras", cases(keras_tests()))
    if "of_tf_slim" in metafunc.fixturenames and stack.graph:
        metafunc.parametrize("of_tf_slim", cases(tf_slim_tests()))


def keras_tests():
    return classes_of("keras.src.metrics.confusion_metrics_test", "AUCTest", "MultiAUCTest")


def tf_slim_tests():
    return classes_of("tf_slim.metrics.metric_ops_test", "StreamingAUCTest")


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch")
def test_keras(of_keras, keras, monkeypatch):
    class AUC(auc_class(keras)):
        """With the defaults of Keras."""

        def __init__(self, num_thresholds=200, curve="ROC", summation_method="interpolation", **options):
            super().__init__(num_thresholds, curve, summation_method, **options)

    module = importlib.import_module("keras.src.metrics.confusion_metrics_test")
    monkeypatch.setattr(module, "metrics", types.SimpleNamespace(AUC=AUC))
    check(of_keras, keras_tests(), peers.KERAS_3)


@pytest.mark.lanes("tf_keras-graph", "keras2-graph", "tf1")
def test_tf_slim(of_tf_slim, monkeypatch):
    module = importlib.import_module("tf_slim.metrics.metric_ops_test")
    monkeypatch.setattr(module, "metrics", types.SimpleNamespace(streaming_auc=compat_auc.streaming_auc))
    check(of_tf_slim, tf_slim_tests(), peers.TF_SLIM)


@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch")
def test_no_entry_of_keras_names_nothing():
    assert set(peers.KERAS_3) <= set(cases(keras_tests()))


@pytest.mark.lanes("tf_keras-graph", "keras2-graph", "tf1")
def test_no_entry_of_tf_slim_names_nothing():
    assert set(peers.TF_SLIM) <= set(cases(tf_slim_tests()))
