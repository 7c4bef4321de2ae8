"""What is reported and left alone, and where it is said to be."""

import textwrap

import pytest

from compat_auc.migrate import CannotMigrate, migrate_source


def look(code, target="keras3"):
    code = textwrap.dedent(code).lstrip("\n")
    migration = migrate_source(code, target)
    return migration, [(one.line, one.code) for one in migration.reports]


HEAD = """
import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential

"""


def test_gini_is_not_an_auc():
    migration, reports = look(
        HEAD
        + """
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]

def gini(y_true, y_pred):
    return 2 * auc(y_true, y_pred) - 1

Sequential().compile("sgd", "mse", metrics=[gini])
"""
    )
    assert "def gini(y_true, y_pred):" in migration.code and "metrics=[gini]" in migration.code
    assert [code for _, code in reports] == ["CA104"]  # with gini goes its helper
    assert "tf.metrics.auc(y_true, y_pred)[1]" in migration.code


def test_swapped_hard_and_softmax_are_told_apart():
    body = """
def swapped(y_true, y_pred):
    return tf.metrics.auc(y_pred, y_true)[1]

def hard(y_true, y_pred):
    return tf.metrics.auc(y_true, tf.round(y_pred))[1]

def right(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]

model = Sequential([Dense({units}, activation="{activation}")])
model.compile("sgd", "mse", metrics=[swapped, hard, right])
"""
    _, sigmoid = look(HEAD + body.format(units=1, activation="sigmoid"))
    assert [one for one in sigmoid if one[1] != "CA108"] == [(6, "CA105"), (9, "CA106")]
    _, softmax = look(HEAD + body.format(units=2, activation="softmax"))
    assert [line for line, code in softmax if code == "CA107"] == [6, 9, 12]


def test_contrib_order_is_the_other_way_round():
    _, reports = look(
        HEAD
        + """
def auc(y_true, y_pred):
    return tf.contrib.metrics.streaming_auc(y_true, y_pred)[1]

Sequential().compile("sgd", "mse", metrics=[auc])
"""
    )
    assert (6, "CA105") in reports


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("keras.utils.multi_gpu_model(model, gpus=2)", "CA412"),
        ("keras.wrappers.scikit_learn.KerasClassifier(build)", "CA411"),
        ("keras.backend.function([], [])", "CA404"),
        ("keras.callbacks.EarlyStopping(monitor='val_auc', mode='min')", "CA109"),
        ("tf.estimator.Estimator(model_fn)", "CA305"),
        ("tf.contrib.crf.crf_log_likelihood(x)", "CA304"),
    ],
)
def test_no_equivalent_is_reported_and_stays(call, code):
    migration, reports = look(f"import keras\nimport tensorflow as tf\nx = {call}\n")
    assert call in migration.code
    assert (3, code) in reports


def test_column_of_an_unknown_width_stays():
    migration, reports = look(
        HEAD
        + """
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true[:, 1], y_pred[:, 1])[1]

load().compile("sgd", "mse", metrics=[auc])
"""
    )
    assert (6, "CA104") in reports
    assert "metrics=[auc]" in migration.code


def test_weighted_auc_stays():
    migration, reports = look(
        HEAD
        + """
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred, weights=tf.ones_like(y_true))[1]

Sequential().compile("sgd", "mse", metrics=[auc])
"""
    )
    assert (6, "CA104") in reports
    assert "metrics=[auc]" in migration.code


CALLBACK = """
from keras.callbacks import Callback, EarlyStopping
from sklearn.metrics import roc_auc_score

class RocEval(Callback):
    def __init__(self, training_data, validation_data):
        super().__init__()
        self.x, self.y = training_data
        self.x_val, self.y_val = validation_data

    def on_epoch_end(self, epoch, logs={{}}):
        {body}

{use}
"""


@pytest.mark.parametrize(
    ("body", "use", "codes"),
    [
        ("print(roc_auc_score(self.y_val, self.model.predict(self.x)))", "RocEval((a, b), (c, d))", ["CA202", "CA203"]),
        ("print(roc_auc_score(self.y, self.model.predict(self.x)))", "RocEval((x_val, y_val), (c, d))", ["CA203"]),
        (
            "logs['auc_val'] = roc_auc_score(self.y_val, self.model.predict(self.x_val))",
            "RocEval((a, b), (c, d)); EarlyStopping(monitor='auc_val', mode='max')",
            ["CA202"],
        ),
        (
            "self.last = roc_auc_score(self.y_val, self.model.predict(self.x_val))",
            "roc = RocEval((a, b), (c, d)); print(roc.last)",
            ["CA202"],
        ),
        ("print(roc_auc_score(self.y_val, self.model.predict(self.x_val)))", "RocEval((a, b), (c, d))", []),
        (
            "print(roc_auc_score(self.y_val, self.model.predict(self.x_val), average='macro'))",
            "RocEval((a, b), (c, d))",
            [],
        ),
    ],
)
def test_callbacks(body, use, codes):
    migration, reports = look(CALLBACK.format(body=body, use=use))
    assert sorted(code for _, code in reports) == codes
    assert ("class RocEval" in migration.code) == ("CA202" in codes)


