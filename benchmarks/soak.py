"""Check that 200 folds of cross-validation in one process leave nothing behind, and that each fold's AUC is right.

    python benchmarks/soak.py keras3
    python benchmarks/soak.py tf_keras
    python benchmarks/soak.py tf_keras-graph --folds 200

Each fold makes a model, fits it with validation, evaluates it, and calls `clear_session`, as programs do. One process
uses `auc_roc` and `RankAUC`. Another uses Keras's AUC and a trivial metric, because TensorFlow itself grows, too.
It needs scikit-learn and Linux, and the packages that tests/stacks.py names for the lane.
"""

import argparse
import gc
import json
import os
import pathlib
import subprocess
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests"))
import oracle
import stacks

from compat_auc import RankAUC, auc_roc
from compat_auc.metrics.registry import metric_table
from compat_auc.stack import keras_module

# RankAUC does not work with multi-backend Keras.
LANES = [lane for lane in stacks.LANES if lane != "tf1-keras"]
FEATURES, ROWS = 6, 1000
EVERY = 20
# Keras may return results in float32.
ROUNDING = 1e-6
# If Keras keeps a model's graph, it keeps all that is in it. These two numbers show its size, not what we left behind.
OF_THE_GRAPHS = ("function graphs", "MB")


def main():
    options = arguments()
    if options.metrics:
        soak(options.lane, options.metrics, options.folds)
        return 0
    print(
        f"{time.strftime('%Y-%m-%d')}, {options.lane}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    ours, peers = (in_a_process_of_its_own(options, metrics) for metrics in ("ours", "peers"))
    faults = say_what_grew(ours, peers, options.folds - EVERY) + ours["wrong"]
    return int(faults > 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lane", choices=LANES)
    parser.add_argument("--folds", type=int, default=200, help="a multiple of 20, 40 or more")
    parser.add_argument("--metrics", choices=["ours", "peers"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folds < 2 * EVERY or options.folds % EVERY:
        parser.error(
            f"--folds must be a multiple of {EVERY}, and 40 or more, for one report to be held against another"
        )
    return options


def in_a_process_of_its_own(options, metrics):
    """Run the folds in another process, and pass on what it prints. Return its last line: first and last report."""
    command = [sys.executable, __file__, options.lane, "--folds", str(options.folds), "--metrics", metrics]
    found = None
    with subprocess.Popen(command, stdout=subprocess.PIPE, universal_newlines=True) as child:
        for line in child.stdout:
            if line.startswith("{"):
                found = json.loads(line)
            else:
                print(line, end="", flush=True)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return found


def soak(lane, kind, folds):
    """Run the folds, in a separate process. Print the table for one kind of metrics, then the parent's figures."""
    stack, reports, errors = stacks.load(lane), [], []
    x, y = sample()
    for fold, (train, test) in enumerate(splits(x, y, folds), 1):
        model = make_model(stack.keras, our_metrics(fold) if kind == "ours" else peer_metrics(stack.keras))
        logged, scores = cross_validate(stack, model, (x[train], y[train]), (x[test], y[test]))
        if kind == "ours":
            errors.append(differences(y[test], scores, logged, model))
        before = graph_size(stack)
        del model
        stack.keras.backend.clear_session()
        if fold % EVERY == 0:
            reports.append({**footprint(stack), **{f"{name} before clear_session": n for name, n in before.items()}})
            show(fold, reports, kind)
    wrong = say_what_is_wrong(errors) if errors else 0
    print(json.dumps({"first": reports[0], "last": reports[-1], "wrong": wrong}))


def sample():
    rng = np.random.RandomState(1)
    x = rng.randn(ROWS, FEATURES).astype("float32")
    return x, (x[:, 0] - x[:, 1] + 1.5 * rng.randn(ROWS) > 0.5).astype("float32")


def splits(x, y, folds):
    from sklearn.model_selection import RepeatedStratifiedKFold

    return RepeatedStratifiedKFold(n_splits=5, n_repeats=folds // 5, random_state=0).split(x, y)


# One fold


def our_metrics(fold):
    """Return `auc_roc` as the callable or as the name, in turns. Both make a new metric in each model."""
    return [auc_roc if fold % 2 else "auc_roc", RankAUC()]


def peer_metrics(keras):
    """Return metrics as any program has them: one by name, with variables made in the training step, and an own class.

    Keras 2 in graph mode compiles the updates of a class that is not its own. TensorFlow 1.15 then keeps the graph.
    """

    class Batches(keras.metrics.Metric):
        def __init__(self):
            super().__init__(name="batches")
            self.seen = self.add_weight(name="seen", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            return self.seen.assign_add(1.0)

        def result(self):
            return self.seen + 0.0

    return ["AUC", Batches()]


def make_model(keras, metrics):
    inputs = keras.layers.Input(shape=(FEATURES,))
    hidden = keras.layers.Dense(16, activation="relu")(inputs)
    model = keras.models.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(hidden))
    model.compile("sgd", "binary_crossentropy", metrics=metrics)
    return model


def cross_validate(stack, model, training, validation):
    """Fit; return what `evaluate` reports for the fold, as a dict, and the scores of the same rows, shape (rows,)."""
    model.fit(*training, validation_data=validation, epochs=1, batch_size=100, verbose=0)
    scores = model.predict(validation[0], batch_size=100, verbose=0)
    return stack.evaluate(model, *validation, batch_size=100), scores.ravel()


def differences(labels, scores, logged, model):
    """Return each AUC's difference to scikit-learn's, and whether it is allowed: {name: (difference, is allowed)}."""
    from sklearn.metrics import roc_auc_score

    exact = roc_auc_score(labels, scores)
    ours = {name: logged[name] - exact for name in ("auc_roc", "rank_auc")}
    low, high = next(metric for metric in compiled(model) if isinstance(metric, RankAUC)).counts().bounds()
    in_bounds = low <= exact <= high and low - ROUNDING <= logged["rank_auc"] <= high + ROUNDING
    within_resolution = abs(ours["auc_roc"]) <= oracle.resolution(labels, scores) + ROUNDING
    return {"auc_roc": (ours["auc_roc"], within_resolution), "rank_auc": (ours["rank_auc"], in_bounds)}


def compiled(model):
    """Return the metrics given to compile. Keras 3 has them one level down."""
    return [inner for metric in model.metrics for inner in (metric, *getattr(metric, "metrics", ()))]


# What is left


def footprint(stack):
    """Count what could pile up with every model: {what: number}."""
    gc.collect()
    found = {"metrics": 0, "classes of ours": 0, "entries in tables": sum(tables(stack).values())}
    graph = stack.tensorflow.Graph if stack.backend == "tensorflow" else None
    if graph:
        found.update({"graphs": 0, "function graphs": 0})
    for thing in gc.get_objects():
        kind = type(thing)
        found["metrics"] += issubclass(kind, stack.keras.metrics.Metric)
        found["classes of ours"] += issubclass(kind, type) and str(thing.__module__).startswith("compat_auc")
        if graph:
            found["graphs"] += kind is graph
            found["function graphs"] += issubclass(kind, graph) and kind is not graph
    return {**found, **graph_size(stack)}


def graph_size(stack):
    """Return the size of the default graph, on a lane that has one."""
    if not stack.graph:
        return {}
    graph = stack.tensorflow.compat.v1.get_default_graph()
    # How often Keras asks whether a variable is initialized depends on the order of a set, so it varies between runs.
    operations = [one for one in graph.get_operations() if one.type != "VarIsInitializedOp"]
    return {
        "operations": len(operations),
        "local variables": len(graph.get_collection("local_variables")),
    }


def tables(stack):
    """Return the size of all that compat_auc's modules keep, and of other tables that they add to."""
    keras = stack.keras
    names, custom = metric_table(keras_module()), keras.utils.get_custom_objects()
    sizes = {"names in Keras": len(names), "custom objects": len(custom)}
    sizes["import hooks"] = len(sys.meta_path)
    modules = [name for name in sys.modules if name.split(".")[0] == "compat_auc"]
    for module in modules:
        kept = vars(sys.modules[module])
        sizes[module] = len(kept)
        for name, value in kept.items():
            if hasattr(value, "cache_info"):
                sizes[f"{module}.{name}"] = value.cache_info().currsize
            elif isinstance(value, (dict, list, set)) and not name.startswith("__"):
                sizes[f"{module}.{name}"] = len(value)
    return sizes


def resident_memory():
    """Return the resident memory in bytes; Linux only."""
    pages = pathlib.Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


# Reports


def show(fold, reports, kind):
    report = reports[-1]
    report["MB"] = resident_memory() / 1e6
    if len(reports) == 1:
        title = {"ours": "`auc_roc` and `RankAUC`", "peers": "Keras's AUC and a trivial metric"}[kind]
        print(f"\n## {title}\n\n| after fold | {' | '.join(report)} |\n|---|{'---|' * len(report)}")
    print(f"| {fold} | {' | '.join(f'{value:.0f}' for value in report.values())} |", flush=True)


def say_what_grew(ours, peers, folds):
    """Print what grew from the first report to the last. Return how many things grew more than with the peers."""
    print(f"\n## Growth in {folds} folds\n\n| | ours | Keras's AUC and a trivial metric |\n|---|---|---|")
    faults = 0
    for name in ours["first"]:
        mine, theirs = (found["last"][name] - found["first"][name] for found in (ours, peers))
        print(f"| {name} | {mine:+.0f} | {theirs:+.0f} |")
        faults += mine > max(theirs, 0) and name not in OF_THE_GRAPHS
    verdict = f"{faults} of them" if faults else "nothing that was counted"
    print(f"\nWith `auc_roc` and `RankAUC`, {verdict} grew by more than with the others.")
    return faults


def say_what_is_wrong(errors):
    """Print and return how many AUCs of all folds are farther from scikit-learn's than allowed."""
    wrong = 0
    for name, limit in (("auc_roc", "the resolution of its thresholds"), ("rank_auc", "its bounds")):
        outside = sum(not fold[name][1] for fold in errors)
        largest = max((fold[name][0] for fold in errors), key=abs)
        print(
            f"{name}: {outside} of {len(errors)} folds off by more than {limit}; the largest difference {largest:+.1e}."
        )
        wrong += outside
    return wrong


if __name__ == "__main__":
    sys.exit(main())
