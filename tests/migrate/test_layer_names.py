"""Unnamed layers beside one that has the name which Keras 3 gives: they get the names that Keras 2 gave them."""

import pytest

from compat_auc.migrate import migrate_source

HEAD = "from keras.layers import Dense, Input, SimpleRNN\nfrom keras.models import Sequential\n"


def moved(code, target="keras3"):
    migration = migrate_source(HEAD + code, target)
    return migration.code.removeprefix(HEAD), [finding for finding in migration.reports if finding.code == "CA418"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "Sequential([Dense(8), Dense(1, name='dense')])\n",
            "Sequential([Dense(8, name='dense_1'), Dense(1, name='dense')])\n",
        ),
        (
            "a = Dense(1, name='dense')(x)\nb = Dense(2, 'relu')(a)\n",
            "a = Dense(1, name='dense')(x)\nb = Dense(2, 'relu', name='dense_1')(a)\n",
        ),
        (
            "a = Dense(8)(x)\nb = Dense(1, name='dense')(a)\nc = Dense(2)(b)\n",
            "a = Dense(8, name='dense_1')(x)\nb = Dense(1, name='dense')(a)\nc = Dense(2, name='dense_2')(b)\n",
        ),
        (
            "a = SimpleRNN(8)(x)\nb = SimpleRNN(1, name='simple_rnn')(a)\n",
            "a = SimpleRNN(8, name='simple_rnn_1')(x)\nb = SimpleRNN(1, name='simple_rnn')(a)\n",
        ),
    ],
)
def test_they_get_their_old_names(old, new):
    code, reports = moved(old)
    assert (code.replace('"', "'"), reports) == (new, [])
    assert moved(new) == (new, [])
    assert moved(old, "tf_keras")[1] == []


@pytest.mark.parametrize(
    "code",
    [
        "for n in range(3):\n    x = Dense(8)(x)\nx = Dense(1, name='dense')(x)\n",
        "def block(x):\n    return Dense(8)(x)\nx = Dense(1, name='dense')(block(x))\n",
        "x = [Dense(8) for _ in range(3)]\ny = Dense(1, name='dense')\n",
        "x = Dense(8)(x)\ny = Dense(1, name='dense')(x)\nz = Dense(1, name='dense_1')(y)\n",
        "import keras\nkeras.backend.clear_session()\nx = Dense(8)(x)\ny = Dense(1, name='dense')(x)\n",
        "x = Dense(8)(x)\ny = Dense(1, name='dense')(x) if deep else Dense(3)(x)\nif deep:\n    y = Dense(2)(x)\n",
        "x = Dense(8, **options)(x)\ny = Dense(1, name='dense')(x)\n",
    ],
)
def test_where_the_number_is_not_known_they_are_reported(code):
    new, reports = moved(code)
    assert new == code and len(reports) == 1 and "Give this layer another name" in reports[0].message


@pytest.mark.parametrize(
    "code",
    [
        "x = Dense(8)(x)\ny = Dense(1, name='output')(x)\n",
        "x = Dense(8, name='dense_1')(x)\ny = Dense(1, name='dense')(x)\n",
        "x = LSTM(8)(x)\ny = Dense(1, name='lstm_layer')(x)\n",
    ],
)
def test_names_that_do_not_meet_stay(code):
    assert moved(code) == (code, [])


MEANT = "Model(model.input, model.get_layer('dense_1').output)\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Dense(8, 'relu')(x)\nDense(1)(x)\n", "Dense(8, 'relu', name='dense_1')(x)\nDense(1, name='dense_2')(x)\n"),
        ("Dense(8, name='a')(x)\nDense(1)(x)\n", "Dense(8, name='a')(x)\nDense(1, name='dense_1')(x)\n"),
        ("Dense(8, name='dense_1')(x)\nDense(1)(x)\n", "Dense(8, name='dense_1')(x)\nDense(1)(x)\n"),
    ],
)
def test_a_layer_that_an_old_file_calls_by_its_number_keeps_it(old, new):
    head, model = "from keras.layers.core import Dense\nfrom keras.models import Model\n", f"model = Model()\n{MEANT}"
    migration = migrate_source(f"{head}{old}{model}")
    assert migration.code.replace('"', "'") == f"{head}{new}{model}".replace(".core", "")
    assert migration.reports == ()


def test_a_number_that_is_not_known_is_reported():
    head = "from keras.layers.core import Dense\ndef block(x):\n    return Dense(8)(x)\n"
    old = f"{head}layer = model.get_layer('dense_1')\n"
    assert [(finding.code, finding.line) for finding in migrate_source(old).reports] == [("CA418", 4)]


def test_numbers_of_keras_3_stay():
    """The file has nothing old: its second Dense is called ``dense_1``."""
    text = "import keras\nx = keras.layers.Dense(8)(x)\nx = keras.layers.Dense(1)(x)\nmodel.get_layer('dense_1')\n"
    migration = migrate_source(text)
    assert (migration.code, migration.findings) == (text, ())


HARD_SIGMOID = "recurrent_activation=lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)"


@pytest.mark.parametrize(
    ("head", "layers", "expected"),
    [
        (
            "from keras.layers.core import Dense",
            "keras.layers.LSTM(3); keras.layers.LSTM(4)",
            [f"LSTM had {HARD_SIGMOID}"],
        ),
        ("from keras.layers.core import Dense", "keras.layers.GRU(3)", [f"GRU had {HARD_SIGMOID}, reset_after=False"]),
        (
            "from keras.layers.core import Dense",
            'keras.layers.GRU(3, recurrent_activation="sigmoid"); keras.layers.LSTMCell(4)',
            ["GRU had reset_after=False", f"LSTMCell had {HARD_SIGMOID}"],
        ),
        ("from keras.layers.core import Dense", "keras.layers.CuDNNGRU(3)", []),
        ("from keras.layers.core import Dense", 'keras.layers.LSTM(3, inner_activation="sigmoid")', []),
        ("import tensorflow as tf; x = tf.placeholder(1)", "tf.keras.layers.LSTM(3)", [f"LSTM had {HARD_SIGMOID}"]),
        # Nothing shows that these are older than Keras 2.3 and TensorFlow 2.
        ("from keras.layers import Dense", "keras.layers.LSTM(3)", []),
        ("from tensorflow.keras.layers import Dense", "tf.keras.layers.LSTM(3)", []),
    ],
)
def test_recurrent_layers_that_are_trained_are_reported_once(head, layers, expected):
    reports = migrate_source(f"import keras\nimport tensorflow as tf\n{head}\n{layers}\n").reports
    messages = [report.message for report in reports if report.code == "CA418"]
    assert [message.partition(" by default")[0].partition(": ")[2] for message in messages] == expected