@pytest.mark.parametrize(
    ("constructor", "end", "body", "reason"),
    [
        ("self, x, y", "self, *args", "{auc}", "its on_epoch_end does not name the epoch"),
        ("self, x, y", "*args", "self = args[0]; {auc}", "its on_epoch_end does not name the epoch"),
        ("*args", "self, epoch, logs", "{auc}", "its constructor does not name its arguments"),
        (
            "self, x, y",
            "self, epoch, logs",
            "{auc}\n        if epoch: return\n        with f: pass",
            "depends on epoch",
        ),
        ("self, x, y", "self, epoch, logs", "{auc} if epoch else None", "it depends on epoch"),
        (
            "self, x, y",
            "self, epoch, logs",
            "self.later = lambda: roc_auc_score(self.y, self.model.predict(self.x))",
            "its AUC is not of the data that its constructor takes",
        ),
        (
            "self, x, y",
            "self, epoch, logs",
            "print(roc_auc_score(self.y, keras.models.load_model('best.h5').predict(self.x)))",
            "another model makes its predictions",
        ),
        (
            "self, x, y",
            "self, epoch, logs",
            "print(roc_auc_score(self.y, self.model.predict(self.x, steps=3)))",
            "it calls predict with options",
        ),
        (
            "self, x, y",
            "self, epoch, logs",
            "print(roc_auc_score(self.y, keras.activations.sigmoid(self.model.predict(self.x))))",
            "it takes the AUC of a sigmoid of the predictions",
        ),
    ],
)
def test_a_callback_of_an_unusual_shape_stays(constructor, end, body, reason):
    text = f"""
import keras
from keras.callbacks import Callback
from sklearn.metrics import roc_auc_score

class RocEval(Callback):
    def __init__({constructor}):
        self.x, self.y = x, y

    def on_epoch_end({end}):
        {body.format(auc="print(roc_auc_score(self.y, self.model.predict(self.x)))")}
"""
    migration = migrate_source(text)
    assert [finding.code for finding in migration.findings] == ["CA202"]
    assert reason in migration.findings[0].message and not migration.changed


@pytest.mark.parametrize(
    "text", ["{old}\nfrom . import *\n", "try:\n    from . import *\nexcept ImportError:\n    {old}\n"]
)
def test_a_star_import_from_its_own_package_stops_nothing(text):
    migration = migrate_source(text.format(old="from keras.layers import merge"))
    assert [finding.code for finding in migration.findings] == ["CA413"]
    assert "from . import *" in migration.code


def test_validation_data_of_the_callback():
    _, reports = look(
        """
from keras.callbacks import Callback

class Auc(Callback):
    def on_epoch_end(self, epoch, logs={}):
        x, y = self.validation_data[0], self.validation_data[1]
"""
    )
    assert (5, "CA205") in reports


@pytest.mark.parametrize("code", ["print 'python 2'", "def f(:\n  pass", "x = \0", "x = '\ud800'"])
def test_not_python(code):
    with pytest.raises(CannotMigrate, match=r"Not Python 3|null"):
        migrate_source(code)


def test_unknown_target():
    with pytest.raises(ValueError, match="keras3, tf_keras"):
        migrate_source("", "keras4")


def test_lines_are_those_of_the_original():
    migration, reports = look(
        HEAD
        + """
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]

def loss(y_true, y_pred):
    return tf.contrib.losses.metric_learning.triplet_semihard_loss(y_true, y_pred)

Sequential().compile("sgd", loss, metrics=[auc])
"""
    )
    assert "CA304" in [code for line, code in reports if line == 10]
    assert [one.line for one in migration.findings if one.code == "CA101"] == [6]


def test_what_replaces_tensorflow_addons_is_said_of_each_name_in_use():
    code = """
import tensorflow_addons as tfa
from tensorflow_addons.optimizers import AdamW

print(tfa.metrics.F1Score(num_classes=2), AdamW(1e-4), tfa.text.crf_log_likelihood)
"""
    messages = [finding.message for finding in migrate_source(code).findings if finding.code == "CA423"]
    assert len(messages) == 2
    assert (
        "metrics.F1Score is now keras.metrics.F1Score. optimizers.AdamW is now keras.optimizers.AdamW." in messages[0]
    )
    assert "text.crf_log_likelihood is gone" in messages[0]


def test_one_cause_is_one_finding():
    _, reports = look("""
from keras.models import load_model
from keras.utils import multi_gpu_model

model = multi_gpu_model(load_model("m.h5"), 2)
""")
    assert reports == [(4, "CA412")]
    _, reports = look("""
from keras import backend as K

with K.get_session() as session:
    print(session.graph)
""")
    assert reports == [(3, "CA405")]


def test_a_name_that_nothing_uses_is_reported_where_it_is_imported():
    _, reports = look("""
from keras.utils import multi_gpu_model, to_categorical
print(to_categorical([1]))
""")
    assert reports == [(1, "CA601")]


