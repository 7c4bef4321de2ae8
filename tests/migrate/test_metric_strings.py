"""``'accuracy'`` and ``'crossentropy'`` are what the loss chose: the old number, or a report with both metrics."""

import re
import textwrap

import numpy as np
import pytest

from compat_auc.migrate import migrate_source
from compat_auc.migrate.tables.since_keras_2_4 import SINCE_KERAS_2_4
from compat_auc.migrate.target_api.api import api

OLD = "from keras.layers import Activation, Dense, Input\nfrom keras.models import Model, Sequential, load_model\n"
ANY_YEAR = "from tensorflow.keras.layers import Dense\nfrom tensorflow.keras.models import Sequential\n"
SEVERAL = 'model = Sequential([Dense(6, activation="sigmoid", input_shape=(3,))])\n'
COMPILE = 'model.compile(loss="binary_crossentropy", optimizer="sgd", metrics=["accuracy"])\n'
WRITTEN = 'metrics=[BinaryAccuracy(name="accuracy")]'


def look(code, target="keras3"):
    migration = migrate_source(textwrap.dedent(code), target)
    return migration.code, [finding for finding in migration.findings if finding.code == "CA417"]


@pytest.mark.parametrize("target, package", [("keras3", "keras"), ("tf_keras", "tf_keras")])
@pytest.mark.parametrize(
    "loss",
    [
        '"binary_crossentropy"',
        "keras.losses.binary_crossentropy",
        "keras.objectives.binary_crossentropy",
        "keras.losses.BinaryCrossentropy(label_smoothing=0.1)",
        'keras.losses.get("binary_crossentropy")',
        "loss",
        'keras.losses.binary_crossentropy if new else "binary_crossentropy"',
        '{"out": "binary_crossentropy"}',
        '["binary_crossentropy"]',
    ],
)
def test_every_spelling_of_the_loss(loss, target, package):
    code = OLD + "import keras\n" + SEVERAL + 'loss = "binary_crossentropy"\n'
    new, findings = look(code + f'model.compile(loss={loss}, optimizer="sgd", metrics=["accuracy", "mae"])\n', target)
    assert 'metrics=[BinaryAccuracy(name="accuracy"), "mae"])' in new
    assert f"from {package}.metrics import BinaryAccuracy\n" in new
    assert [finding.fixable for finding in findings] == [True]


@pytest.mark.parametrize(
    "loss, units",
    [
        ('"binary_crossentropy"', "1"),
        ('"categorical_crossentropy"', "6"),
        ('"sparse_categorical_crossentropy"', "6"),
        ('"mse"', "6"),
        ("lambda y, p: 0", "6"),
        ("own", "6"),
        ("factory(2)", "6"),
        ("Weighted(2)", "6"),
        ("elsewhere.focal_loss", "6"),
        ("K.binary_crossentropy", "6"),
        ("tf.nn.sigmoid_cross_entropy_with_logits", "6"),
        ('"binary_crossentropy"', "len(CLASSES)"),
        ('"binary_crossentropy"', "UNITS"),
    ],
)
def test_one_column_and_other_losses_stay(loss, units):
    code = f"""\
        import tensorflow as tf
        import keras.backend as K
        from keras.layers import Dense
        from keras.models import Sequential
        from mine import elsewhere
        CLASSES = ["yes"]
        UNITS = 1
        def own(y, p): return K.mean(K.binary_crossentropy(y, p))
        def factory(weight):
            def loss(y, p): return weight * K.binary_crossentropy(y, p)
            return loss
        class Weighted: pass
        tf.Session()
        model = Sequential([Dense(8, activation="relu"), Dense({units}, activation="sigmoid")])
        model.compile("sgd", {loss}, metrics=["accuracy", "binary_accuracy"])
    """
    assert look(code)[1] == []


