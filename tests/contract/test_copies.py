"""Contract 7: metrics, callbacks and compiled models can be pickled and copied, with what was counted.

Keras itself, measured: Keras 3 keeps the options of its own AUC, and drops the counts. Keras 2 copies both. But eager,
its AUC cannot be unpickled, and in graph mode not be pickled; TensorFlow 1.15 can neither pickle nor copy it.
"""

import copy
import multiprocessing
import pickle
import subprocess
import sys

import numpy as np
import pytest
import stacks

from compat_auc import RankAUC, RocCallback, auc_roc, legacy_auc_roc

LABELS = np.array([0, 0, 1, 1], "float32")
SCORES = np.array([0.1, 0.4, 0.35, 0.8], "float32")


def by_pickle(made):
    return pickle.loads(pickle.dumps(made))


def by_cloudpickle(made):
    cloudpickle = pytest.importorskip("cloudpickle")
    return pickle.loads(cloudpickle.dumps(made))


HOW = [by_pickle, copy.copy, copy.deepcopy, by_cloudpickle]
METRICS = {
    "auc_roc": lambda: auc_roc(num_thresholds=50, name="fifty"),
    "RankAUC": lambda: RankAUC(resolution=4, name="coarse"),
    "legacy_auc_roc": lambda: legacy_auc_roc(num_thresholds=100),
}
NOT_MULTI_BACKEND = pytest.mark.lanes(*(lane for lane in stacks.LANES if lane != "tf1-keras"))
TF2 = pytest.mark.lanes(*(lane for lane in stacks.LANES if not lane.startswith("tf1")))


@NOT_MULTI_BACKEND
@pytest.mark.parametrize("how", HOW, ids=lambda how: how.__name__)
@pytest.mark.parametrize("kind", METRICS)
def test_a_metric_keeps_its_options_and_its_counts(kind, how, stack):
    metric = METRICS[kind]()
    for _ in range(2):
        stack.update(metric, LABELS, SCORES)
    again = how(metric)
    assert type(again) is type(metric) and again.get_config() == metric.get_config()
    assert stack.value(again) == stack.value(metric) > 0
    # The other one stays as it is.
    stack.update(again, LABELS, 1 - SCORES)
    assert stack.value(again) != stack.value(metric)


@TF2
@pytest.mark.parametrize("how", HOW, ids=lambda how: how.__name__)
def test_multi_label(how, stack):
    """Its variables are made by the first batch."""
    metric, data = auc_roc(multi_label=True), [np.stack(2 * [column], 1) for column in (LABELS, SCORES)]
    metric = how(metric)
    stack.update(metric, *data)
    assert stack.value(how(metric)) == stack.value(metric) == pytest.approx(0.75)


# In graph mode RankAUC needs num_labels.
@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2", "oldest")
@pytest.mark.parametrize("how", HOW, ids=lambda how: how.__name__)
def test_ranks_of_several_labels(how, stack):
    metric = RankAUC(multi_label=True)
    stack.update(metric, *(np.stack(2 * [column], 1) for column in (LABELS, SCORES)))
    again = how(metric)
    assert again.counts() == metric.counts() and again.get_config() == metric.get_config()
    assert stack.value(again) == stack.value(metric) == pytest.approx(0.75)


@NOT_MULTI_BACKEND
@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy], ids=lambda how: how.__name__)
@pytest.mark.parametrize("kind", METRICS)
def test_a_metric_of_a_class_of_the_users_own(kind, how, stack):
    class Own(type(METRICS[kind]())):
        pass

    metric = Own()
    for _ in range(2):
        stack.update(metric, LABELS, SCORES)
    again = how(metric)
    assert type(again) is Own and stack.value(again) == stack.value(metric) > 0


@pytest.mark.parametrize("how", HOW, ids=lambda how: how.__name__)
def test_a_callback(how, keras, trained, split):
    train, validation = split
    callback = RocCallback(train, validation, interval=2, verbose=0, name="area")
    again = how(callback)
    assert isinstance(again, keras.callbacks.Callback) and type(again) is type(callback)
    trained(again)
    assert again.curves and not callback.curves
    assert how is copy.copy or how(again.curves).keys() == again.curves.keys()


