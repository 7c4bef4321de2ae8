"""RocCallback for precision and recall, for both curves, and beside rows that count for nothing."""

import numpy as np
import pytest
from callback_data import LABELS, warned
from sklearn.metrics import average_precision_score, roc_auc_score

from compat_auc import RocCallback, auc_roc
from compat_auc.callback.curves import Curve, PrecisionRecall


def test_both_curves_from_one_prediction(trained, split, capsys):
    callback = RocCallback(*split, curve=("ROC", "PR"))
    (logs, scores, val_scores), messages = warned(lambda: trained(callback))
    exact = [area(y, p) for area in (roc_auc_score, average_precision_score) for (_, y), p in
             zip(split, (scores, val_scores))]  # fmt: skip
    keys = ["roc_auc", "val_roc_auc", "average_precision", "val_average_precision"]
    assert [logs[key][-1] for key in keys] == pytest.approx(exact, abs=1e-12) and not messages
    assert [type(callback.curves[key][-1]) for key in keys] == [Curve, Curve, PrecisionRecall, PrecisionRecall]
    assert callback.curves["val_average_precision"][-1].auc == logs["val_average_precision"][-1]
    printed = capsys.readouterr().out.rstrip().split("\r")[-1]
    titles = ["roc-auc_train", "roc-auc_val", "average-precision_train", "average-precision_val"]
    assert printed == " - ".join(f"{title}: {round(value, 4)}" for title, value in zip(titles, exact))


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
def test_averages_of_average_precision(average, trained, split):
    (x, _), _ = split
    y = LABELS[:400].astype("float32")
    callback = RocCallback((x, y), average=average, verbose=0, curve="PR", name="pr")
    logs, scores, _ = trained(callback, units=3, y=y, epochs=1)
    exact = np.atleast_1d(average_precision_score(y, scores, average=average))
    keys = ["pr"] if average else ["pr_%d" % label for label in range(3)]
    assert [logs[key][-1] for key in keys] == pytest.approx(exact.tolist(), abs=1e-12) and len(logs) == 1 + len(keys)


def test_without_data_each_curve_has_a_metric_of_its_own(trained, split, stack, capsys):
    metrics = [auc_roc(), auc_roc(curve="PR", name="auc_pr")]
    callback = RocCallback(curve=("ROC", "PR"))
    logs, _, scores = trained(callback, metrics=metrics, validation_data=split[1])
    assert logs["val_roc_auc"] == logs["val_auc_roc"] and logs["val_average_precision"] == logs["val_auc_pr"]
    assert callback.curves["val_average_precision"][-1].auc == pytest.approx(
        average_precision_score(split[1][1], scores), abs=0.02
    )
    assert capsys.readouterr().out.count("comes from the compiled metric") == 2


def test_what_is_not_there_is_said_for_its_curve(trained):
    callback = RocCallback(curve=("ROC", "PR"), verbose=0)
    (logs, _, _), messages = warned(lambda: trained(callback, metrics=[auc_roc()]))
    assert not np.isnan(logs["roc_auc"]).any() and np.isnan(logs["average_precision"]).all()
    assert len(messages) == 1 and "RankAUC(curve='PR')" in messages[0]


@pytest.mark.parametrize("how", ["weights", "ignore_class", "batches"])
def test_rows_that_count_for_nothing(how, trained, split):
    x_val, y_val = split[1]
    garbage = np.arange(200) % 3 == 0
    labels, weights = np.where(garbage, -1, y_val), np.where(garbage, 0.0, 1.0)
    data, options = (x_val, labels), {"ignore_class": -1}
    if how == "weights":
        data, options = (x_val, labels, weights), {}
    elif how == "batches":
        data, options = lambda: [(x_val[:150], labels[:150], weights[:150]), (x_val[150:], y_val[150:])], {}
        garbage = garbage & (np.arange(200) < 150)
    (logs, _, scores), messages = warned(lambda: trained(RocCallback(validation_data=data, verbose=0, **options)))
    expected = roc_auc_score(y_val[~garbage], scores[~garbage])
    assert logs["val_roc_auc"][-1] == pytest.approx(expected, abs=1e-6) and not messages