AGES = {
    "from keras.models import Model\n": "rewritten",
    "from keras.utils import np_utils\nimport tensorflow as tf\n": "rewritten",
    "import tensorflow as tf\nwith tf.Session(): pass\n": "rewritten",
    "import tensorflow as tf\ntf.compat.v1.disable_v2_behavior()\n": "rewritten",
    "import tensorflow as tf\nx = tf.contrib.layers.flatten(y)\n": "rewritten",
    "print(history['val_acc'])\n": "rewritten",
    "import tensorflow as tf\n": "reported",
    "import tensorflow as tf\nif tf.__version__ < '2': tf.Session()\n": "reported",
    "from compat_auc import auc_roc\n": "reported",
    "from keras.models import Model\nfrom compat_auc import auc_roc\n": "reported",
    "import tensorflow as tf\ntf.Session()\nlayer = tf.keras.layers.Rescaling(2)\n": "reported",
    "from keras import ops\n": "left",
    "import tensorflow as tf\nlayer = tf.keras.layers.Rescaling(2)\n": "left",
    "import keras_hub\n": "left",
    "model.save('model.keras')\n": "left",
    "import os\nos.environ['KERAS_BACKEND'] = 'jax'\nfrom keras.models import Model\n": "left",
    "score = model.evaluate(x, y, return_dict=True)\n": "left",
}


@pytest.mark.parametrize("sign", AGES)
def test_the_age_of_the_file_decides(sign):
    new, findings = look(sign + ANY_YEAR + SEVERAL + COMPILE)
    outcome = {(): "left", (False,): "reported", (True,): "rewritten"}[tuple(finding.fixable for finding in findings)]
    assert outcome == AGES[sign]
    assert ("BinaryAccuracy(" in new) == (outcome == "rewritten")
    if outcome == "reported":
        assert "binary accuracy up to Keras 2.3 and TensorFlow 2.1" in findings[0].message
        assert "has been categorical accuracy since" in findings[0].message


def test_the_newer_names_are_names_of_today():
    known = api()
    gone = {name for name in SINCE_KERAS_2_4 if not any(known.has(f"{root}.{name}") for root in ("keras", "tf_keras"))}
    # tf.keras had these between TensorFlow 2.2 and 2.15 only.
    assert all("experimental" in name or "mixed_precision" in name for name in gone)


MODELS = {
    "model = Sequential()\nmodel.add(Dense(64))\nmodel.add(Dense(6))\nmodel.add(Activation('sigmoid'))\n": True,
    "model = Sequential()\nmodel.add(Dense(64))\nmodel.add(Dense(1))\nmodel.add(Activation('sigmoid'))\n": False,
    "model = Sequential()\nmodel.add(Dense(n_classes, activation='sigmoid'))\n": True,
    "i = Input((3,))\nx = Dense(9)(i)\nx = Dense(1)(x)\nx = Activation('sigmoid')(x)\nmodel = Model(i, x)\n": False,
    "i = Input((3,))\nx = Dense(1)(i)\nx = Dense(9)(x)\nmodel = Model(inputs=i, outputs=[x])\n": True,
    "def build(units):\n    return Sequential([Dense(units)])\nmodel = build(1)\n": False,
    "def build(units):\n    return Sequential([Dense(units)])\nmodel = build(5)\n": True,
    "def build(units=1):\n    net = Sequential()\n    net.add(Dense(units))\n    return net\nmodel = build()\n": False,
    "model = load_model('model.h5', compile=False)\n": True,
    "class Net(Model):\n    def __init__(self):\n        self.out = Dense(1)\n"
    "    def call(self, x):\n        return self.out(x)\nmodel = Net()\n": False,
    "class Net(Model):\n    def __init__(self):\n        self.out = Dense(7)\n"
    "    def call(self, x):\n        return self.out(x)\nmodel = Net()\n": True,
}


@pytest.mark.parametrize("model", MODELS)
def test_the_columns_of_models_of_all_kinds(model):
    assert (WRITTEN in look(OLD + model + COMPILE)[0]) == MODELS[model]


