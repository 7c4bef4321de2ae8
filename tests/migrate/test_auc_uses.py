"""Uses of an AUC: none is silent, and none becomes another metric, on both targets."""

import textwrap

import pytest

from compat_auc.migrate import migrate_source

KERAS = """\
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.callbacks import EarlyStopping, ModelCheckpoint
from keras.layers import Activation, Dense
from keras.models import Sequential
from sklearn.metrics import roc_auc_score
"""
TARGETS = pytest.mark.parametrize("target", ["keras3", "tf_keras"])


def look(code, target="keras3", head=KERAS):
    """The migrated code without its head, and the messages of each finding by its code."""
    migration = migrate_source(head + textwrap.dedent(code), target)
    messages = {}
    for finding in migration.findings:
        messages.setdefault(finding.code, []).append(finding.message)
    return migration.code, messages


# Two AUCs of one model ------------------------------------------------------------------------------------------------
NAMED = {
    # The unnamed AUC() of a model: the names that Keras gives them when the first model is made.
    "metrics=[AUC(), 'mse', AUC(curve='PR')]": ["auc", "auc_1"],
    "metrics=[AUC(), AUC(curve='PR'), AUC(name='third')]": ["auc", "auc_1", "third"],
    "metrics={'a': [AUC(), 'mse'], 'b': AUC()}": ["auc", "auc_1"],
    "weighted_metrics=[AUC()]": ["auc"],
}


@TARGETS
@pytest.mark.parametrize("argument", NAMED)
def test_unnamed_aucs_of_a_model_are_numbered(argument, target):
    head = "import tensorflow as tf\nfrom tensorflow.keras.metrics import AUC\n"
    code = f"""
        def train(fold):
            model = build()
            model.compile("adam", "mse", {argument})
            history = model.fit(*fold)
            return history.history["val_auc"]
    """
    new, messages = look(code, target, head)
    names = [part.partition('"')[0].strip("'") for part in new.replace("'", '"').split('name="')[1:]]
    assert names == NAMED[argument]
    assert len(messages["CA109"]) == len([name for name in names if name != "third"])


def test_variables_and_lists_of_a_function_are_numbered_in_the_order_of_their_making():
    head = "import tensorflow as tf\nfrom tensorflow.keras.metrics import AUC\n"
    code = """
        def train():
            pr = AUC(curve="PR")
            model.compile("adam", "mse", metrics=[AUC(), pr])
            return model.fit(x, y).history["auc"]
        def listed():
            return [AUC(), AUC(curve="PR")]
        def appended():
            metrics = []
            metrics.append(AUC())
            metrics.append(AUC(curve="PR"))
            return metrics
    """
    new, _ = look(code, head=head)
    assert 'pr = AUC(curve="PR", name="auc")\n' in new
    assert 'metrics=[AUC(name="auc_1"), pr]' in new
    assert 'return [AUC(name="auc"), AUC(curve="PR", name="auc_1")]' in new
    assert 'metrics.append(AUC(name="auc"))\n' in new
    assert 'metrics.append(AUC(curve="PR", name="auc_1"))\n' in new


@pytest.mark.parametrize(
    "body",
    [
        'model.compile("adam", "mse", metrics=[AUC(curve=curve) for curve in ("ROC", "PR")])',
        'model.compile("adam", "mse", metrics=[made("ROC"), made("PR")])',
    ],
)
def test_several_from_one_expression_are_reported(body):
    head = "from tensorflow.keras.metrics import AUC\ndef made(curve):\n    return AUC(curve=curve)\n"
    code = f"def train():\n    {body}\n    return model.fit(x, y).history['auc']\n"
    new, messages = look(code, head=head)
    assert new == head + code
    assert "Name each AUC(name=...)." in messages["CA109"][0]


