"""Measure how much memory a process keeps for each model that it made, by the metric of the model.

    python benchmarks/memory.py [--folds 40]
    python benchmarks/memory.py --graph

Each fold makes a model, fits it, predicts with it, evaluates it, and calls `clear_session`. Keras 3.15 keeps the
functions of every model, and with them what the metric put into them. Each metric runs in its own process. With
`--graph`, it is tf_keras in graph mode, which keeps the graphs of every model. It needs Linux.
"""

import argparse
import gc
import os
import pathlib
import subprocess
import sys
import time

METRICS = ("none", "keras.metrics.AUC", "auc_roc", "RankAUC")
WARM_UP = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folds", type=int, default=40)
    parser.add_argument("--graph", action="store_true")
    parser.add_argument("--metric", choices=METRICS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.metric:
        print(megabytes_per_fold(options))
        return
    print(f"{time.strftime('%Y-%m-%d')}, MB a fold, over {options.folds} folds")
    for metric in METRICS:
        command = [sys.executable, __file__, *sys.argv[1:], "--metric", metric]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        print(f"{metric:18} {float(done.stdout):.2f}", flush=True)


def megabytes_per_fold(options):
    import numpy as np

    sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
    import stacks

    keras = stacks.load("tf_keras-graph" if options.graph else "keras3").keras

    x = np.random.default_rng(0).normal(size=(800, 6)).astype("float32")
    y = (x[:, 0] > 0).astype("float32")
    for index in range(options.folds):
        if index == WARM_UP:
            before = resident()
        fold(keras, options.metric, x, y)
    return (resident() - before) / (options.folds - WARM_UP)


def fold(keras, metric, x, y):
    from compat_auc import RankAUC, auc_roc

    metrics = {"none": [], "keras.metrics.AUC": ["AUC"], "auc_roc": [auc_roc], "RankAUC": [RankAUC()]}[metric]
    inputs = keras.Input((x.shape[1],))
    hidden = keras.layers.Dense(16, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(hidden))
    model.compile("sgd", "binary_crossentropy", metrics=metrics)
    model.fit(x, y, validation_data=(x[:200], y[:200]), batch_size=100, verbose=0)
    model.predict(x[:200], batch_size=100, verbose=0)
    model.evaluate(x[:200], y[:200], batch_size=100, verbose=0)
    keras.backend.clear_session()


def resident():
    """Return the resident memory of this process, in MB."""
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
