"""RocCallback without data, and in trouble: that costs a warning, never the training."""

import numpy as np
import pytest
import stacks
from callback_data import LABELS, batches, warned
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, RocCallback, auc_roc

# RankAUC is no metric of multi-backend Keras.
WITH_RANK_AUC = pytest.mark.lanes(*[lane for lane in stacks.LANES if lane != "tf1-keras"])


@pytest.mark.parametrize("metric, resolution", [pytest.param("rank", 2e-3, marks=WITH_RANK_AUC), ("auc_roc", 5e-3)])
def test_without_data_from_the_compiled_metric(metric, resolution, trained, split, stack, capsys):
    compiled = RankAUC() if metric == "rank" else auc_roc
    callback = RocCallback()
    logs, _, scores = trained(callback, metrics=[compiled], validation_data=split[1])
    name = "rank_auc" if metric == "rank" else "auc_roc"
    assert logs["roc_auc"] == logs[name] and logs["val_roc_auc"] == logs["val_" + name]
    exact = roc_auc_score(split[1][1], scores)
    assert logs["val_roc_auc"][-1] == pytest.approx(exact, abs=resolution)
    (curves,) = callback.curves.values()
    assert [curve.epoch for curve in curves] == [1, 2] and curves[-1].auc == pytest.approx(exact, abs=resolution)
    printed = capsys.readouterr().out
    assert printed.count("comes from the compiled metric") == 1 and "roc-auc_val: " in printed


@WITH_RANK_AUC
def test_without_data_one_key_a_label(trained, split):
    x, _ = split[0]
    y = LABELS[:400].astype("float32")
    callback = RocCallback(verbose=0)
    metric = RankAUC(multi_label=True, num_labels=3, average=None)
    logs, scores, _ = trained(callback, metrics=[metric], units=3, y=y, validation_data=(x, y))
    for label in range(3):
        exact = roc_auc_score(y[:, label], scores[:, label])
        assert logs["val_roc_auc_%d" % label][-1] == pytest.approx(exact, abs=2e-3)
        assert callback.curves["val_roc_auc_%d" % label][-1].auc == pytest.approx(exact, abs=2e-3)


@WITH_RANK_AUC
def test_without_data_a_label_with_one_class_is_named(trained):
    y = LABELS[:400].astype("float32")
    y[:, 1] = 0
    metric = RankAUC(multi_label=True, num_labels=3)
    (logs, _, _), messages = warned(lambda: trained(RocCallback(verbose=0), metrics=[metric], units=3, y=y))
    assert not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "roc_auc leaves out the labels [1]" in messages[0]


def test_one_class_is_nan_and_one_warning(trained, split):
    (x_val, _) = split[1]
    callback = RocCallback(split[0], (x_val, np.ones(200)), verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback, epochs=3))
    assert np.isnan(logs["val_roc_auc"]).all() and len(logs["val_roc_auc"]) == 3
    assert not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "val_roc_auc is NaN" in messages[0] and "one class" in messages[0]


@WITH_RANK_AUC
def test_one_class_without_data(trained, split):
    options = {"metrics": [RankAUC()], "validation_data": (split[1][0], np.ones(200))}
    (logs, _, _), messages = warned(lambda: trained(RocCallback(), **options))
    assert np.isnan(logs["val_roc_auc"]).all() and not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "['val_roc_auc'] is NaN" in messages[0]


def test_training_and_validation_in_two_callbacks(trained, split):
    two = RocCallback(validation_data=split[1], verbose=0), RocCallback(split[0], verbose=0)
    (logs, scores, val_scores), messages = warned(lambda: trained(*two))
    assert logs["roc_auc"][-1] == pytest.approx(roc_auc_score(split[0][1], scores))
    assert logs["val_roc_auc"][-1] == pytest.approx(roc_auc_score(split[1][1], val_scores)) and not messages


def test_a_label_with_one_class_is_left_out_of_the_mean_and_named(trained, split):
    x, _ = split[0]
    y = LABELS[:400].astype("float32")
    y[:, 1] = 0
    (logs, scores, _), messages = warned(lambda: trained(RocCallback((x, y), verbose=0), units=3, y=y))
    exact = np.mean([roc_auc_score(y[:, label], scores[:, label]) for label in (0, 2)])
    assert logs["roc_auc"][-1] == pytest.approx(exact)
    assert len(messages) == 1 and "leaves out the labels [1]" in messages[0]


def test_a_generator_that_ends_early(trained, split):
    callback = RocCallback(split[0], batches(*split[1]), validation_steps=3, verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback, epochs=3))
    assert np.isnan(logs["val_roc_auc"]).tolist() == [False, True, True]
    assert len(logs["loss"]) == 3 and not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1 and "validation_data ended after 1 of 3 batches" in messages[0]


@pytest.mark.parametrize(
    "labels, message", [(np.zeros((200, 2)), r"\(200, 2\).*\(200, 1\)"), (np.arange(200), "0 or 1")], ids=str
)
def test_wrong_labels_in_batches_do_not_stop_the_training(labels, message, trained, split):
    callback = RocCallback(split[0], lambda: [(split[1][0], labels)], verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback))
    assert np.isnan(logs["val_roc_auc"]).all() and not np.isnan(logs["roc_auc"]).any()
    assert len(messages) == 1
    with pytest.raises(AssertionError, match=message):
        raise AssertionError(messages[0])


def test_validation_that_the_callback_does_not_have(trained, split):
    (logs, _, _), messages = warned(lambda: trained(RocCallback(split[0], verbose=0), validation_data=split[1]))
    assert "val_roc_auc" not in logs and "val_loss" in logs and "roc_auc" in logs
    assert len(messages) == 1 and "validation_data=(x_val, y_val)" in messages[0]


def test_two_callbacks_in_one_fit(trained, split):
    first, second = RocCallback(split[0], verbose=0), RocCallback(split[1], verbose=0)
    (logs, scores, _), messages = warned(lambda: trained(first, second))
    assert logs["roc_auc"][-1] == pytest.approx(roc_auc_score(split[0][1], scores))
    assert len(messages) == 1 and "already have ['roc_auc']" in messages[0]
    other = RocCallback(split[1], verbose=0, name="other_roc_auc")
    (logs, _, val_scores), messages = warned(lambda: trained(first, other))
    assert logs["other_roc_auc"][-1] == pytest.approx(roc_auc_score(split[1][1], val_scores)) and not messages


@pytest.mark.parametrize("metric", [None, "nothing"])
def test_no_data_and_no_metric_of_that_name(metric, trained):
    (logs, _, _), messages = warned(lambda: trained(RocCallback(metric=metric, verbose=0)))
    assert np.isnan(logs["roc_auc"]).all() and len(logs["loss"]) == 2
    assert len(messages) == 1 and "['loss']" in messages[0] and (metric or "RankAUC") in messages[0]