@pytest.mark.parametrize(
    "code",
    [
        # Not in a loop or function: Keras numbers them today as it did.
        "model.compile('adam', 'mse', metrics=[AUC(), AUC(curve='PR')])\nprint(model.fit(x, y).history['auc_1'])\n",
        # It counts along with Keras.
        "def train(number):\n    model.compile('adam', 'mse', metrics=[AUC()])\n"
        "    return model.fit(x, y).history['auc'], model.fit(x, y).history['auc_1']\n",
        # No key of theirs is read.
        "def train():\n    model.compile('adam', 'mse', metrics=[AUC(), AUC(curve='PR')])\n",
        # Computed at once, or counted by hand: the name is read nowhere.
        "def area(y, p):\n    print('auc', AUC()(y, p))\n    auc = AUC()\n    auc.update_state(y, p)\n    return auc\n",
        "def train():\n    model.compile('adam', 'mse', metrics=[AUC(name='auc'), AUC(name='pr')])\n    print('auc')\n",
    ],
)
def test_names_that_stay(code):
    head = "from tensorflow.keras.metrics import AUC\n"
    assert look(code, head=head) == (head + code, {})


FACTORY = """
def make(curve):
    def auc(y_true, y_pred):
        return tf.metrics.auc(y_true, y_pred, curve=curve)[1]
    return auc
"""
ALIKE = {
    FACTORY + "model.compile('adam', 'mse', metrics=[make('ROC'), make('PR')])\n": [
        'def make(curve, name="auc"):\n    return auc_roc(curve=curve, name=name)\n',
        "metrics=[make('ROC'), make('PR', name=\"auc_1\")]",
    ],
    "model.compile('adam', 'mse', metrics=[lambda t, p: tf.metrics.auc(t, p)[1], lambda t, p: tf.metrics.auc(t, p, "
    "curve='PR')[1]])\nprint(history['<lambda>_1'])\n": [
        "metrics=[auc_roc, auc_roc(curve='PR', name=\"auc_roc_1\")]",
        "history['auc_roc_1']",
    ],
    "model.compile('adam', 'mse', metrics=['AUC', 'auc'])\n": [
        'metrics=[auc_roc(name="auc"), auc_roc(name="auc_1")]',
    ],
    "roc = lambda t, p: tf.metrics.auc(t, p)[1]\nroc.__name__ = 'auc'\n"
    "pr = lambda t, p: tf.metrics.auc(t, p, curve='PR')[1]\npr.__name__ = 'auc'\n"
    "model.compile('adam', 'mse', metrics=[roc, pr])\n": [
        'metrics=[auc_roc(name="auc"), auc_roc(curve=\'PR\', name="auc_1")]',
    ],
}


@pytest.mark.parametrize("before", ALIKE)
def test_the_second_of_a_name_is_numbered(before):
    new, _ = look(before)
    assert [part for part in ALIKE[before] if part not in new] == []
    again = migrate_source(new)
    assert again.code == new


def test_one_name_for_two_outputs_stays():
    code = "model.compile('adam', 'mse', metrics={'a': auc_roc(name='auc'), 'b': auc_roc(name='auc')})\n"
    head = "from compat_auc import auc_roc\n"
    assert look(code, head=head) == (head + code, {})


# The columns of a softmax ---------------------------------------------------------------------------------------------
AUC = "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)[1]\n"
HEADS = {
    "Dense(2, activation='softmax')": "the two columns",
    "Dense(2), Activation('softmax')": "the two columns",
    "Dense(5, activation='softmax')": "the 5 columns",
    "Dense(CLASSES, activation='softmax')": "all columns",
    "Dense(1, activation='sigmoid')": None,
    "Dense(5, activation='sigmoid')": None,
    "Dense(2)": None,
}


@pytest.mark.parametrize("layers", HEADS)
def test_flattened_columns_of_a_softmax_are_reported(layers):
    code = f"model = Sequential([Dense(9), {layers}])\nmodel.compile('adam', 'mse', metrics=[auc])\n"
    other = "second = Sequential([Dense(1, activation='sigmoid')])\nsecond.compile('adam', 'mse', metrics=['mse'])\n"
    for text in (code, code + other):
        messages = look(AUC + text)[1].get("CA107", [])
        assert len(messages) == (HEADS[layers] is not None)
        assert all(HEADS[layers] in message for message in messages)


