"""Whatever old code stands in a file: the result parses, a second run changes nothing, and unrelated lines are kept."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compat_auc.migrate import migrate_source

METRICS = [
    "def auc(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred, num_thresholds={n})[1]\n",
    "def {name}(a, b):\n    v, u = tf.contrib.metrics.streaming_auc(b, a, curve='PR')\n"
    "    with tf.control_dependencies([u]):\n        v = tf.identity(v)\n    return v\n",
    "{name} = lambda t, p: tf.metrics.auc(t, p)[1]\n",
    "@as_keras_metric\ndef {name}(y_true, y_pred):\n    return tf.metrics.auc(y_true, y_pred)\n",
]
OLD = [
    "model.fit_generator(gen, samples_per_epoch={n}, nb_epoch=3, workers=2, max_q_size={n})\n",
    "opt = keras.optimizers.SGD(lr=0.{n}, decay=1e-{n}, momentum=0.9)\n",
    "x = keras.utils.np_utils.to_categorical([0], {n})\n",
    "layer = keras.layers.core.Dense(output_dim={n}, init='uniform')\n",
    "model.compile('sgd', 'mse', metrics=['accuracy', auc])\n",
    "model.compile('sgd', 'mse', metrics=[{name}])\n",
    "stop = keras.callbacks.EarlyStopping(monitor='val_auc')\n",
    "tf.set_random_seed({n})\n",
    "K.set_session(tf.Session(config=tf.ConfigProto()))\n",
    "keras.callbacks.ModelCheckpoint('w{n}.hdf5')\n",
]
UNRELATED = [
    "value_{n} = [\n    {n},\n    'nb_epoch',\n]  # kept\n",
    "if True: {name}_x = {n}; other = '''a\n  b'''\n",
    "class Thing{n}(object):\n\n    # a comment at the end\n    pass\n    # trailing\n",
    "for i in range({n}):\n\tprint(i); i += 1\n",
    "# commented out: def auc(y_true, y_pred):\n\n\n",
    "print('\\u00e9', {n})\n",
]
names = st.sampled_from(["auc", "roc", "auc_roc", "my_auc", "area"])
numbers = st.integers(min_value=1, max_value=9)


def pieces(options, related=True):
    """A piece of a script, and whether a rule may touch it."""
    return st.builds(
        lambda text, name, n: (text.format(name=name, n=n), related), st.sampled_from(options), names, numbers
    )


scripts = st.lists(pieces(METRICS) | pieces(OLD) | pieces(UNRELATED, related=False), min_size=1, max_size=9)
HEADER = "import keras\nimport keras.backend as K\nimport tensorflow as tf\nmodel = keras.models.Sequential()\n"


@settings(max_examples=40, deadline=None)
@given(scripts, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["keras3", "tf_keras"]))
def test_parses_rests_and_keeps(parts, newline, target):
    code = (HEADER + "".join(text for text, _ in parts)).replace("\n", newline)
    migration = migrate_source(code, target)
    ast.parse(migration.code)
    assert not migrate_source(migration.code, target).changed
    assert ("\r\n" in migration.code) == (newline == "\r\n")
    assert migration.code.replace("\r\n", "").count("\r") == 0
    for text, related in parts:
        assert related or text.replace("\n", newline).strip() in migration.code


@settings(max_examples=60, deadline=None)
@given(st.lists(pieces(UNRELATED), min_size=1, max_size=6))
def test_code_without_a_rule_is_untouched(parts):
    code = "import keras\n" + "".join(text for text, _ in parts)
    assert migrate_source(code).code == code


@pytest.mark.parametrize("ending", ["", "\n", "\n\n\n", "  # last", "\r\n"])
def test_end_of_file_is_kept(ending):
    code = "import keras\nkeras.utils.np_utils.to_categorical(x)" + ending
    assert migrate_source(code).code == "import keras\nkeras.utils.to_categorical(x)" + ending
