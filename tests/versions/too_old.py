"""TensorFlow 1.14, which is older than what works: every door says so, and which TensorFlow is needed."""

import pytest

from compat_auc import RankAUC, RocCallback, UnsupportedRuntime, auc_roc, legacy_auc_roc, runtime, streaming_auc

SAYS = r"1\.15 or later.*Received: TensorFlow 1\.14\.0.*tensorflow==1\.15\.5"


@pytest.mark.parametrize("door", [auc_roc, RankAUC, legacy_auc_roc, RocCallback, runtime], ids=str)
def test_first_use(door):
    with pytest.raises(UnsupportedRuntime, match=SAYS):
        door()


def test_streaming_auc(stack):
    tf = stack.tensorflow
    with pytest.raises(UnsupportedRuntime, match=SAYS):
        streaming_auc(tf.constant([0.1, 0.9]), tf.constant([0.0, 1.0]))


@pytest.mark.parametrize("metric", [auc_roc, "auc_roc", legacy_auc_roc], ids=["name", "text", "legacy"])
def test_compile(metric, make_model):
    with pytest.raises(UnsupportedRuntime, match=SAYS):
        make_model(metrics=[metric])


def test_data_at_once():
    assert auc_roc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75