TWO = """\
i = Input((3,))
a = Dense(5, activation="sigmoid", name="a")(i)
b = Dense(4, activation="softmax", name="b")(i)
c = Dense(1, activation="sigmoid", name="c")(i)
model = Model(i, [a, b])
"""
B, C = '"binary_crossentropy"', '"categorical_crossentropy"'
OUTPUTS = {
    (f"[{B}, {C}]", '["accuracy", auc]'): '[[BinaryAccuracy(name="accuracy"), auc], ["accuracy", auc]]',
    (f"[{B}, {C}]", '[["accuracy"], ["accuracy"]]'): '[[BinaryAccuracy(name="accuracy")], ["accuracy"]]',
    (f"[{C}, {B}]", '{"a": "acc", "b": ["acc"]}'): '{"a": "acc", "b": [BinaryAccuracy(name="acc")]}',
    (f'{{"b": {C}, "a": {B}}}', '{"b": "acc", "a": "acc"}'): '{"b": "acc", "a": BinaryAccuracy(name="acc")}',
    (f'{{"b": {C}, "a": {B}}}', '[["acc"], ["acc"]]'): '[[BinaryAccuracy(name="acc")], ["acc"]]',
    (f"[{C}, {C}]", '["accuracy", auc]'): '["accuracy", auc]',
}


@pytest.mark.parametrize("losses, metrics", OUTPUTS)
def test_each_output_has_its_own_loss(losses, metrics):
    new, _ = look(OLD + TWO + f'model.compile("sgd", {losses}, metrics={metrics})\n')
    assert f"metrics={OUTPUTS[losses, metrics]})" in new


def test_a_list_of_losses_says_how_many_outputs_a_loaded_model_has():
    new, _ = look(OLD + f'load_model("m.h5").compile("sgd", [{B}, {C}], metrics=["accuracy", auc])\n')
    assert 'metrics=[[BinaryAccuracy(name="accuracy"), auc], ["accuracy", auc]])' in new


def test_metrics_under_a_condition_or_among_options():
    new, _ = look(OLD + SEVERAL + COMPILE.replace('["accuracy"]', '["acc"] if quick else ["acc", "mae"]'))
    assert 'metrics=[BinaryAccuracy(name="acc")] if quick else [BinaryAccuracy(name="acc"), "mae"])' in new
    options = f'KEY: 1, "loss": {B}, "metrics": ["acc"]'
    new, _ = look(OLD + SEVERAL + f'options = {{{options}}}\nmodel.compile("sgd", **options)\n')
    assert options.replace('"acc"', 'BinaryAccuracy(name="acc")') in new


def test_a_list_for_several_models_gives_each_its_own_metric():
    head = OLD + 'METRICS = ["accuracy", "mae"]\n'
    build = "def build():\n    " + SEVERAL + "    " + COMPILE.replace('["accuracy"]', "METRICS")
    new, _ = look(head + build)
    assert 'metrics=[BinaryAccuracy(name="accuracy"), "mae"])' in new
    assert 'METRICS = ["accuracy", "mae"]' in new
    new, _ = look(head + SEVERAL + COMPILE.replace('["accuracy"]', "METRICS"))
    assert 'METRICS = [BinaryAccuracy(name="accuracy"), "mae"]' in new
    changed = "METRICS.append('mse')\n"
    new, findings = look(head + changed + build)
    assert "BinaryAccuracy(" not in new
    assert [finding.fixable for finding in findings] == [False]


def test_the_log_key_is_the_one_that_the_script_reads():
    code = OLD + SEVERAL + "h = " + COMPILE + "print(model.fit(x, y).history['val_acc'])\n"
    for target in ("keras3", "tf_keras"):
        assert 'metrics=[BinaryAccuracy(name="acc")]' in look(code, target)[0]


@pytest.mark.parametrize(
    "loss, units, name",
    [
        ("binary_crossentropy", 6, "BinaryCrossentropy"),
        ("categorical_crossentropy", 6, "CategoricalCrossentropy"),
        ("sparse_categorical_crossentropy", 6, "SparseCategoricalCrossentropy"),
        ("mse", 1, "BinaryCrossentropy"),
    ],
)
def test_crossentropy_is_that_of_the_loss(loss, units, name):
    code = OLD + f'model = Sequential([Dense({units})])\nmodel.compile("sgd", "{loss}", metrics=["ce"])\n'
    assert f'metrics=[{name}(name="ce")]' in look(code)[0]
    assert (f"{name}(" in look(code, "tf_keras")[0]) == (loss == "binary_crossentropy")


