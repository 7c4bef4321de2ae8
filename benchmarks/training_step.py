"""What the metric adds to a training step: auc_roc beside keras.metrics.AUC and beside no metric, in one run.

    python benchmarks/training_step.py keras3
    python benchmarks/training_step.py tf_keras
    python benchmarks/training_step.py tf_keras-graph

Each round times one epoch of `fit` for each of the three models in turn; the ratios are medians over the rounds. Where
there is TensorFlow, an update of `streaming_auc` is timed beside `tf.compat.v1.metrics.auc`. Last comes the import.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
import stacks

from compat_auc import auc_roc, streaming_auc


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(runs, rounds):
    """Median seconds of each run, and the medians of the ratios of the first to the others, round by round."""
    times = [[seconds(run) for run in runs] for _ in range(rounds + 1)][1:]
    medians = [statistics.median(column) for column in zip(*times)]
    ratios = [statistics.median(row[0] / row[other] for row in times) for other in range(1, len(runs))]
    return medians, ratios


def training_step(stack, batch_size, rounds):
    keras, steps = stack.keras, max(20, 40_000 // batch_size // 8)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(batch_size * steps, 20)).astype("float32"), rng.integers(0, 2, batch_size * steps)

    def model(metrics):
        inputs = keras.layers.Input(shape=(20,))
        hidden = keras.layers.Dense(64, activation="relu")(inputs)
        made = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(hidden))
        made.compile("sgd", "binary_crossentropy", metrics=metrics)
        made.fit(x, y, batch_size=batch_size, verbose=0)
        return lambda: made.fit(x, y, batch_size=batch_size, verbose=0)

    runs = [model([auc_roc]), model([keras.metrics.AUC()]), model([])]
    medians, ratios = compare(runs, rounds)
    per_step = [f"{median / steps * 1e6:7.0f}" for median in medians]
    print(f"{batch_size:6}  {'  '.join(per_step)}  {ratios[0]:8.3f}  {ratios[1]:8.3f}")


def streaming(stack, batch_size, rounds):
    tf = stack.tensorflow
    rng = np.random.default_rng(0)
    scores, labels = rng.random(batch_size, "float32"), rng.random(batch_size) < 0.3
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        ours = streaming_auc(tf.constant(scores), tf.constant(labels))[1]
        theirs = tf.compat.v1.metrics.auc(tf.constant(labels), tf.constant(scores))[1]
        session.run(tf.compat.v1.local_variables_initializer())
        runs = [lambda op=op: [session.run(op) for _ in range(20)] for op in (ours, theirs)]
        (mine, _), ratios = compare(runs, rounds)
    per_update = mine / 20 * 1e6
    print(f"streaming_auc, {batch_size} rows: {per_update:.0f} us, {ratios[0]:.3f} of tf.compat.v1.metrics.auc")


def import_time(rounds):
    program = "import time; t = time.perf_counter(); import compat_auc; print(time.perf_counter() - t)"
    times = [float(subprocess.run([sys.executable, "-c", program], capture_output=True).stdout) for _ in range(rounds)]
    print(f"import compat_auc: {statistics.median(times) * 1000:.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lane", choices=stacks.LANES)
    parser.add_argument("--rounds", type=int, default=11)
    options = parser.parse_args()
    stack = stacks.load(options.lane)
    print(f"{options.lane}: microseconds a step of fit; ratios of auc_roc to keras.metrics.AUC and to no metric")
    print(" batch  auc_roc      AUC     none  to AUC  to none")
    for batch_size in (32, 256, 4096):
        training_step(stack, batch_size, options.rounds)
    if stack.backend == "tensorflow":
        for batch_size in (256, 4096):
            streaming(stack, batch_size, options.rounds)
    import_time(options.rounds)


if __name__ == "__main__":
    main()