class UsersOwn(RocCallback):
    pass


def test_a_callback_of_a_class_of_the_users_own(split):
    again = by_pickle(UsersOwn(*split, verbose=0))
    assert isinstance(again, UsersOwn) and again.verbose == 0


def test_a_callback_of_a_class_of_the_users_own_and_of_keras(keras, trained, split):
    class OfBoth(RocCallback, keras.callbacks.Callback):
        pass

    again = copy.deepcopy(OfBoth(*split, verbose=0))
    assert type(again) is OfBoth
    logs, _, _ = trained(again)
    assert len(logs["val_roc_auc"]) == 2


def send_names(connection, *things):
    connection.send([thing.name for thing in things])


@NOT_MULTI_BACKEND
def test_a_process_started_by_spawn():
    context = multiprocessing.get_context("spawn")
    mine, others = context.Pipe()
    things = [*(make() for make in METRICS.values()), RocCallback((SCORES, LABELS), name="area")]
    process = context.Process(target=send_names, args=(others, *things))
    process.start()
    process.join(300)
    assert process.exitcode == 0
    assert mine.recv() == ["fifty", "coarse", "legacy_auc_roc", "area"]


@NOT_MULTI_BACKEND
def test_a_new_process_needs_no_import(stack, tmp_path):
    """What pickle loads imports compat_auc and the Keras by itself."""
    metrics = [make() for make in METRICS.values()]
    for metric in metrics:
        stack.update(metric, LABELS, SCORES)
    expected = [stack.value(metric) for metric in metrics]
    path = tmp_path / "metrics.pickle"
    path.write_bytes(pickle.dumps((metrics, RocCallback((SCORES, LABELS)))))
    program = (
        "import pickle, sys\n"
        "metrics, callback = pickle.load(open(sys.argv[1], 'rb'))\n"
        "import numpy, compat_auc.stack as stack\n"
        "value = lambda metric: metric.result()\n"
        "if stack.in_graph_mode():\n"
        "    value = lambda metric: metric._keras.backend.get_value(metric.result())\n"
        "print([float(value(metric)) for metric in metrics])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, check=True)
    assert eval(done.stdout.decode().splitlines()[-1]) == pytest.approx(expected, abs=1e-6)


WITH_MODEL = """
import pickle, sys
import numpy as np
if sys.argv[2]:
    import compat_auc
model = pickle.load(open(sys.argv[1], "rb"))
logs = model.evaluate(np.eye(2, 6), np.eye(2)[:, :1], verbose=0, return_dict=True)
print("logged", logs["auc_roc"], logs["coarse"])
"""


@TF2
@pytest.mark.parametrize("kind", METRICS)
def test_a_class_by_value(kind, stack):
    """As mlflow stores the classes that are registered with Keras, beside a model."""
    cls = type(METRICS[kind]())
    metrics = [again() for again in (cls, by_cloudpickle(cls))]
    for metric in metrics:
        stack.update(metric, LABELS, SCORES)
    assert stack.value(metrics[1]) == stack.value(metrics[0])


# Before TensorFlow 2.6, and in graph mode, no compiled model can be pickled.
@pytest.mark.lanes("keras3", "keras3-jax", "keras3-torch", "tf_keras", "keras2")
def test_a_compiled_model(make_model, data, stack, tmp_path):
    x, y = data
    model = make_model(["accuracy", auc_roc, METRICS["RankAUC"]()])
    expected = stack.evaluate(model, x, y)
    for again in (by_pickle(model), copy.deepcopy(model)):
        assert stack.evaluate(again, x, y) == pytest.approx(expected)
    path = tmp_path / "model.pickle"
    path.write_bytes(pickle.dumps(model))
    done = {}
    for imported in ("", "compat_auc"):
        command = [sys.executable, "-c", WITH_MODEL, str(path), imported]
        done[imported] = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert "logged" in done["compat_auc"].stdout.decode(), done["compat_auc"].stdout.decode()
    # As of any registered metric. The guide begins with these words. Keras 2.15 finds the module by its path.
    if stack.is_keras_3:
        assert "Could not locate class 'RankAUC'" in done[""].stdout.decode()