def test_each_use_is_looked_at_with_its_own_model():
    column = "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true[:, 0], y_pred[:, 0])[1]\n"
    code = """
        first = Sequential([Dense(3, activation="softmax")])
        first.compile("adam", "categorical_crossentropy", metrics=[auc])
        second = Sequential([Dense(1, activation="sigmoid")])
        second.compile("adam", "binary_crossentropy", metrics=[auc])
    """
    new, _ = look(column + textwrap.dedent(code))
    first, second = " ".join(new.split()).split("second = ")
    assert 'auc_roc(multi_label=True, num_labels=3, label_weights=[1, 0, 0], name="auc")' in first
    assert 'metrics=[auc_roc(name="auc")]' in second


def test_a_column_that_one_of_two_models_lacks_is_reported():
    column = "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true[:, 1], y_pred[:, 1])[1]\n"
    code = """
        first = Sequential([Dense(2, activation="softmax")])
        first.compile("adam", "categorical_crossentropy", metrics=[auc])
        second = Sequential([Dense(1, activation="sigmoid")])
        second.compile("adam", "binary_crossentropy", metrics=[auc])
    """
    new, messages = look(column + textwrap.dedent(code))
    assert "def auc(" in new
    assert "takes one column of an output, and this file does not show how many" in messages["CA104"][0]


def test_the_means_of_labels_follow_each_model():
    code = """
        auc = lambda t, p: tf.py_func(roc_auc_score, [t, p], tf.double)
        first = Sequential([Dense(4, activation="sigmoid")])
        first.compile("adam", "binary_crossentropy", metrics=[auc])
        second = Sequential([Dense(1, activation="sigmoid")])
        second.compile("adam", "binary_crossentropy", metrics=[auc])
    """
    new, _ = look(code)
    first, second = " ".join(new.split()).split("second = ")
    assert "RankAUC(multi_label=True, num_labels=4, name=" in first
    assert "RankAUC(name=" in second


def test_classes_of_the_predictions_only():
    code = """
        def auc(y_true, y_pred):
            return tf.metrics.auc(y_true, {predictions})[1]
        model = Sequential([Dense(2, activation="softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=[auc])
    """
    for predictions in ("K.argmax(y_pred, axis=-1)", "tf.cast(tf.argmax(y_pred, 1), tf.float32)"):
        assert "count" in look(code.format(predictions=predictions))[1]["CA106"][0]
        assert "one-hot labels" in look(code.format(predictions=predictions))[1]["CA106"][0]
    assert "one-hot" not in look(code.format(predictions="tf.round(y_pred)"))[1]["CA106"][0]


@pytest.mark.parametrize(
    "labels, scores, new",
    [
        ("t", "p < 0.5", 'auc_roc(lower_is_positive=True, name="auc")'),
        ("t", "tf.cast(0.5 >= p, tf.float32)", 'auc_roc(lower_is_positive=True, name="auc")'),
        ("t", "K.less(p, 0.5)", 'auc_roc(lower_is_positive=True, name="auc")'),
        ("t > 0.5", "p > 0.5", 'auc_roc(name="auc")'),
        ("t == 1", "0.5 < p", 'auc_roc(name="auc")'),
        ("t == 0", "p", ""),
        ("t < 0.5", "p < 0.5", ""),
        ("tf.equal(t, 0)", "p", ""),
    ],
)
def test_comparisons_that_turn_the_order_around(labels, scores, new):
    code = f"""
        def auc(t, p):
            return tf.metrics.auc({labels}, {scores})[1]
        model = Sequential([Dense(1, activation="sigmoid")])
        model.compile("adam", "binary_crossentropy", metrics=[auc])
    """
    text, messages = look(code)
    assert (f"metrics=[{new}]" in text) if new else ("CA104" in messages)


def test_an_exact_column_that_becomes_thresholds_is_said():
    code = """
        def auc(y_true, y_pred):
            return tf.py_func(roc_auc_score, (y_true[:, {column}], y_pred[:, {column}]), tf.double)
        model = Sequential([Dense({units}, activation="softmax")])
        model.compile("adam", "categorical_crossentropy", metrics=[auc])
    """
    assert "200 thresholds" in look(code.format(column=2, units=3))[1]["CA108"][0]
    assert "200 thresholds" not in look(code.format(column=0, units=1))[1]["CA108"][0]


