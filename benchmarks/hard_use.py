"""Measure what the metrics cost a model with 200 outputs and a million rows: seconds an epoch, and peak memory.

    python benchmarks/hard_use.py
    python benchmarks/hard_use.py --rows 20000 --labels 20 --batch-size 256

It needs TensorFlow with Keras 3, scikit-learn and Linux. Each line of the table runs in its own process with its own
data, so that no peak hides another. All fit the same model to the same rows, and validate it on the same other rows.
A round runs each line once, in turn. A ratio is the median over the rounds of the ratios within a round, because the
same line takes up to twice as long at another time. Without a GPU, Keras 3 compiles nothing with XLA by itself.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np
from rank_auc import peak_memory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
FEATURES, HIDDEN = 32, 64
CHUNK = 1 << 16
# The kind of average of each log key. auc_roc and Keras's AUC flatten the columns; the others average the labels' AUCs.
AVERAGES = {"val_auc": "micro", "val_auc_roc": "micro", "val_rank_auc": "macro", "val_roc_auc": "macro"}

# The metrics compiled into the model, and the source of RocCallback's numbers: its own rows, or the metric.
VARIANTS = {
    "none": ((), None),
    "`keras.metrics.AUC`": (("AUC",), None),
    "`auc_roc`": (("auc_roc",), None),
    "`RankAUC`": (("RankAUC",), None),
    "`RankAUC(resolution=7)`": (("RankAUC 7",), None),
    "`RocCallback(validation_data=...)`": ((), "data"),
    "`RankAUC`, `RocCallback()`": (("RankAUC",), "metric"),
    "`auc_roc`, `RankAUC`, `RocCallback(validation_data=...)`": (("auc_roc", "RankAUC"), "data"),
    "`auc_roc`, `RankAUC`, `RocCallback()`": (("auc_roc", "RankAUC"), "metric"),
}


def main():
    options = arguments()
    if options.variant:
        print(json.dumps(measure(options)))
        return
    print(
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {options.rows:,} rows, "
        f"{options.labels} labels, batches of {options.batch_size}; validation on {options.held_out:,} rows, its time "
        f"included; epochs 2 to {options.epochs}, the median\n"
    )
    names = [name for name in VARIANTS if name == "none" or name in (options.lines or VARIANTS)]
    rounds = [{name: in_a_process_of_its_own(name) for name in names} for _ in range(options.rounds)]
    print("| | s an epoch | times none | MB over none | last epoch's validation, difference to sklearn | load |")
    print("|---|---|---|---|---|---|")
    for name in names:
        print(line(name, rounds))
    print(
        "\nmicro: all columns as one, which `auc_roc` logs. macro: the mean of the labels' AUCs, which "
        "`RankAUC(multi_label=True)`\nand `RocCallback` log. They are two averages, and differ. sklearn: the exact one "
        "of the two, of what the model of\nthat line predicts after its last epoch. none: data, imports and training."
    )


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--held-out", type=int, help="rows to validate on; a tenth of the others without")
    parser.add_argument("--labels", type=int, default=200)
    parser.add_argument("--batch-size", type=int, default=4096)
    parser.add_argument("--epochs", type=int, default=3, help="2 or more; the first, which compiles, is not counted")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--lines", nargs="*", choices=VARIANTS, help="lines of the table beside the first")
    parser.add_argument("--variant", choices=VARIANTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.epochs < 2:
        parser.error("--epochs must be 2 or more: the first one, which compiles, is not counted")
    options.held_out = options.held_out or max(options.rows // 10, 1)
    return options


def in_a_process_of_its_own(name):
    command = [sys.executable, __file__, *sys.argv[1:], "--variant", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def line(name, rounds):
    found = rounds[-1][name]
    logs = [
        f"`{key}` {value:.5f} ({AVERAGES[key]}), {value - found['exact'][AVERAGES[key]]:+.0e}"
        for key, value in found["logs"].items()
    ] or [f"sklearn: {value:.5f} ({kind})" for kind, value in found["exact"].items()]
    seconds = statistics.median(one[name]["seconds"] for one in rounds)
    ratios = sorted(one[name]["seconds"] / one["none"]["seconds"] for one in rounds)
    more = statistics.median(one[name]["peak"] - one["none"]["peak"] for one in rounds)
    return (
        f"| {name} | {seconds:.1f} | {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) | "
        f"{more / 1e6:+.0f} | {'; '.join(logs)} | {found['load']:.1f} |"
    )


def sample(rows, labels, rng, truth):
    """Draw features, and int8 labels that depend on them; the last labels are rare. Chunks keep the memory small."""
    x, y = np.empty((rows, FEATURES), np.float32), np.empty((rows, labels), np.int8)
    scale = np.sqrt(np.float32(FEATURES + 16))
    quantile = statistics.NormalDist().inv_cdf
    above = np.array([-quantile(rate) for rate in np.geomspace(0.3, 0.01, labels)], np.float32)
    for start in range(0, rows, CHUNK):
        part = slice(start, start + CHUNK)
        x[part] = rng.standard_normal(x[part].shape, np.float32)
        noise = rng.standard_normal(y[part].shape, np.float32)
        y[part] = (x[part] @ truth + 4 * noise) / scale > above
    return x, y


def compiled_metric(kind, labels):
    import keras

    from compat_auc import RankAUC, auc_roc

    if kind == "auc_roc":
        return auc_roc
    if kind == "AUC":
        return keras.metrics.AUC(name="auc")
    fineness = {"resolution": 7} if kind == "RankAUC 7" else {}
    return RankAUC(multi_label=True, num_labels=labels, **fineness)


def measure(options):
    """Train in a separate process; return seconds an epoch, peak bytes, the logged and the exact values."""
    import keras

    from compat_auc import RocCallback

    rng = np.random.default_rng(0)
    truth = rng.standard_normal((FEATURES, options.labels), np.float32)
    x, y = sample(options.rows, options.labels, rng, truth)
    held_out = sample(options.held_out, options.labels, rng, truth)
    keras.utils.set_random_seed(0)
    inputs = keras.layers.Input(shape=(FEATURES,))
    hidden = keras.layers.Dense(HIDDEN, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(options.labels, activation="sigmoid")(hidden))
    kinds, source = VARIANTS[options.variant]
    model.compile("adam", "binary_crossentropy", metrics=[compiled_metric(kind, options.labels) for kind in kinds])
    callbacks = [] if source is None else [RocCallback(validation_data=held_out if source == "data" else None)]
    begun = []
    callbacks.append(keras.callbacks.LambdaCallback(on_epoch_begin=lambda *_: begun.append(time.perf_counter())))
    fit = dict(batch_size=options.batch_size, epochs=options.epochs, verbose=0)
    logs = model.fit(x, y, validation_data=held_out, callbacks=callbacks, **fit).history
    begun.append(time.perf_counter())
    # Nothing below counts for time or memory.
    peak = peak_memory()
    return {
        "seconds": statistics.median(np.diff(begun)[1:]),
        "peak": peak,
        "logs": {key: logs[key][-1] for key in AVERAGES if key in logs},
        "exact": exact(held_out[1], model.predict(held_out[0], batch_size=options.batch_size, verbose=0)),
        "load": os.getloadavg()[0],
    }


def exact(labels, scores):
    """Compute both averages with scikit-learn; macro is over the labels that have both classes."""
    import sklearn.metrics

    both = labels.any(0) & ~labels.all(0)
    by_label = [sklearn.metrics.roc_auc_score(labels[:, i], scores[:, i]) for i in np.flatnonzero(both)]
    return {"micro": sklearn.metrics.roc_auc_score(labels.ravel(), scores.ravel()), "macro": np.mean(by_label)}


if __name__ == "__main__":
    main()
