"""Compare RankAUC and RocCounts with what they replace: time, memory and error, in one run.

    python benchmarks/rank_auc.py [--rounds 15] [times] [fit] [memory] [errors]

It needs TensorFlow with Keras 3, scikit-learn, torch and torchmetrics. Every round times each candidate once, in turn.
A ratio is the median over the rounds of the ratios within a round, so that other load on the machine affects both.
"""

import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROWS = 1_000_000
STREAMED = 100_000_000


def rounds_of(runs, rounds):
    """Time every run in every round, after one round that does not count: {name: [seconds]}.

    A run that takes more than two seconds runs in the first two rounds only.
    """
    times = {name: [] for name in runs}
    for counted in range(rounds + 1):
        for name, run in runs.items():
            if counted > 2 and times[name][0] > 2:
                continue
            start = time.perf_counter()
            run()
            if counted:
                times[name].append(time.perf_counter() - start)
    return times


def ratio(times, other, name):
    """Return how many times as long `other` takes as `name`."""
    return statistics.median(a / b for a, b in zip(times[other], times[name]))


def sample(rows=ROWS, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.random(rows, np.float32) < 0.2
    logits = rng.standard_normal(rows, np.float32) + labels
    return labels.astype(np.float32), (1 / (1 + np.exp(-logits))).astype(np.float32)


# One million scores at once


def compiled_by_keras(metric, rows, **options):
    """Return one call that resets, updates and reads the metric in a compiled function."""
    import tensorflow as tf

    @tf.function(**options)
    def step(labels, scores):
        metric.reset_state()
        metric.update_state(labels, scores)
        return metric.result()

    return lambda: step(*rows).numpy()


def of_torchmetrics(rows, **options):
    """Return the same call for torchmetrics."""
    from torchmetrics.classification import BinaryAUROC

    metric = BinaryAUROC(validate_args=False, **options)

    def run():
        metric.reset()
        metric.update(*rows)
        return metric.compute().item()

    return run


def compute_times(rounds):
    import keras
    import sklearn.metrics
    import tensorflow as tf
    import torch

    from compat_auc import RankAUC, RocCounts

    labels, scores = sample()
    tensors = tf.constant(labels), tf.constant(scores)
    torch_rows = torch.from_numpy(scores), torch.from_numpy(labels).int()

    return rounds_of(
        {
            "floor: read both arrays once": lambda: labels.sum() + scores.sum(),
            "RocCounts (NumPy)": lambda: RocCounts().add(labels, scores).auc(),
            "RankAUC, tf.function": compiled_by_keras(RankAUC(), tensors),
            "RankAUC, XLA": compiled_by_keras(RankAUC(), tensors, jit_compile=True),
            "keras.metrics.AUC, tf.function": compiled_by_keras(keras.metrics.AUC(), tensors),
            "keras.metrics.AUC, XLA": compiled_by_keras(keras.metrics.AUC(), tensors, jit_compile=True),
            "sklearn roc_auc_score": lambda: sklearn.metrics.roc_auc_score(labels, scores),
            "torchmetrics BinaryAUROC, exact": of_torchmetrics(torch_rows),
            "torchmetrics BinaryAUROC, 200 thresholds": of_torchmetrics(torch_rows, thresholds=200),
        },
        rounds,
    )


def report_times(rounds):
    times = compute_times(rounds)
    ours = ["RocCounts (NumPy)", "RankAUC, tf.function", "RankAUC, XLA"]
    print(f"\n## {ROWS:,} scores, update and result: milliseconds, and how many times as long as ours\n")
    print(f"| | ms | {' | '.join('x ' + name for name in ours)} |\n|---|---|{'---|' * len(ours)}")
    for name, seconds in times.items():
        ratios = " | ".join(f"{ratio(times, name, own):.2f}" for own in ours)
        print(f"| {name} | {statistics.median(seconds) * 1e3:.2f} | {ratios} |")


# A training step


def report_fit(rounds):
    import keras

    from compat_auc import RankAUC

    def fit_of(metrics, x, y, batch_size):
        inputs = keras.layers.Input(shape=(20,))
        hidden = keras.layers.Dense(64, activation="relu")(inputs)
        model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(hidden))
        model.compile("sgd", "binary_crossentropy", metrics=metrics)
        return lambda: model.fit(x, y, batch_size=batch_size, verbose=0)

    print("\n## `fit`: microseconds per step; ratios of RankAUC to the others\n")
    print(
        "| batch | RankAUC | keras.metrics.AUC | no metric | / keras.metrics.AUC | / no metric |\n"
        "|---|---|---|---|---|---|"
    )
    for batch_size in (32, 256, 4096):
        steps = max(30, 20_000 // batch_size)
        rng = np.random.default_rng(0)
        x = rng.normal(size=(batch_size * steps, 20)).astype(np.float32)
        y = rng.integers(0, 2, len(x)).astype(np.float32)
        metrics = {"rank": [RankAUC()], "keras": [keras.metrics.AUC()], "none": []}
        times = rounds_of({name: fit_of(m, x, y, batch_size) for name, m in metrics.items()}, rounds)
        per_step = " | ".join(f"{statistics.median(times[name]) / steps * 1e6:.0f}" for name in metrics)
        print(
            f"| {batch_size} | {per_step} | {ratio(times, 'rank', 'keras'):.3f} | {ratio(times, 'rank', 'none'):.3f} |"
        )


# Memory


def counter(kind):
    """Import all that is needed; return a function that takes a batch, and one that returns the AUC."""
    if kind == "RocCounts":
        from compat_auc import RocCounts

        counts = RocCounts()
        return counts.add, counts.auc
    if kind == "RankAUC":
        import tensorflow as tf

        from compat_auc import RankAUC

        metric = RankAUC()
        return tf.function(metric.update_state, reduce_retracing=True), lambda: float(metric.result())
    import torch
    from torchmetrics.classification import BinaryAUROC

    metric = BinaryAUROC(validate_args=False, thresholds=200 if kind.endswith("binned") else None)
    return (
        lambda labels, scores: metric.update(torch.from_numpy(scores), torch.from_numpy(labels).int()),
        lambda: float(metric.compute()),
    )


def peak_memory():
    """Return the peak bytes of this process; Linux only. resource.getrusage would count the parent before the fork."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("this kernel does not tell the peak memory of a process")


def stream(kind, rows):
    """Stream the rows, in a separate process. Print the peak memory above that of the imports, and the seconds."""
    add, auc = counter(kind)
    before = peak_memory()
    start, batch = time.perf_counter(), sample()
    for _ in range(rows // ROWS):
        add(*batch)
    auc()
    print(f"{(peak_memory() - before) / 1e6:.0f} MB | {time.perf_counter() - start:.1f} s")


def report_memory(_):
    print("\n## Streaming in batches of 1,000,000: peak memory above the imports, and time\n")
    print("| | rows | memory | time |\n|---|---|---|---|")
    torchmetrics = ["torchmetrics exact", "torchmetrics binned"]
    jobs = [("RocCounts", STREAMED), ("RankAUC", STREAMED)] + [(kind, STREAMED // 10) for kind in torchmetrics]
    for kind, rows in jobs:
        done = subprocess.run(
            [sys.executable, __file__, "--stream", kind, str(rows)], capture_output=True, text=True, check=True
        )
        print(f"| {kind} | {rows:,} | {done.stdout.strip().splitlines()[-1]} |")


# Error


def distributions(rows=200_000):
    """Draw one sample that suits 200 even thresholds, and five that do not: {name: (labels, scores, are logits)}."""
    rng = np.random.default_rng(7)

    def draw(rate):
        labels = (rng.random(rows) < rate).astype(np.float32)
        return labels, rng.normal(size=rows) + labels

    def sigmoid(logits):
        return 1 / (1 + np.exp(-logits))

    (spread, a), (rare, b), (saturated, c) = draw(0.5), draw(0.002), draw(0.3)
    (low, d), (high, e), (margins, f) = draw(0.3), draw(0.3), draw(0.3)
    return {
        "probabilities, spread out": (spread, sigmoid(a), False),
        "rare events, sigmoid of N(-8, 1)": (rare, sigmoid(b - 8), False),
        "saturated, sigmoid of 12 N(0, 1)": (saturated, sigmoid(12 * c), False),
        "all below 1e-6": (low, 1e-7 * np.exp(d), False),
        "all above 0.9999": (high, 1 - 1e-6 * np.exp(-e), False),
        "logits, 5 N(0, 1)": (margins, 5 * f, True),
    }


def report_errors(_):
    import keras
    import sklearn.metrics

    from compat_auc import RankAUC

    print("\n## Error of the AUC against sklearn, 200,000 rows; logits are given to Keras with from_logits=True\n")
    print("| scores | sklearn | RankAUC - sklearn | its bounds | keras.metrics.AUC - sklearn |\n|---|---|---|---|---|")
    for name, (labels, scores, are_logits) in distributions().items():
        scores = scores.astype(np.float32)
        exact = sklearn.metrics.roc_auc_score(labels, scores)
        ours, theirs = RankAUC(), keras.metrics.AUC(from_logits=are_logits)
        for metric in (ours, theirs):
            metric.update_state(labels, scores)
        low, high = ours.counts().bounds()
        assert low <= exact <= high
        errors = (
            f"{float(ours.result()) - exact:+.1e} | {low:.5f} to {high:.5f} | {float(theirs.result()) - exact:+.1e}"
        )
        print(f"| {name} | {exact:.5f} | {errors} |")


REPORTS = {"times": report_times, "fit": report_fit, "memory": report_memory, "errors": report_errors}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", nargs="*", help=f"any of {', '.join(REPORTS)}; all without")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--stream", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stream:
        stream(arguments.stream[0], int(arguments.stream[1]))
        return
    print(
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    )
    for name in arguments.reports or REPORTS:
        REPORTS[name](arguments.rounds)


if __name__ == "__main__":
    main()