# The AUCs of tf.contrib -----------------------------------------------------------------------------------------------
KEPT = {
    "streaming_dynamic_auc(t, p)[1]": "RankAUC(name=",
    "streaming_dynamic_auc(predictions=K.flatten(p), labels=K.flatten(t))[0]": "RankAUC(name=",
    "auc_with_confidence_intervals(t, p, alpha=0.9)[0].auc": "RankAUC(name=",
    "auc_with_confidence_intervals(t, p)[0][0]": "RankAUC(name=",
    "auc_with_confidence_intervals(t, p)[0]": "RankAUC(name=",
    "auc_with_confidence_intervals(t, p)[0].lower": "",
    "auc_with_confidence_intervals(t, p)[0][2]": "",
    "streaming_dynamic_auc(t, p, curve='PR')[0]": "",
    "streaming_dynamic_auc(t, p, weights=t)[0]": "",
    "auc_using_histogram(t, p, [0.0, 1.0])": "",
}


@TARGETS
@pytest.mark.parametrize("call", KEPT)
def test_aucs_of_contrib_that_keep_their_scores(call, target):
    code = f"""
        def metric(t, p):
            return tf.contrib.metrics.{call}
        model = Sequential([Dense(1, activation="sigmoid")])
        model.compile("adam", "binary_crossentropy", metrics=[metric])
    """
    new, messages = look(code, target)
    assert "tf_slim" not in new
    assert (KEPT[call] in new) if KEPT[call] else ("CA104" in messages)
    mean = call == "auc_with_confidence_intervals(t, p)[0]"
    assert any("bounds of its interval" in message for message in messages.get("CA108", [])) == mean


@TARGETS
def test_an_inner_metric_is_not_sent_to_tf_slim(target):
    code = """
        def inner(y_true, y_pred):
            value, update = tf.contrib.metrics.streaming_auc(y_pred, y_true)
            with tf.control_dependencies([update]):
                return tf.identity(value)
        def outer(y_true, y_pred):
            return inner(tf.one_hot(tf.cast(y_true, "int32"), 3), y_pred)
        model = Sequential([Dense(3, activation="softmax")])
        model.compile("adam", "mse", metrics=[outer])
    """
    new, messages = look(code, target)
    assert "tf_slim" not in new
    assert "tf.contrib.metrics.streaming_auc(y_pred, y_true)" in new
    assert messages.keys() - {"CA401"} == {"CA104"} and len(messages["CA104"]) == 1


def test_what_fails_in_tf_slim_is_reported_in_graph_code():
    code = """\
        import tensorflow as tf
        labels, scores = tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32, [None])
        auc, update = tf.contrib.metrics.auc_with_confidence_intervals(labels, scores)
        exact, exact_update = tf.contrib.metrics.streaming_dynamic_auc(labels, scores)
        with tf.Session() as sess:
            sess.run(tf.local_variables_initializer())
    """
    new, messages = look(code, head="")
    assert "tf_slim" not in new
    assert len([message for message in messages["CA304"] if "RocCounts" in message]) == 2


@pytest.mark.parametrize("head", ["import torch\n", "import torch\nfrom keras.datasets import imdb\n", ""])
def test_functions_of_other_programs_are_left_alone(head):
    code = """
        from sklearn.metrics import roc_auc_score
        def auc(y_pred, y_true):
            return roc_auc_score(y_true.data, y_pred.data)
        metric_func = auc
    """
    assert "CA104" not in look(code, head=head)[1]


# Names ----------------------------------------------------------------------------------------------------------------
STRINGS = {
    '["auprc"]': '[auc_roc(curve="PR", name="auprc")]',
    '["acc", "PR_AUC"]': '["acc", auc_roc(curve="PR", name="PR_AUC")]',
    '{"out": ["aucpr"]}': '{"out": [auc_roc(curve="PR", name="aucpr")]}',
    '"average_precision"': 'RankAUC(curve="PR", name="average_precision")',
    '["roc_curve", "auc"]': '[auc_roc(name="auc")]',
    '["acc", "auc", "roc_curve"]': '["acc", auc_roc(name="auc")]',
    '["roc_curve"]': "[auc_roc]",
    '["precision_recall_curve", "auc"]': '[auc_roc(curve="PR", name="auc_pr"), auc_roc(name="auc")]',
    '("auprc", "pr_curve")': '(auc_roc(curve="PR", name="auprc"), auc_roc(curve="PR", name="auc_pr"))',
}


