"""tf.distribute.ParameterServerStrategy: two workers and a parameter server, in one process. Arguments: lane, ports.

The workers update the same variables, at the same time.
"""

import os
import sys

import stacks

from compat_auc import RankAUC, auc_roc, legacy_auc_roc
from devices import programs, rows

STEPS = 100


def exact_evaluation(stack, strategy, labels, scores):
    """What `evaluate` logs if each row is counted once, whichever worker fails. Keras 2 has the option."""
    with strategy.scope():
        model = programs.identity_model(stack.keras, pss_evaluation_shards=4)
    dataset = stack.tensorflow.data.Dataset.from_tensor_slices((scores, labels)).batch(rows.BATCH)
    model.fit(dataset, epochs=1, steps_per_epoch=2, verbose=0)  # tf_keras 2.21 fails without: it knows no metrics yet.
    return programs.both(model.evaluate(dataset, verbose=0, return_dict=True))


def main():
    lane, ports = sys.argv[1], sys.argv[2:]
    stack = stacks.load(lane)
    tf = stack.tensorflow
    first, second, server = ("127.0.0.1:" + port for port in ports)
    cluster = tf.train.ClusterSpec({"worker": [first, second], "ps": [server]})
    config = tf.compat.v1.ConfigProto(inter_op_parallelism_threads=4)
    jobs = ("worker", 0), ("worker", 1), ("ps", 0)
    servers = [tf.distribute.Server(cluster, job, index, protocol="grpc", config=config) for job, index in jobs]
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(cluster, rpc_layer="grpc")
    strategy = tf.distribute.ParameterServerStrategy(resolver)
    with strategy.scope():
        metrics = [auc_roc(), RankAUC(), legacy_auc_roc()]
    coordinator = tf.distribute.coordinator.ClusterCoordinator(strategy)
    labels, scores = rows.labels_and_scores()

    @tf.function
    def step():
        def count():
            for metric in metrics:
                metric.update_state(tf.constant(labels), tf.constant(scores))
            return 0.0

        return strategy.run(count)

    for _ in range(STEPS):
        coordinator.schedule(step)
    coordinator.join()
    counted = [metrics[0].true_positives, metrics[0].false_positives], [metrics[1]._counts], [metrics[2]._counts]
    read = metrics[0]._backend.read
    sums = [sum(read(part)[0] for part in counted[0]), *(read(part).sum() for (part,) in counted[1:])]
    evaluated = exact_evaluation(stack, strategy, labels, scores) if lane == "tf_keras" else None
    programs.report({"counted": sums, "rows": STEPS * rows.ROWS, "evaluated": evaluated})
    sys.stdout.flush()
    os._exit(len(servers) - 3)  # The servers never end.


if __name__ == "__main__":
    main()