def test_a_loss_that_cannot_be_followed_is_reported():
    head = "import argparse\nargs = argparse.ArgumentParser().parse_args()\n"
    new, findings = look(head + OLD + SEVERAL + COMPILE.replace('"binary_crossentropy"', "args.loss"))
    assert "BinaryAccuracy(" not in new.replace("write keras", "")
    assert [finding.fixable for finding in findings] == [False]
    assert "this file does not show the loss" in findings[0].message


OF_A_CLASS = """
class Trainer:
    def __init__(self):
        self.named = "binary_crossentropy"
        self.named_twice = "binary_crossentropy"
        self.named_twice = "mse"
        self.wrapped = self.wrapped

    def weighted(self, y, p):
        return 2 * (y - p)

    def build(self):
        model = Sequential([Dense(6)])
        model.compile("sgd", {loss}, metrics=["accuracy"])
"""


@pytest.mark.parametrize(
    "loss, fixable",
    [
        ("self.named", [True]),
        ("self.weighted", []),
        ("self.named_twice", [False]),
        ("self.inherited", [False]),
        ("self.wrapped", [False]),
        ("other.named", [False]),
        ("make_loss()", [False]),
    ],
)
def test_a_loss_in_an_attribute(loss, fixable):
    assert [finding.fixable for finding in look(OLD + OF_A_CLASS.format(loss=loss))[1]] == fixable


@pytest.mark.parametrize("loss", ["again()", "options.loss", "losses[0]"])
def test_a_loss_of_no_known_value_is_reported(loss):
    """Neither a function that calls itself nor a method of the same name says which loss it is."""
    code = "def again():\n    return again()\n\nclass Run:\n    def loss(self, t, p):\n        return t - p\n\n"
    method = "    def build(self, options, losses):\n        " + SEVERAL + "        "
    _, findings = look(OLD + code + method + COMPILE.replace('"binary_crossentropy"', loss))
    assert [finding.fixable for finding in findings] == [False]


def test_a_loss_in_an_attribute_outside_of_classes():
    head = "def build(self):\n    model = Sequential([Dense(6)])\n    "
    assert [finding.fixable for finding in look(OLD + head + COMPILE.replace(B, "self.named"))[1]] == [False]


# Recorded: what evaluate() gave on these rows and weights with Keras 2.0.9, 2.2.4 and 2.3.1 on TensorFlow 1.15.5, and
# with tf.keras of TensorFlow 1.15.5, 2.0.4 and 2.1.4: the same to four places. "ce" came with Keras 2.2.
RECORDED = {
    ("sigmoid", "binary_crossentropy", "accuracy", "labels"): 0.5580,
    ("softmax", "binary_crossentropy", "accuracy", "one_hot"): 0.7478,
    ("softmax", "categorical_crossentropy", "accuracy", "one_hot"): 0.0469,
    ("softmax", "sparse_categorical_crossentropy", "accuracy", "classes"): 0.0469,
    ("sigmoid", "mse", "accuracy", "labels"): 0.0156,
    ("sigmoid", "binary_crossentropy", "ce", "labels"): 1.1541,
    ("softmax", "categorical_crossentropy", "crossentropy", "one_hot"): 4.7299,
    ("softmax", "sparse_categorical_crossentropy", "crossentropy", "classes"): 4.7299,
}


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("activation, loss, metric, truth", RECORDED)
def test_the_migrated_script_gives_the_recorded_number(activation, loss, metric, truth, target):
    rng = np.random.RandomState(0)
    data = {"x": rng.rand(64, 6).astype("float32")}
    weights = (rng.randn(6, 7) * 1.5).astype("float32")
    data["labels"] = (rng.rand(64, 7) < 0.4).astype("float32")
    data["one_hot"] = np.eye(7, dtype="float32")[rng.randint(0, 7, 64)]
    data["classes"] = data["one_hot"].argmax(1).reshape(-1, 1)
    code = f"""\
        from keras.layers import Dense
        from keras.models import Sequential
        model = Sequential([Dense(7, activation="{activation}", input_shape=(6,))])
        model.set_weights([weights, bias])
        model.compile("sgd", "{loss}", metrics=["{metric}"])
        history = model.fit(x, {truth}, batch_size=64, verbose=0).history
        model.set_weights([weights, bias])
        value = model.evaluate(x, {truth}, batch_size=64, verbose=0)[1]
    """
    names = {**data, "weights": weights, "bias": np.zeros(7, "float32")}
    new, _ = look(code, target)
    assert re.search(r"^from (tf_)?keras\.layers", new)
    exec(new, names)
    assert names["value"] == pytest.approx(RECORDED[activation, loss, metric, truth], abs=5.1e-5)
    assert set(names["history"]) == {"loss", metric}


