"""Contract 3 over many models: a fold of cross-validation leaves nothing of ours behind, on any stack.

What is counted is benchmarks/soak.py's, which goes on for 200 folds and looks at memory, too.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "benchmarks"))
import soak

from compat_auc import RankAUC, auc_roc
from compat_auc.metrics import per_keras

FOLDS = 5


def ours(stack, fold):
    """The callable and the name by turns; RankAUC is no metric of multi-backend Keras."""
    found = stack.metrics([auc_roc if fold % 2 else "auc_roc"])
    return found if stack.is_multi_backend else [*found, RankAUC()]


def peers(stack, fold):
    return soak.peer_metrics(stack.keras)


def run_fold(stack, data, metrics):
    """As programs do it, clear_session last. Gives the size of the graph before it."""
    x, y = data
    model = soak.make_model(stack.keras, metrics)
    soak.cross_validate(stack, model, (x[:400], y[:400]), (x[400:], y[400:]))
    size = soak.graph_size(stack)
    del model
    stack.keras.backend.clear_session()
    return {f"{name} before clear_session": number for name, number in size.items()}


def growth(stack, data, metrics):
    """What grew after the second fold, when all that is made once was made, and by how much: {what: number}."""
    found = []
    for fold in range(FOLDS):
        before = run_fold(stack, data, metrics(stack, fold))
        found.append({**soak.footprint(stack), **before})
    counted = [name for name in found[0] if name not in soak.OF_THE_GRAPHS]
    rises = {name: max(one[name] for one in found[2:]) - found[1][name] for name in counted}
    return {name: rise for name, rise in rises.items() if rise > 0}


def test_folds_leave_nothing_behind(stack, data):
    left = growth(stack, data, ours)
    # Some stacks keep the graph of every model, and its metrics with it, whosever they are.
    kept_by_keras = growth(stack, data, peers) if left else {}
    assert {name: rise for name, rise in left.items() if rise > kept_by_keras.get(name, 0)} == {}, kept_by_keras


def test_what_is_left_behind_is_seen(stack, monkeypatch):
    before = soak.footprint(stack)
    kept = [auc_roc(), type("Made", (), {"__module__": "compat_auc.metrics.rank_auc"})]
    monkeypatch.setitem(per_keras._classes, kept[1], kept[1])
    if stack.graph:
        stack.tensorflow.constant(1)
        stack.tensorflow.compat.v1.Variable(1, collections=["local_variables"])
    after = soak.footprint(stack)
    expected = {"metrics", "classes of ours", "entries in tables"}
    expected |= {"operations", "local variables"} if stack.graph else set()
    assert expected <= {name for name in after if after[name] > before[name]}
