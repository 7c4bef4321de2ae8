"""What a metric or callback computed before ``migrate`` is what it computes after, or a finding says that it differs.

The old code runs on the stand-ins for TensorFlow 1 and Keras, the new code on the same with the real compat_auc.
"""

import itertools
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from standins import Model, auc, execute

import compat_auc
from compat_auc.migrate import migrate_source
from tests.golden.golden import STACKS, cases

# Findings that say that the number itself is another one. (CA108 is of epochs and batches: here both are one.)
DIFFERS = {"CA103", "CA105", "CA106"}
ROWS = (40, 97)
CASES = Path(__file__).parent / "cases" / "rewrites"
# The recorded cases with columns: how many, and what the labels are for.
COLUMNS = {"logits_and_column": 3, "py_func_heads": 6, "softmax_inside": 2, "swapped_and_hard": 2}
# Why the old metric of a case cannot run on the stand-ins, or is another number.
NOT_RUN = {
    "auc_string_of_keras": "the string is a metric of Keras itself, which TensorFlow 1 did not have",
    "auc_strings_by_condition": "old Keras raised for these strings",
    "auc_strings_in_lists_of_lists": "old Keras raised for these strings",
    "closure_factory": "only a function that nothing calls compiles its metrics; test_auc_uses.py has one that runs",
    "contrib_module_alias": "its metrics stand in the third argument of compile, and in custom_objects",
    "methods_of_a_class": "only a method that nothing calls compiles its metric; a name of the class holds no AUC",
    "named_where_it_is_used": "it is a metric of a function that nothing calls, with the name that the function gets",
    "names_from_a_star_import": "its star import brings names from a module that is not there",
    "names_in_a_variable": "old Keras raised for these strings",
    "nested_and_indented": "its metric is in a method that nothing calls",
    "rates_1000": "it runs, and differs: it sums rectangles, where auc_roc has trapezoids (CA108 says so)",
    "session_blocks": "it trains in a session, which the stand-ins do not have",
    "slim_metric": "its metric is in a function that nothing calls",
    "starts_with_a_function": "old Keras raised for its string",
    "tried_names": "old Keras raised for these strings",
}


def batch(seed, rows, columns):
    """Labels and scores of (rows, columns), every column with both classes."""
    rng = np.random.default_rng(seed)
    labels = (rng.random((rows, columns)) < 0.4).astype("float32")
    labels[0], labels[1] = 0, 1
    scores = np.clip(0.3 * labels + rng.random((rows, columns)) * 0.7, 0.001, 0.999).astype("float32")
    return labels, scores


def old_value(metric, labels, scores):
    value = metric(labels, scores)
    return float(np.mean(value[-1] if isinstance(value, tuple) else value))


def is_new(metric):
    return isinstance(metric, str) or hasattr(metric, "update_state")


def check_equal(metric, labels, scores, expected):
    """auc_roc computes the same; RankAUC, which counts on buckets, something with the same within its bounds."""
    made = metric() if isinstance(metric, str) else metric
    made.update_state(labels, scores)
    if type(made).__name__ == "RankAUC":
        counts = made.counts() if isinstance(made.counts(), list) else [made.counts()]
        low, high = np.mean([one.bounds() for one in counts], axis=0)
        assert low - 1e-9 <= expected <= high + 1e-9
        assert high - low < 0.02
        assert low - 1e-6 <= float(np.mean(made.result())) <= high + 1e-6
    else:
        assert float(np.mean(made.result())) == pytest.approx(expected, abs=2e-6)


def check_metrics(before, labels, scores):
    """Compare all metrics of a script on one batch; how many were replaced."""
    migration = migrate_source(before)
    codes = {finding.code for finding in migration.findings}
    old, new = (execute(code, batch(0, 9, 3)).metrics for code in (before, migration.code))
    assert [len(one) for one in old] == [len(one) for one in new]
    found = [pair for several in zip(old, new) for pair in zip(*several) if not isinstance(pair[0], str)]
    replaced = [(one, other) for one, other in found if is_new(other)]
    assert len(replaced) == len(found) or "CA104" in codes
    for one, other in replaced:
        expected = old_value(one, labels, scores)
        if not codes & DIFFERS:
            check_equal(other, labels, scores, expected)
    return len(replaced)