def test_once_more_changes_nothing():
    once, _ = look(OLD + TWO + f'model.compile("sgd", [{B}, {C}], metrics=["accuracy", "mae"])\n')
    again = migrate_source(once)
    assert again.code == once
    assert not again.findings


def test_categorical_crossentropy_is_the_old_loss_of_two_softmax_columns():
    """From the definition: the binary crossentropy of the scores, which Keras took up to TensorFlow 2.2."""
    keras = pytest.importorskip("keras")
    rng = np.random.RandomState(1)
    x, weights = rng.rand(40, 3).astype("float32"), rng.randn(3, 2).astype("float32")
    labels = np.eye(2, dtype="float32")[rng.randint(0, 2, 40)]
    logits = x @ weights
    scores = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    old = -np.mean(labels * np.log(scores) + (1 - labels) * np.log(1 - scores))
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2, activation="softmax")])
    model.set_weights([weights, np.zeros(2, "float32")])
    values = {}
    for loss in ("binary_crossentropy", "categorical_crossentropy"):
        model.compile("sgd", loss)
        values[loss] = model.evaluate(x, labels, verbose=0)
    assert values["categorical_crossentropy"] == pytest.approx(old, abs=1e-6)
    assert abs(values["binary_crossentropy"] - old) > 0.01


def test_a_softmax_inside_the_metric_becomes_an_option_with_the_same_number():
    pytest.importorskip("keras")
    from compat_auc import auc_roc

    rng = np.random.RandomState(2)
    logits = rng.randn(200, 2).astype("float32")
    labels = np.eye(2, dtype="float32")[(logits[:, 1] + rng.randn(200) > 0).astype(int)]
    scores = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    body = "def auc(t, p):\n    return tf.metrics.auc(t{0}, tf.nn.softmax(p){0})[1]\n"
    for column, expected in (("", auc_roc(labels, scores)), ("[:, 1]", auc_roc(labels[:, 1], scores[:, 1]))):
        code = "import tensorflow as tf\n" + OLD + body.format(column)
        code += 'model = Sequential([Dense(2)])\nmodel.compile("sgd", "mse", metrics=[auc])\n'
        written = re.search(r"metrics=\[(.*)\]\)", migrate_source(code).code, re.DOTALL)
        metric = eval(written.group(1), {"auc_roc": auc_roc})
        metric.update_state(labels, logits)
        assert float(metric.result()) == pytest.approx(float(expected), abs=1e-6)


IMPORTED = "from keras import losses\nfrom net import build\nmodel = build(3)\n"


def test_a_function_of_another_file_makes_the_model():
    new, findings = look(IMPORTED + COMPILE)
    assert WRITTEN in new and [finding.fixable for finding in findings] == [True]
    new, _ = look(IMPORTED + COMPILE + "history = model.fit(x, y)\nprint(history.history['val_acc'])\n")
    assert 'metrics=[BinaryAccuracy(name="acc")]' in new


@pytest.mark.parametrize(
    "code",
    [
        IMPORTED.replace("keras", "tensorflow.keras") + COMPILE,  # of any year: nothing says how many columns it has
        IMPORTED.replace("net import", "tflearn import") + COMPILE,
        IMPORTED + COMPILE.replace("binary_", "categorical_"),
        IMPORTED + COMPILE.replace('"binary_crossentropy"', "loss"),
    ],
)
def test_no_guess_is_made_about_a_model_of_another_file(code):
    assert look(code) == (code, [])
