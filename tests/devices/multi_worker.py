"""tf.distribute.MultiWorkerMirroredStrategy: one of two workers on loopback. Arguments: the lane, own index, ports."""

import json
import os
import sys

import stacks

from compat_auc import auc_roc
from devices import programs, rows


def main():
    lane, index, ports = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    cluster = {"worker": ["127.0.0.1:" + port for port in ports]}
    os.environ["TF_CONFIG"] = json.dumps({"cluster": cluster, "task": {"type": "worker", "index": index}})
    stack = stacks.load(lane)
    keras, tf = stack.keras, stack.tensorflow
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    labels, scores = rows.labels_and_scores()
    with strategy.scope():
        model, metric = programs.identity_model(keras), auc_roc()
    values = programs.logged(keras, model, labels, scores)

    def of_this_worker(context):
        own = context.input_pipeline_id == rows.DEVICE
        return tf.data.Dataset.from_tensor_slices((labels[own], scores[own])).batch(rows.BATCH // 2)

    @tf.function
    def step(labels, scores):
        strategy.run(metric.update_state, args=(labels, scores))

    for batch in strategy.distribute_datasets_from_function(of_this_worker):
        step(*batch)
    values["own_loop"] = float(metric.result())
    values["workers"] = strategy.num_replicas_in_sync
    programs.report(values)


if __name__ == "__main__":
    main()