KERAS_1 = """
from keras import backend as K, initializations
from keras.layers import Dense, Layer

class Attention(Layer):
    def __init__(self, **options):
        self.init = initializations.get("glorot_uniform")
        super(Attention, self).__init__(**options)

    def build(self, input_shape):
        {}

Dense(3, kernel_initializer=initializations.normal)
"""


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("self.b = initializations.uniform((3,))", "CA401"),
        ("self.b = initializations.zero((3,), name='b')", "CA401"),
        ("make(initializations.glorot_normal)", "CA401"),
        ("self.b = initializations.lecun_uniform((3,))", "CA401"),
        ("self.W = self.init((3, 4), name='W')", "CA424"),
    ],
)
def test_functions_of_keras_1_that_made_weights(line, code, target):
    migration, reports = look(KERAS_1.format(line), target)
    assert reports == [(10, code)]
    assert line in migration.code and "initializations.RandomNormal)" in migration.code
    assert not migrate_source(migration.code, target).changed


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("call", ["lambda shape, name: normal(shape, scale=0.01, name=name)", "normal((3, 4))"])
def test_functions_of_keras_1_that_are_imported_by_name(call, target):
    code = f"from keras.initializations import get, normal\nfrom keras.layers import Dense\nw = {call}\n"
    migration, reports = look(code, target)
    assert reports == [(1, "CA601"), (3, "CA401")]
    assert "from keras.initializations import get, normal\n" in migration.code
    code = "from keras.initializations import get, normal as n\nfrom keras.layers import Dense\nDense(3, init=n)\n"
    assert "import get, RandomNormal as n\n" in look(code, target)[0].code


@pytest.mark.parametrize(
    ("call", "keras3", "tf_keras"),
    [
        ("(3,), 'zero', name='b'", None, "shape=(3,), initializer='zero', name='b'"),
        ("[3] + s", None, "shape=[3] + s"),
        ("s, initializer='zero', name='b'", None, "shape=s, initializer='zero', name='b'"),
        ("(3,), 'zero', 'b', False", "shape=(3,), initializer='zero', name='b', trainable=False", ...),
        ("(3,), 'zero', 'float32'", None, "shape=(3,), initializer='zero', dtype='float32'"),
        ("s, 'zero', K.floatx(), name='b'", None, "shape=s, initializer='zero', dtype=K.floatx(), name='b'"),
        ("s, 'zero'", None, None),
        ("n, shape=s", "name=n, shape=s", None),
        ("'b', s, None, 'zero'", "name='b', shape=s, dtype=None, initializer='zero'", None),
        ("n, shape=s, name='b'", None, None),
        ("*s, name='b'", None, None),
    ],
)
def test_arguments_of_add_weight_by_position(call, keras3, tf_keras):
    code = "from keras.layers import Layer\nclass Own(Layer):\n    def build(self, s):\n        self.add_weight({})\n"
    for target, new in (("keras3", keras3), ("tf_keras", keras3 if tf_keras is ... else tf_keras)):
        migration, _ = look(code.format(call), target)
        assert f"self.add_weight({new or call})" in migration.code
        assert any(finding.code == "CA424" for finding in migration.findings) == (new is not None)


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_arguments_of_add_weight_that_are_unclear(target):
    code = "from keras.layers import Layer\nclass Own(Layer):\n    def build(self, s):\n        {}\n"
    migration, reports = look(code.format("self.add_weight((3,), 'zero', s)"), target)
    assert "self.add_weight((3,), 'zero', s)" in migration.code
    assert reports == [(4, "CA424")]


def test_add_weight_of_a_class_whose_base_the_file_does_not_show():
    code = "import keras\nfrom net import Base\nclass Own(Base):\n    def build(self, s):\n        {}\n"
    code = code.format("self.add_weight((3,), 'zero', 'b')")
    assert look(code)[0].code == code


@pytest.mark.parametrize(
    "code",
    [
        "from keras import initializers as start\nw = start.GlorotUniform()((3,))\n",
        "from keras.layers import Layer\nclass Own(Layer):\n    def build(self, _):\n        self.init(3, name='w')\n",
        "from net import initializations\nw = initializations.uniform((3,), name='w')\n",
    ],
)
def test_what_makes_weights_today_stays(code):
    assert migrate_source(code).code == code
    assert not any(finding.code in ("CA401", "CA424") for finding in migrate_source(code).findings)


def test_what_keras_3_has_in_its_backend_stays():
    code = "import keras\nfrom keras import backend as K\nx = K.mean(K.epsilon())\nkeras.backend.clear_session()\n"
    migration, _ = look(code)
    assert migration.code == code.replace("from keras import", "from tensorflow.keras import")
    assert "tf.keras.backend.mean(x)" in look(code + "y = keras.backend.mean(x)\n")[0].code


@pytest.mark.parametrize(("base", "codes"), [("keras.layers.Recurrent", ["CA601"]), ("Base", ["CA416"])])
def test_a_recurrent_layer_that_resets_itself_is_no_metric(base, codes):
    code = f"import keras\nfrom net import Base\nclass Own({base}):\n    def build(self, _):\n"
    code += "        self.reset_states()\n"
    assert [finding.code for finding in migrate_source(code).findings] == codes
