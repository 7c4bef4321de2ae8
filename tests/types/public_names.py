"""How programs use the public names, for a strict type checker (`nox -s types`). Nothing runs it."""

from typing import Any, Dict, List, Optional, Tuple, Union

from typing_extensions import assert_type

from compat_auc import (
    RankAUC,
    RocCallback,
    RocCounts,
    auc_roc,
    delong_test,
    legacy_auc_roc,
    runtime,
    streaming_auc,
)
from compat_auc.callback.curves import Curve, PrecisionRecall
from compat_auc.counting.delong import DelongResult
from compat_auc.legacy import Phases, explain
from compat_auc.migrate import Migration, migrate_source

labels, scores = [0, 1, 1], [0.1, 0.4, 0.9]

metrics: List[Any] = ["accuracy", auc_roc, legacy_auc_roc, auc_roc(num_thresholds=1000, name="fine"), RankAUC()]
assert_type(auc_roc(labels, scores), float)
assert_type(auc_roc(labels, scores, sample_weight=[1, 2, 1]), float)
assert_type(auc_roc(labels, scores, ignore_class=-1), float)
assert_type(streaming_auc(scores, labels, num_thresholds=1000), Tuple[Any, Any])
assert_type(runtime().tensorflow, Optional[str])
assert_type(runtime().mode, str)

metric = RankAUC(multi_label=True, num_labels=3, average=None, name="by_label")
metric.reset_state()
metric.update_state(labels, scores, sample_weight=None)
assert_type(metric, RankAUC)
assert_type(metric.counts(), Union[RocCounts, List[RocCounts]])
assert_type(metric.counts(by_label=True), List[RocCounts])
assert_type(metric.counts(by_label=False), RocCounts)
assert_type(metric.counts(by_label=False).confidence_interval(), Tuple[float, float])
assert_type(metric.left_out(), Dict[Union[int, str], str])
assert_type(metric.name, str)

counts = RocCounts(resolution=10).add(labels, scores).merge(RocCounts(10))
assert_type(counts, RocCounts)
assert_type(counts + counts, RocCounts)
assert_type(counts.auc(max_fpr=0.1), float)
assert_type(counts.bounds(), Tuple[float, float])
assert_type(counts.confidence_interval(0.9), Tuple[float, float])
assert_type(counts.threshold(fpr=0.1).threshold, float)
assert_type(RocCounts.from_dict(counts.to_dict()), RocCounts)

counts.add(labels, scores, ignore_class=-1)
assert_type(counts.average_precision(), float)
assert_type(counts.average_precision_bounds(), Tuple[float, float])

result = delong_test(labels, scores, scores, sample_weight=None)
assert_type(result, DelongResult)
assert_type(result.pvalue, float)
assert_type(result.confidence_interval(0.9), Tuple[float, float])

RocCallback(validation_data=(scores, labels), curve=("ROC", "PR"), name=("roc", "pr"), ignore_class=-1)
callback = RocCallback((scores, labels), validation_data=(scores, labels), interval=2)
assert_type(callback, RocCallback)
assert_type(callback.curves, Dict[str, List[Union[Curve, PrecisionRecall]]])
callback.plot("curves.png")

assert_type(explain(labels, scores, batch_size=2, epochs=1, validation_rows=1), Phases)
assert_type(migrate_source("import keras\n", target="tf_keras"), Migration)
