"""Unnamed layers beside one that has the name which Keras 3 gives: they get the names that Keras 2 gave them."""

import pytest

from compat_auc.migrate import migrate_source

HEAD = "from keras.layers import Dense, Input, LSTM\nfrom keras.models import Sequential\n"


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
            "a = LSTM(8)(x)\nb = LSTM(1, name='lstm')(a)\n",
            "a = LSTM(8, name='lstm_1')(x)\nb = LSTM(1, name='lstm')(a)\n",
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
