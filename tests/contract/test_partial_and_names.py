"""max_fpr and label_names in RankAUC and RocCallback, against scikit-learn on the same rows."""

import numpy as np
import pytest
import stacks
from callback_data import LABELS
from rank_metric import areas, counted
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, RocCallback

OF_RANK_AUC = pytest.mark.lanes(*[lane for lane in stacks.LANES if lane.startswith(("keras3", "tf_keras"))])
NAMES = ["toxic", "severe_toxic", "insult"]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(8)
    labels = (rng.random((3000, 3)) < 0.3).astype("float32")
    return labels, (rng.normal(size=(3000, 3)) + labels * [0, 1, 2]).astype("float32")


@OF_RANK_AUC
@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
@pytest.mark.parametrize("max_fpr", [0.01, 0.1, 0.5, 1])
def test_partial_area_is_scikit_learns(average, max_fpr, table, stack):
    labels, scores = table
    metric = RankAUC(multi_label=True, num_labels=3, average=average, max_fpr=max_fpr)
    counted(stack, metric, labels, scores)
    exact = roc_auc_score(labels, scores, average=average, max_fpr=max_fpr)
    # A false positive rate of 0.01 is 21 of 2,100 negatives. Half a row in a bucket moves the area by about 1e-3.
    np.testing.assert_allclose(areas(stack, metric), exact, atol=2e-3)
    by_label = [counts.auc(max_fpr=max_fpr) for counts in metric.counts()]
    if average is None:
        np.testing.assert_allclose(areas(stack, metric), by_label, atol=2e-5)


@OF_RANK_AUC
def test_partial_area_of_one_class_is_nan(stack):
    metric = RankAUC(max_fpr=0.1)
    assert np.isnan(stack.value(metric))
    assert np.isnan(stack.value(counted(stack, metric, np.zeros(3, np.float32), np.zeros(3, np.float32))))


@OF_RANK_AUC
def test_names_of_labels(table, stack):
    labels = table[0].copy()
    labels[:, 1] = 0
    metric = counted(stack, RankAUC(multi_label=True, label_names=NAMES, max_fpr=0.2), labels, table[1])
    assert metric.left_out() == {"severe_toxic": "no positive"}
    again = type(metric).from_config(metric.get_config())
    assert (list(again.label_names), again.max_fpr) == (NAMES, 0.2)


@OF_RANK_AUC
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_fpr": 0}, "max_fpr must be"),
        ({"max_fpr": 0.1, "curve": "PR"}, 'with curve="ROC" only'),
        ({"label_names": NAMES}, "multi_label=True"),
        ({"label_names": NAMES, "multi_label": True, "num_labels": 2}, "one name in label_names for each column"),
        ({"label_names": ["a", "a"], "multi_label": True}, "that differ"),
        ({"label_names": ["a/b"], "multi_label": True}, "letters, digits"),
        ({"label_names": "abc", "multi_label": True}, "a list of str"),
    ],
    ids=str,
)
def test_wrong_options(options, words):
    with pytest.raises(ValueError, match=words):
        RankAUC(**options)


def test_callback_logs_partial_areas_by_name(trained, split):
    (x, _), _ = split
    y = LABELS[:400].astype("float32")
    callback = RocCallback((x, y), average=None, verbose=0, max_fpr=0.2, label_names=NAMES)
    logs, scores, _ = trained(callback, units=3, y=y, epochs=1)
    exact = roc_auc_score(y, scores, average=None, max_fpr=0.2)
    assert [logs["roc_auc_" + name][-1] for name in NAMES] == pytest.approx(exact.tolist(), abs=1e-12)
    assert sorted(callback.curves) == sorted("roc_auc_" + name for name in NAMES)


@OF_RANK_AUC
def test_callback_takes_the_names_of_the_metric(trained, split):
    y = LABELS[:400].astype("float32")
    callback = RocCallback(verbose=0)
    trained(callback, units=3, y=y, epochs=1, metrics=[RankAUC(multi_label=True, label_names=NAMES)])
    assert sorted(callback.curves) == sorted("roc_auc_" + name for name in NAMES)