@TARGETS
@pytest.mark.parametrize("metrics", STRINGS)
def test_names_of_areas_and_curves(metrics, target):
    new, messages = look(f"model.compile('adam', 'mse', metrics={metrics})\n", target)
    assert f"metrics={STRINGS[metrics]})" in new
    assert any("draws the curve" in message for message in messages["CA102"]) == ("curve" in metrics)


def test_a_curve_whose_key_is_read_keeps_its_name():
    new, _ = look("model.compile('adam', 'mse', metrics=['auc', 'roc_curve'])\nprint(history['val_roc_curve'])\n")
    assert 'metrics=[auc_roc(name="auc"), auc_roc(name="roc_curve")]' in new


def test_gini_is_reported():
    new, messages = look("model.compile('adam', 'mse', metrics=['gini'])\n")
    assert "metrics=['gini']" in new
    assert "2 * AUC - 1" in messages["CA102"][0]


@pytest.mark.parametrize(
    "line",
    [
        "model.compile('adam', 'mse', metrics=['mse', 'precision', 'recall'])",
        "names = ['auprc', 'roc_curve', 'average_precision']",
        "cross_val_score(estimator, x, y, scoring='average_precision')",
        "tuner.compile(metrics='x')",
    ],
)
def test_other_strings_stay(line):
    head = "from tensorflow import keras\nmodel = keras.Sequential()\n"
    assert look(line + "\n", head=head) == (head + line + "\n", {})


# Monitors and log keys ------------------------------------------------------------------------------------------------
FIT = "model.fit(x, y, {validation}, callbacks=[{callback}])\n"
COMPILE = "model.compile('adam', 'mse', metrics=[tf.keras.metrics.AUC(name='auc_roc')])\n"
VALIDATED = ["validation_data=(a, b)", "validation_split=0.1"]
WATCHES = {
    "EarlyStopping(monitor='auc_roc', mode='max')": True,
    "EarlyStopping('auc_roc', patience=3, mode='max')": True,
    "ModelCheckpoint('best.keras', monitor='auc_roc', mode='max')": True,
    "EarlyStopping(monitor='val_auc_roc', mode='max')": False,
    "EarlyStopping(monitor='loss')": False,
}


@pytest.mark.parametrize("callback", WATCHES)
@pytest.mark.parametrize(
    "validation", ["validation_data=(a, b)", "validation_split=0.1", "validation_data=None", "epochs=2"]
)
def test_the_monitored_auc_of_the_training_data(callback, validation):
    _, messages = look(COMPILE + FIT.format(validation=validation, callback=callback))
    assert ("CA115" in messages) == (WATCHES[callback] and validation in VALIDATED)
    assert all("Monitor 'val_auc_roc' for the validation data" in text for text in messages.get("CA115", []))


def test_a_key_that_the_script_logs_itself_may_be_of_any_data():
    code = "class Own(Callback):\n    def on_epoch_end(self, epoch, logs={}):\n        logs['auc'] = area(self.x)\n"
    fit = FIT.format(validation="validation_split=0.1", callback="Own(), EarlyStopping('auc', mode='max')")
    assert "CA115" not in look("from keras.callbacks import Callback\n" + code + fit)[1]


def test_a_key_of_no_metric_of_the_file_is_not_judged():
    fit = FIT.format(validation="validation_split=0.1", callback="EarlyStopping('norm_gini_val', mode='max')")
    assert "CA115" not in look("from mine import Gini\n" + COMPILE + fit)[1]


