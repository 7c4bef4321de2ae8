"""Keras's tests of its AUC and tf_slim's of its streaming_auc, with ours in their place. See tests/peers.py."""

import importlib
import types

import peers
import pytest

import compat_auc
from compat_auc.metrics.keras_auc import auc_class

KERAS_3 = ("keras3", "keras3-jax", "keras3-torch")
WITH_TF_SLIM = ("tf_keras-graph", "keras2-graph", "tf1")


def classes_of(module, *names):
    """The test classes of a module of another project."""
    return [getattr(importlib.import_module(module), name) for name in names]


def cases(classes):
    return ["%s.%s" % (cls.__name__, name) for cls in classes for name in sorted(vars(cls)) if name.startswith("test")]


def check(case, classes, exceptions):
    """Run one test as its project would; it has to fail where it is listed to."""
    name, method = case.split(".")
    (cls,) = [cls for cls in classes if cls.__name__ == name]
    if case not in exceptions:
        cls(method).debug()
        return
    error, _ = exceptions[case]
    with pytest.raises(error):
        cls(method).debug()


def pytest_generate_tests(metafunc):
    stack = metafunc.config.stack
    if "of_keras" in metafunc.fixturenames and stack.lane in KERAS_3:
        metafunc.parametrize("of_keras", cases(keras_tests()))
    if "of_tf_slim" in metafunc.fixturenames and stack.lane in WITH_TF_SLIM:
        metafunc.parametrize("of_tf_slim", cases(tf_slim_tests()))


def keras_tests():
    return classes_of("keras.src.metrics.confusion_metrics_test", "AUCTest", "MultiAUCTest")


def tf_slim_tests():
    return classes_of("tf_slim.metrics.metric_ops_test", "StreamingAUCTest")


# Keras's own data happen to have one label of 1 in each row. It takes a sigmoid of their logits.
@pytest.mark.filterwarnings("ignore:auc_roc has counted logits of 2 columns:UserWarning")
@pytest.mark.lanes(*KERAS_3)
def test_keras(of_keras, keras, monkeypatch):
    class AUC(auc_class(keras)):
        """With the defaults of Keras."""

        def __init__(self, num_thresholds=200, curve="ROC", summation_method="interpolation", **options):
            super().__init__(num_thresholds, curve, summation_method, **options)

    module = importlib.import_module("keras.src.metrics.confusion_metrics_test")
    monkeypatch.setattr(module, "metrics", types.SimpleNamespace(AUC=AUC))
    check(of_keras, keras_tests(), peers.KERAS_3)


@pytest.mark.lanes(*WITH_TF_SLIM)
def test_tf_slim(of_tf_slim, monkeypatch):
    module = importlib.import_module("tf_slim.metrics.metric_ops_test")
    monkeypatch.setattr(module, "metrics", types.SimpleNamespace(streaming_auc=compat_auc.streaming_auc))
    check(of_tf_slim, tf_slim_tests(), peers.TF_SLIM)


@pytest.mark.lanes(*KERAS_3)
def test_no_entry_of_keras_names_nothing():
    assert set(peers.KERAS_3) <= set(cases(keras_tests()))


@pytest.mark.lanes(*WITH_TF_SLIM)
def test_no_entry_of_tf_slim_names_nothing():
    assert set(peers.TF_SLIM) <= set(cases(tf_slim_tests()))
