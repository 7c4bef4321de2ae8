"""Measure what auc_roc, RankAUC and keras.metrics.AUC add to a training step without a metric, in one run.

    python benchmarks/training_step.py keras3
    python benchmarks/training_step.py keras3-jax
    python benchmarks/training_step.py tf_keras-graph

Each round times one epoch of `fit` for each model in turn. The ratios are medians over the rounds. On TensorFlow, it
also times an update of `streaming_auc` and of `tf.compat.v1.metrics.auc`. At the end it times the import.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
import stacks

from compat_auc import RankAUC, auc_roc, streaming_auc

# So many that the start of an epoch, 1 to 40 ms, weighs little in its steps.
STEPS = 200


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(runs, rounds):
    """Return the median seconds of each run, and the seconds of all runs round by round."""
    times = [[seconds(run) for run in runs] for _ in range(rounds + 1)][1:]
    return [statistics.median(column) for column in zip(*times)], times


def ratio(times, one, other):
    return statistics.median(row[one] / row[other] for row in times)


def training_step(stack, batch_size, outputs, rounds):
    keras = stack.keras
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch_size * STEPS, 20)).astype("float32")
    y = rng.integers(0, 2, (batch_size * STEPS, outputs)).astype("float32")

    def model(metrics):
        inputs = keras.layers.Input(shape=(20,))
        hidden = keras.layers.Dense(64, activation="relu")(inputs)
        made = keras.models.Model(inputs, keras.layers.Dense(outputs, activation="sigmoid")(hidden))
        made.compile("sgd", "binary_crossentropy", metrics=metrics)
        made.fit(x, y, batch_size=batch_size, verbose=0)
        return lambda: made.fit(x, y, batch_size=batch_size, verbose=0)

    runs = [model(metrics) for metrics in ([auc_roc], [keras.metrics.AUC()], [], [RankAUC()])]
    medians, times = compare(runs, rounds)
    per_step = " | ".join(f"{median / STEPS * 1e6:.0f}" for median in medians)
    ratios = f"{ratio(times, 0, 1):.2f} | {ratio(times, 0, 2):.2f} | {ratio(times, len(runs) - 1, 1):.2f}"
    print(f"| {batch_size} x {outputs} | {per_step} | {ratios} |", flush=True)


def streaming(stack, batch_size, rounds):
    tf = stack.tensorflow
    rng = np.random.default_rng(0)
    scores, labels = rng.random(batch_size, "float32"), rng.random(batch_size) < 0.3
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        ours = streaming_auc(tf.constant(scores), tf.constant(labels))[1]
        theirs = tf.compat.v1.metrics.auc(tf.constant(labels), tf.constant(scores))[1]
        session.run(tf.compat.v1.local_variables_initializer())
        runs = [lambda op=op: [session.run(op) for _ in range(20)] for op in (ours, theirs)]
        (mine, _), times = compare(runs, rounds)
    per_update = mine / 20 * 1e6
    print(
        f"streaming_auc, {batch_size} rows: {per_update:.0f} us, {ratio(times, 0, 1):.3f} of tf.compat.v1.metrics.auc"
    )


def import_time(rounds):
    program = "import time; t = time.perf_counter(); import compat_auc; print(time.perf_counter() - t)"
    times = [float(subprocess.run([sys.executable, "-c", program], capture_output=True).stdout) for _ in range(rounds)]
    print(f"import compat_auc: {statistics.median(times) * 1000:.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lane", choices=[lane for lane in stacks.LANES if lane != "tf1-keras"])
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    stack = stacks.load(options.lane)
    print(f"{time.strftime('%Y-%m-%d')}, {options.lane}, load {os.getloadavg()[0]:.1f}: microseconds a step of `fit`\n")
    print("| batch | auc_roc | AUC | none | RankAUC | auc_roc / AUC | auc_roc / none | RankAUC / AUC |")
    print("|---|---|---|---|---|---|---|---|")
    for batch_size, outputs in ((32, 1), (256, 1), (4096, 1), (2048, 150)):
        training_step(stack, batch_size, outputs, options.rounds)
    if stack.backend == "tensorflow":
        for batch_size in (256, 4096):
            streaming(stack, batch_size, options.rounds)
    import_time(options.rounds)


if __name__ == "__main__":
    main()