HEAD = """
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
from sklearn.metrics import auc as area, roc_auc_score, roc_curve

"""
MODEL = """
model = Sequential([Dense({units}, activation="sigmoid")])
model.compile("adam", "mse", metrics=[metric])
"""
# What a metric does to its labels and to its scores before the AUC.
LABEL_ROADS = ["t", "tf.cast(t, tf.int32)", "tf.reshape(t, [-1])", "t > 0.5", "1 - t", "t[:, 0]"]
SCORE_ROADS = """
p; tf.reshape(p, [-1]); tf.clip_by_value(p, 1e-7, 1 - 1e-7); tf.clip_by_value(p, 0.4, 0.6); tf.round(p); p > 0.5; 1 - p
p * 0.5; tf.cast(p, tf.int32); tf.cast(p, tf.float64); p[:, 0]; K.mean(p, axis=-1); tf.identity(p); p ** 2
tf.sigmoid(p); K.abs(p); K.clip(p, K.epsilon(), 1 - K.epsilon()); tf.clip_by_value(p, 0.0, 0.5)
"""
CALLS = {
    "tf1": "tf.metrics.auc({labels}, {scores})[1]",
    "options": "tf.metrics.auc({labels}, {scores}, num_thresholds=500, curve='PR')[1]",
    "streaming": "tf.contrib.metrics.streaming_auc({scores}, {labels})[1]",
    "dynamic": "tf.contrib.metrics.streaming_dynamic_auc({labels}, {scores})[1]",
    "interval": "tf.contrib.metrics.auc_with_confidence_intervals({labels}, {scores})[0].auc",
    "careful": "tf.metrics.auc({labels}, {scores}, None, 100, None, None, 'PR', 'n', 'careful_interpolation')[1]",
}


def run_metric(body, units, rows=50):
    before = HEAD + "def metric(t, p):\n" + textwrap.indent(body, "    ") + MODEL.format(units=units)
    return check_metrics(before, *batch(rows, rows, units))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("units", [1, 3])
def test_metrics_over_roads_of_all_kinds(call, units):
    """Whatever is done to labels and scores: the same number, a finding, or the function stays."""
    replaced = 0
    roads = [road.strip() for road in SCORE_ROADS.replace("\n", ";").split(";") if road.strip()]
    for labels, scores in itertools.product(LABEL_ROADS if call == "tf1" else ["t"], roads):
        if units > 1 and (("[:, 0]" in labels) != ("[:, 0]" in scores) or "mean" in scores):
            continue  # labels and scores of other sizes: the old one failed
        replaced += run_metric("return " + CALLS[call].format(labels=labels, scores=scores), units)
    assert replaced > 5


def rewritten_cases():
    """The recorded cases in which a metric over an AUC is rewritten."""
    for path in sorted(CASES.glob("*.before.py")):
        findings = migrate_source(path.read_text("utf-8")).findings
        if any(finding.fixable and finding.code in ("CA101", "CA102") for finding in findings):
            yield path.name.partition(".")[0]


def check_names(before, labels, scores):
    """Compare the metrics that stand under a name of the script with what the finding says; how many were compared."""
    migration = migrate_source(before, exported=frozenset())
    old, new = (execute(code, batch(0, 9, 3)).names for code in (before, migration.code))
    compared = 0
    codes = {finding.code for finding in migration.findings}
    for finding in migration.findings:
        said = re.match(r"The AUC metric `(\w+)` is now (.+) of compat_auc\.", finding.message)
        name, expression = said.groups() if said else ("", "")
        metric = old.get(name)
        if callable(metric) and not codes & DIFFERS:
            imported = {"auc_roc": compat_auc.auc_roc, "RankAUC": compat_auc.RankAUC}
            check_equal(eval(expression, {**new, **imported}), labels, scores, old_value(metric, labels, scores))
            compared += 1
    return compared


REWRITTEN = sorted(rewritten_cases())


@pytest.mark.parametrize("name", REWRITTEN)
def test_every_case_with_a_rewritten_metric_is_run(name):
    """Each case of a rewrite computes the same before and after, or NOT_RUN says why it cannot."""
    before = (CASES / f"{name}.before.py").read_text("utf-8")
    if name in NOT_RUN:
        return
    for rows in ROWS:
        labels, scores = batch(rows, rows, COLUMNS.get(name, 1))
        assert check_metrics(before, labels, scores) or check_names(before, labels, scores)


def test_a_reason_belongs_to_a_case():
    assert NOT_RUN.keys() | COLUMNS.keys() <= set(REWRITTEN)


@pytest.mark.parametrize("stack", STACKS)
def test_the_stand_in_is_what_tensorflow_1_recorded(stack):
    """The old side of every comparison here is the AUC that the real TensorFlow 1 computed."""
    compared = 0
    for several in cases(stack).values():
        for case in several:
            labels, scores, weights = case.arrays()
            if weights is None and 0 < np.mean(labels) < 1:
                value = float(auc(labels, scores, **case.options)[1])
                assert value == pytest.approx(case.values[-1], abs=3e-6), (case.input, case.options)
                compared += 1
    assert compared > 30


PYTHON_BODIES = {
    "roc_auc_score(a, b)": True,
    "roc_auc_score(a, b, average='micro')": True,
    "roc_auc_score(a.ravel(), b.ravel())": True,
    "area(*roc_curve(a.ravel(), b.ravel())[:2])": True,
    "area(*roc_curve(a.ravel(), b.ravel())[1::-1])": False,
    "roc_auc_score(a, b, average='weighted')": False,
    "roc_auc_score(a.ravel(), b.ravel(), max_fpr=0.2)": False,
    "2 * roc_auc_score(a, b) - 1": False,
    "roc_auc_score(a, 1 - b)": False,
    "roc_auc_score(a, np.log(b))": False,
}


