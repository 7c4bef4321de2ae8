"""tf.distribute.MirroredStrategy over two logical CPU devices. Argument: the lane."""

import sys

import stacks

from compat_auc import auc_roc
from devices import programs, rows

stack = stacks.load(sys.argv[1])
keras, tf = stack.keras, stack.tensorflow


def two_devices():
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def own_loop(strategy, metric, labels, scores):
    """A training loop of one's own: each replica updates the metric and asks for its result."""
    batches = tf.data.Dataset.from_tensor_slices((labels, scores)).batch(rows.BATCH)

    @tf.function
    def step(labels, scores):
        def count(labels, scores):
            metric.update_state(labels, scores)
            return metric.result(), tf.reduce_sum(labels)

        return strategy.run(count, args=(labels, scores))

    positives = 0
    for batch in strategy.experimental_distribute_dataset(batches):
        results, positives_of_batch = step(*batch)
        positives = positives + tf.stack(strategy.experimental_local_results(positives_of_batch))
    return {
        "result": float(metric.result()),
        "replicas": [float(result) for result in strategy.experimental_local_results(results)],
        "sum": sum_over_replicas(strategy, results),
        "positives": positives.numpy().tolist(),
    }


def sum_over_replicas(strategy, results):
    """What a loop gets that treats the metric as if it were a loss; the name of the error where TensorFlow refuses."""
    try:
        return float(strategy.reduce("SUM", results, axis=None))
    except ValueError as error:
        return type(error).__name__


def main():
    labels, scores = rows.labels_and_scores()
    strategy = two_devices()
    with strategy.scope():
        model, metric, of_keras = programs.identity_model(keras), auc_roc(), keras.metrics.AUC()
    values = programs.logged(keras, model, labels, scores)
    values["own_loop"] = own_loop(strategy, metric, labels, scores)
    metric.reset_state()
    values["own_loop_again"] = own_loop(strategy, metric, labels, scores)
    values["own_loop_of_keras"] = own_loop(strategy, of_keras, labels, scores)
    programs.report(values)


if __name__ == "__main__":
    main()
