"""Time one `update_state` of `auc_roc`, `RankAUC` and `keras.metrics.AUC`, and a bare bincount, on each backend.

    python benchmarks/updates.py [--rounds 15] [tensorflow] [xla] [jax] [torch]

It needs Keras 3 with the backends that you name; for torch also torchmetrics. Each backend runs in its own process.
A round times each candidate once, in turn. A ratio is the median over the rounds of the ratios within a round.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

import numpy as np
from rank_auc import ratio, rounds_of

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
BACKENDS = ("tensorflow", "xla", "jax", "torch")
SHAPES = {"700,000": (700_000,), "2048 x 150": (2048, 150)}
BASE, FLOOR = "keras.metrics.AUC", "bucket and bincount"


def sample(shape):
    rng = np.random.default_rng(0)
    return (rng.random(shape) < 0.3).astype("float32"), rng.random(shape).astype("float32")


def in_tensorflow(metrics, rows, **options):
    import tensorflow as tf

    rows = [tf.constant(part) for part in rows]

    def floor(labels, scores):
        place = tf.cast(scores * 199, tf.int32) + 200 * tf.cast(labels, tf.int32)
        return tf.math.bincount(tf.reshape(place, [-1]), minlength=400, maxlength=400)

    def call(function):
        compiled = tf.function(function, autograph=False, **options)
        return lambda: np.asarray(compiled(*rows))

    def update(metric):
        def step(labels, scores):
            metric.update_state(labels, scores)
            return metric.variables[0].value

        return call(step)

    return {FLOOR: call(floor), **{name: update(metric) for name, metric in metrics.items()}}


def in_jax(metrics, rows):
    import jax
    import jax.numpy as jnp

    rows = [jnp.asarray(part) for part in rows]

    def floor(labels, scores):
        place = (scores * 199).astype(jnp.int32) + 200 * labels.astype(jnp.int32)
        return jnp.zeros(400, jnp.int32).at[place.reshape(-1)].add(1)

    def update(metric):
        state = [[variable.value for variable in metric.variables]]
        step = jax.jit(metric.stateless_update_state)

        def run():
            state[0] = jax.block_until_ready(step(state[0], *rows))

        return run

    compiled = jax.jit(floor)
    return {
        FLOOR: lambda: jax.block_until_ready(compiled(*rows)),
        **{name: update(metric) for name, metric in metrics.items()},
    }


def in_torch(metrics, rows):
    import torch
    from torchmetrics.classification import BinaryAUROC

    labels, scores = (torch.tensor(part) for part in rows)
    binned, classes = BinaryAUROC(validate_args=False, thresholds=200), labels.int()

    def floor():
        torch.bincount(((scores * 199).int() + 200 * labels.int()).reshape(-1), minlength=400)

    def update(metric):
        return lambda: metric.update_state(labels, scores)

    found = {FLOOR: floor, **{name: update(metric) for name, metric in metrics.items()}}
    return {**found, "torchmetrics, 200 thresholds": lambda: binned.update(scores, classes)}


def measure(backend, rounds):
    """Print the lines of one backend, in a separate process."""
    import keras

    from compat_auc import RankAUC, auc_roc

    run = {"tensorflow": in_tensorflow, "xla": in_tensorflow, "jax": in_jax, "torch": in_torch}[backend]
    options = {"jit_compile": True} if backend == "xla" else {}
    for shape, size in SHAPES.items():
        metrics = {BASE: keras.metrics.AUC(), "auc_roc": auc_roc(), "RankAUC": RankAUC()}
        times = rounds_of(run(metrics, sample(size), **options), rounds)
        for name, seconds in times.items():
            against = f"{1 / ratio(times, BASE, name):.2f} | {1 / ratio(times, FLOOR, name):.2f}"
            print(f"| {backend} | {shape} | {name} | {statistics.median(seconds) * 1e3:.2f} | {against} |", flush=True)


def alone(backend, rounds, **options):
    """Run `measure` in a process with its own Keras. The options are those of `subprocess.run`."""
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow" if backend == "xla" else backend}
    command = [sys.executable, __file__, "--alone", backend, "--rounds", str(rounds)]
    return subprocess.run(command, env=environment, check=True, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("backends", nargs="*", help=f"any of {', '.join(BACKENDS)}; all without")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--alone", choices=BACKENDS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        measure(options.alone, options.rounds)
        return
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"\n| backend | scores | | ms | / {BASE} | / {FLOOR} |\n|---|---|---|---|---|---|", flush=True)
    for backend in options.backends or BACKENDS:
        alone(backend, options.rounds)


if __name__ == "__main__":
    main()