@pytest.mark.parametrize("units", [1, 3])
@pytest.mark.parametrize("text", PYTHON_BODIES)
def test_python_functions_of_scikit_learn(text, units):
    body = f"return tf.py_func(lambda a, b: {text}, [t, p], tf.float64)"
    assert run_metric(body, units) == PYTHON_BODIES[text]


def test_a_linear_head_is_no_error():
    """scikit-learn's AUC takes logits, and so does what replaces it."""
    before = HEAD + "metric = lambda t, p: tf.py_func(roc_auc_score, [t, p], tf.double)\n" + MODEL.format(units=1)
    labels, scores = batch(1, 60, 1)
    assert check_metrics(before, labels, 8 * scores - 4) == 1


CALLBACK = """
import numpy as np
from keras.callbacks import Callback
from keras.layers import Dense
from keras.models import Sequential
from sklearn.metrics import roc_auc_score

SLOW = False


class Roc(Callback):
    def __init__(self, x_val, y_val, every=3):
        super().__init__()
        self.x_val, self.y_val = x_val, y_val
        self.period = {stored}

    def on_epoch_end(self, epoch, logs={{}}):
        {condition}:
            p = self.model.predict({inputs})
            logs["auc"] = roc_auc_score({truth}, {scores})


model = Sequential([Dense({units})])
model.fit(x, y, callbacks=[Roc({given})])
"""
USUAL = dict(condition="if epoch % 1 == 0", stored="every", inputs="self.x_val", truth="self.y_val", scores="p")
CONDITIONS = {
    "if True": False,
    "if epoch % self.period == 0": True,
    "if epoch % 2 == 0": True,
    "if SLOW": False,
    "if epoch": False,
    "if logs": False,
    "if (epoch + 1) % self.period == 0": False,
    "if epoch % self.period": False,
    "if not epoch % self.period": False,
    "if epoch % self.period == 1": False,
    "if epoch % self.period == 0 and epoch": False,
    "for _ in [1]": False,
}
SCORES = {
    "p": True,
    "p.ravel()": True,
    "p.reshape(-1)": True,
    "np.squeeze(p)": True,
    "p[:, 0]": True,
    "p[:, -1]": True,
    "1 - p": False,
    "p.round()": False,
    "p > 0.5": False,
    "-p": False,
    "p ** 2": False,
    "np.round(p, 1)": False,
    "p.astype(int) + p": False,
}


def measure(code, rows):
    """What the callback of a script measures in six epochs."""
    rng = np.random.default_rng(rows)
    world = execute(code, (rng.normal(size=(rows, 3)), (rng.random(rows) < 0.5).astype(int)))
    ((callback,),) = world.callbacks
    net = type("Net", (Model,), {"world": world})()
    callback.set_model(net)
    measured = []
    for epoch in range(6):
        net.epoch = epoch
        logs = {"loss": 0.0}
        callback.on_epoch_end(epoch, logs)
        measured.append([value for key, value in sorted(logs.items()) if key != "loss" and value == value])
    return measured


def goes(rows=60, units=1, given="x, y", **parts):
    """Whether the callback is replaced; by one that measures the same in the same epochs."""
    before = CALLBACK.format(**{**USUAL, "units": units, "given": given, **parts})
    migration = migrate_source(before)
    stays = "class Roc" in migration.code
    assert stays == ("CA202" in {finding.code for finding in migration.findings})
    if not stays:
        old, new = measure(before, rows), measure(migration.code, rows)
        assert new == [pytest.approx(one, abs=1e-9) for one in old]
        assert any(new)
    return not stays


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("stored", ["every", "every * 2", "4"])
@pytest.mark.parametrize("given", ["x, y", "y_val=y, x_val=x, every=4"])
def test_callbacks_under_conditions(condition, stored, given):
    computed = stored == "every * 2" and "self.period" in condition
    assert goes(condition=condition, stored=stored, given=given) == (CONDITIONS[condition] and not computed)


@pytest.mark.parametrize("scores", SCORES)
def test_callbacks_over_scores_of_all_kinds(scores):
    assert goes(97, scores=scores) == SCORES[scores]


@pytest.mark.parametrize("truth", ["self.y_val", "1 - self.y_val", "self.y_val[::1]", "np.asarray(self.y_val)"])
@pytest.mark.parametrize("inputs", ["self.x_val", "self.x_val * 2", "self.x_val[:]"])
def test_callbacks_on_data_of_all_kinds(truth, inputs):
    same = truth in ("self.y_val", "np.asarray(self.y_val)") and inputs == "self.x_val"
    assert goes(truth=truth, inputs=inputs) == same


@pytest.mark.parametrize("column", [0, 1, -1])
def test_a_column_of_several_stays(column):
    assert not goes(units=2, scores=f"p[:, {column}]")