BOTH = "model = Sequential([Dense(1)])\nmodel.compile('adam', 'binary_crossentropy', metrics=['{metric}'])\n"
READS = {
    "h = model.fit(x, y)\nprint(h.history['val_acc'], h.history['val_accuracy'])": ["val_acc"],
    "print(history['accuracy'])\nEarlyStopping(monitor='val_acc', mode='max')": ["val_acc"],
    "print(history['acc'] if 'acc' in history else history['accuracy'])": [],
    "print(history.get('acc'), history['val_accuracy'])": [],
    "try:\n    print(history['acc'])\nexcept KeyError:\n    print(history['val_accuracy'])": [],
    "plt.legend(['acc', 'val_accuracy'])": [],
    "scores['acc'] = 1\nprint(scores['val_accuracy'])": [],
}


@pytest.mark.parametrize("code", READS)
def test_keys_of_the_other_spelling(code):
    new, messages = look(BOTH.format(metric="accuracy") + code + "\n")
    assert code in new
    assert [text.partition("has '")[2].partition("'")[0] for text in messages.get("CA409", [])] == READS[code]


@TARGETS
@pytest.mark.parametrize(
    "given, is_optimizer", [("Adam(0.1)", True), ("adam", True), ("'adam'", False), ("config", False)]
)
def test_the_rate_of_an_optimizer_that_a_function_is_given(given, is_optimizer, target):
    code = f"""
        from keras.optimizers import Adam
        adam = Adam()
        def rate_metric(optimizer):
            def lr(y_true, y_pred):
                return optimizer.lr
            return lr
        model.compile(adam, "binary_crossentropy", metrics=[rate_metric({given})])
    """
    new, _ = look(code, target)
    assert ("return optimizer.learning_rate\n" in new) == is_optimizer


# Scopes and loops -----------------------------------------------------------------------------------------------------
SCOPED = """
METRICS = ["mse", auc]
strategy = tf.distribute.MirroredStrategy()
{body}
"""
MADE, CHANGED = "made in the call", "changes the list"
SCOPES = {
    "with strategy.scope():\n    model.compile('adam', 'mse', metrics=METRICS)\n": MADE,
    "def build():\n    model.compile('adam', 'mse', metrics=METRICS)\nwith strategy.scope():\n    build()\n": MADE,
    "METRICS.append('mae')\nwith strategy.scope():\n    model.compile('adam', 'mse', metrics=METRICS)\n": CHANGED,
    "model.compile('adam', 'mse', metrics=METRICS)\n": "",
    "with strategy.scope():\n    model.compile('adam', 'mse', metrics=['mse', auc])\n": "",
}


@pytest.mark.parametrize("body", SCOPES)
def test_metrics_made_outside_of_a_scope(body):
    code = AUC + SCOPED.format(body=body)
    assert "CA116" not in look(code)[1]
    new, messages = look(code, "tf_keras")
    assert [SCOPES[body]] * bool(SCOPES[body]) == [
        SCOPES[body] if SCOPES[body] in text else text for text in messages.get("CA116", [])
    ]
    assert ('metrics=["mse", auc_roc(name="auc")]' in new) == (SCOPES[body] == MADE)
    assert migrate_source(new, "tf_keras").code == new


LOOP = """\
import numpy as np
import tensorflow as tf
from sklearn.metrics import roc_auc_score
class Model(object):
    def area(self, sess, feed):
        labels, scores = sess.run([self.labels, self.scores], feed)
        return roc_auc_score(labels, scores)
def evaluate(sess, model):
    aucs, total, count = [], 0.0, 0
    {loop}
        {body}
    return {result}
"""
LOOPS = {
    ("for batch in batches:", "aucs.append(model.area(sess, batch))", "np.mean(aucs)"): True,
    ("for x, y in batches:", "s = sess.run(p, x); aucs.append(roc_auc_score(y, s))", "sum(aucs) / len(aucs)"): True,
    ("while has_batch():", "total += model.area(sess, next_batch()); count += 1", "total / count"): True,
    (
        "for i in range(steps):",
        "auc, _ = model.eval(sess, i, batch_size); aucs.append(auc)",
        "np.mean(aucs)",
    ): True,
    # Means of what is an AUC each, and other values.
    ("for fold, batch in folds:", "aucs.append(model.area(sess, batch))", "np.mean(aucs)"): False,
    ("for batch in batches:", "aucs.append(sess.run(model.loss, batch))", "np.mean(aucs)"): False,
    ("for batch in batches:", "aucs.append(model.area(sess, batch))", "max(aucs)"): False,
    ("for label in range(6):", "aucs.append(roc_auc_score(y[:, label], p[:, label]))", "np.mean(aucs)"): False,
    ("for x, y in batches:", "aucs.append(sess.run(p, x))", "roc_auc_score(labels, np.concatenate(aucs))"): False,
}


@pytest.mark.parametrize("parts", LOOPS)
def test_means_of_the_aucs_of_batches(parts):
    loop, body, result = parts
    _, messages = look(LOOP.format(loop=loop, body=body, result=result), head="")
    assert ("CA117" in messages) == LOOPS[parts]


# The words and the names of a replaced metric -------------------------------------------------------------------------
def compiled(definition, name):
    return f'\n{definition}\n\nSequential().compile("sgd", "mse", metrics=[{name}])\n'


@pytest.mark.parametrize(("scores", "warns"), [("p", True), ("tf.round(p)", False)])
def test_scores_as_truth_values_are_reported(scores, warns):
    """TensorFlow 1 took a score of 0.1 for true. Rounded scores are 0 or 1, for TensorFlow 1 and for Keras."""
    definition = f"def prec(t, p):\n    return tf.metrics.precision(t, {scores})[1]\n"
    new, messages = look(compiled(definition, "prec"))
    assert 'metrics=[Precision(name="prec")]' in new
    assert any("took every score above 0 for positive" in message for message in messages["CA103"]) == warns


def test_a_name_keeps_its_letters():
    new, _ = look(compiled("def fläche(t, p):\n    return tf.metrics.auc(t, p)[1]\n", "fläche"))
    assert 'metrics=[auc_roc(name="fläche")]' in new


@pytest.mark.parametrize(("further", "stays"), [("", False), ("\nprint(again(3))\n", True)])
def test_a_helper_that_calls_itself_goes_with_its_only_user(further, stays):
    definition = (
        "def again(n):\n    return again(n - 1) if n else 200\n\n"
        "def auc(t, p):\n    again(0)\n    return tf.metrics.auc(t, p)[1]\n"
    )
    new, messages = look(compiled(definition, "auc") + further)
    assert 'metrics=[auc_roc(name="auc")]' in new and "def auc(" not in new
    assert ("def again(n):" in new) == stays
    assert ("`def again(n):` is removed, too" in messages["CA101"][0]) == (not stays)


def test_what_a_metric_does_besides_its_auc_is_named():
    definition = (
        "def auc(t, p):\n    print(t.shape)\n    v = tf.metrics.auc(t, p)[1]\n    log.append(v)\n    return v\n"
    )
    _, messages = look(compiled(definition, "auc"))
    assert "`print(t.shape)`" in messages["CA101"][0] and "`log.append(v)`" in messages["CA101"][0]


# The reason that a finding gives --------------------------------------------------------------------------------------
_ASKED = "M.update_state(t, p)\n    return M.result()"
RUNNING = {
    # An AUC() from outside counts on and on. One that the metric makes or resets has the rows of one batch.
    f"M = keras.metrics.AUC()\ndef auc(t, p):\n    {_ASKED}": True,
    "M = keras.metrics.AUC()\ndef auc(t, p):\n    return M(t, p)": True,
    f"M = keras.metrics.AUC()\ndef auc(t, p):\n    M.reset_states()\n    {_ASKED}": False,
    f"def auc(t, p):\n    M = keras.metrics.AUC()\n    {_ASKED}": False,
    f"def new():\n    return keras.metrics.AUC()\ndef auc(t, p):\n    M = new()\n    {_ASKED}": False,
    "def of():\n    M = keras.metrics.AUC()\n    def a(t, p):\n        return M(t, p)\n    return a\nauc = of()": True,
}


@TARGETS
@pytest.mark.parametrize("definition", RUNNING)
def test_whether_an_auc_object_was_ever_reset(definition, target):
    new, messages = look("import keras" + compiled(definition, "auc"), target)
    assert "auc_roc(" in new and len(messages["CA108"]) == 1
    assert ("nothing reset" in messages["CA108"][0]) == RUNNING[definition]
    assert ("mean of the AUCs of batches" in messages["CA108"][0]) != RUNNING[definition]


@pytest.mark.parametrize(
    "body",
    [
        "if mode == 'roc':\n        return tf.metrics.auc(t, p)[1]\n    return tf.metrics.auc(t, p, curve='PR')[1]",
        "v = tf.metrics.auc(t, p)\n    if mode == 'pr':\n        v = tf.metrics.auc(t, p, curve='PR')\n    return v[1]",
    ],
)
def test_a_metric_with_branches_is_not_said_to_compute_something_else(body):
    _, messages = look(compiled(f"def auc(t, p, mode='roc'):\n    {body}", "auc"))
    assert "its branches compute different things" in messages["CA104"][0] and len(messages["CA104"]) == 1


@pytest.mark.parametrize(("second", "count"), [("Dense(4, activation='softmax')", 1), ("Dense(4)", 0)])
def test_each_output_of_a_metric_is_looked_at(second, count):
    code = f"""
        from keras.layers import Input
        from keras.models import Model
        def auc(t, p):
            return tf.metrics.auc(t, p)[1]
        x = Input((3,))
        model = Model(x, [Dense(1, activation="sigmoid")(x), {second}(x)])
        model.compile("sgd", ["binary_crossentropy", "categorical_crossentropy"], metrics=[auc])
    """
    messages = look(code)[1].get("CA107", [])
    assert len(messages) == count and all("the 4 columns of a softmax" in message for message in messages)


def test_a_metric_of_a_factory_has_one_note():
    definition = (
        "def make(curve):\n    def auc(t, p):\n        return tf.metrics.auc(t, p, curve=curve)[1]\n    return auc\n"
        'pr = make("PR")'
    )
    new, messages = look(compiled(definition, "pr"))
    assert 'return auc_roc(curve=curve, name="auc")' in new and len(messages["CA108"]) == 1


def test_a_finding_inside_of_code_that_others_use_stays():
    """The helper is called by hand, too. So it stays when the user takes another metric, and needs a session."""
    helper = (
        "def auc(t, p):\n    value, update = tf.metrics.auc(t, p)\n"
        "    K.get_session().run(tf.local_variables_initializer())\n    return value\n"
        "def gini(t, p):\n    return 2 * auc(t, p) - 1\n"
    )
    assert {"CA104"} == look(compiled(helper, "gini"))[1].keys() - {"CA306", "CA401"}
    assert {"CA104", "CA601"} <= look(compiled(helper, "gini") + "\nprint(auc(a, b))\n")[1].keys()


def test_a_callback_that_keeps_its_best_score_is_not_said_to_depend_on_its_interval():
    code = """
        from keras.callbacks import Callback
        class Best(Callback):
            def __init__(self, x_val, y_val, interval=1):
                self.x_val, self.y_val = x_val, y_val
                self.interval = interval
                self.best = 0
            def on_epoch_end(self, epoch, logs={}):
                if epoch % self.interval == 0:
                    score = roc_auc_score(self.y_val, self.model.predict(self.x_val))
                    if score > self.best:
                        self.best = score
        model.fit(x, y, callbacks=[Best(a, b)])
    """
    (message,) = look(code)[1]["CA202"]
    assert "because it depends on score > self.best." in message


def test_a_report_has_the_words_of_the_code_that_it_is_about():
    """The first round says that the data is unknown, and makes the generator's method predict()."""
    code = """
        from keras.callbacks import Callback
        class Area(Callback):
            def __init__(self, data, labels):
                self.data, self.labels = data, labels
            def on_epoch_end(self, epoch, logs={}):
                print(roc_auc_score(self.labels, self.model.predict_generator(self.data, steps=9)))
        Sequential().fit(x, y, callbacks=[Area(a, b)])
    """
    (message,) = look(code)[1]["CA202"]
    assert "because it calls predict with options." in message
