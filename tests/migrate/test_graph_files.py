"""Graph code with helpers of Keras is graph code: all of it moves to ``tensorflow.compat.v1``."""

import pytest

from compat_auc.migrate import migrate_source

GRAPH = """
x = tf.placeholder(tf.float32, [None, 3])
w = tf.get_variable("w", [3, 2])
tf.summary.scalar("norm", tf.nn.l2_loss(w))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
"""
HELPERS = [
    ("import keras", "labels = keras.utils.to_categorical([0, 1], 2)"),
    ("from keras.utils import to_categorical", "labels = to_categorical([0, 1], 2)"),
    ("from keras.preprocessing.sequence import pad_sequences", "rows = pad_sequences([[1], [2, 3]])"),
    ("from keras.datasets import mnist", "rows = mnist.load_data()"),
    ("from keras import backend as K", "loss = K.mean(K.square(2.0))"),
    ("", "loss = tf.keras.losses.binary_crossentropy([1.0], [0.5])"),
    ("", "w = tf.get_variable('v', [3], initializer=tf.keras.initializers.he_normal())"),
    ("from tensorflow.keras import regularizers", "penalty = regularizers.l2(0.1)"),
    ("from tensorflow import keras", "(x_train, y_train), _ = keras.datasets.imdb.load_data()"),
]
MOVED = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize(("line", "use"), HELPERS)
def test_a_helper_of_keras_stays_in_the_graph(line, use, target):
    migration = migrate_source(f"import tensorflow as tf\n{line}\n{use}\n{GRAPH}", target)
    assert migration.code.startswith(MOVED)
    assert migration.code.endswith(GRAPH)
    assert {finding.code for finding in migration.findings} <= {"CA302", "CA401"}
    assert "import tensorflow as tf\n" not in migration.code


@pytest.mark.parametrize("head", ["tf.keras.layers.Dense(1)(x)", "tf.keras.layers.Flatten()(tf.layers.dense(x, 1))"])
def test_layers_of_tensorflow_in_a_model_fn(head):
    text = f"""import tensorflow as tf

def model_fn(features, labels, mode):
    x = features["x"]
    scores = tf.sigmoid({head})
    loss = tf.losses.log_loss(labels, scores)
    auc = tf.metrics.auc(labels, scores)
    return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={{"auc": auc}})

estimator = tf.estimator.Estimator(model_fn)
"""
    migration = migrate_source(text)
    assert 'os.environ["TF_USE_LEGACY_KERAS"] = "1"' in migration.code
    assert migration.code.endswith(text.partition("\n")[2])
    assert {finding.code for finding in migration.findings} == {"CA302", "CA305"}
    assert not migrate_source(migration.code).changed


KERAS = {
    "a compiled model": f"from keras.models import load_model\nmodel = load_model('m.h5')\nmodel.compile()\n{GRAPH}",
    "a model of another file": "from net import build\nfrom keras.utils import to_categorical\nbuild().compile('sgd')\n"
    + GRAPH,
    "a session that Keras gets": f"from keras import backend as K\nK.set_session(tf.Session())\n{GRAPH}",
    "a session that only configures": "from keras.utils import to_categorical\nfrom net import build\n"
    "sess = tf.Session(config=tf.ConfigProto())\nbuild().fit(to_categorical([1]))\n",
    "a metric of Keras": "from keras import backend as K\ndef auc(y_true, y_pred):\n"
    "    value = tf.get_variable('v', [1])\n    return K.mean(value)\n",
    "eager code": "tf.enable_eager_execution()\nfrom keras.utils import to_categorical\n"
    "optimizer = tf.train.AdamOptimizer()\n",
    "layers of the package keras": f"from keras.layers import Dense\ny = Dense(1)\n{GRAPH}",
}


@pytest.mark.parametrize("kind", KERAS)
def test_keras_code_is_no_graph(kind):
    assert "disable_v2_behavior" not in migrate_source(f"import tensorflow as tf\n{KERAS[kind]}").code


@pytest.mark.parametrize(
    ("imports", "cell"),
    [
        ("", "tf.contrib.rnn.GRUCell(3)"),
        ("from tensorflow.contrib import rnn\n", "rnn.BasicLSTMCell(3)"),
        ("import tensorflow.contrib.rnn as crnn\n", "crnn.MultiRNNCell([crnn.LSTMCell(3)])"),
        ("from tensorflow.contrib.rnn import LSTMCell, MultiRNNCell as Multi\n", "Multi([LSTMCell(3)])"),
        ("from tensorflow.contrib import rnn\n", "rnn.static_rnn(None, x)"),
    ],
)
def test_cells_of_contrib(imports, cell):
    text = f"import tensorflow as tf\n{imports}x = tf.placeholder(tf.float32, [None, 5, 3])\ncell = {cell}\n"
    migration = migrate_source(text)
    assert "contrib" not in migration.code
    assert all(finding.fixable for finding in migration.findings)
    assert ("TF_USE_LEGACY_KERAS" in migration.code) == ("Cell" in cell)
    assert not migrate_source(migration.code).changed


def test_a_cell_without_successor_is_reported():
    text = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\ncell = tf.contrib.rnn.LayerNormBasicLSTMCell(3)\n"
    assert [finding.code for finding in migrate_source(text).reports] == ["CA304"]


PAIR = """import tensorflow as tf
def build(params):
    def eval_fn(net, features):
        {}
    return eval_fn
"""


def test_a_pair_of_graph_code_is_no_metric_of_keras():
    migration = migrate_source(PAIR.format("return tf.metrics.auc(features['y'], tf.sigmoid(net(features)))"))
    assert migration.reports == ()
    assert "import tensorflow.compat.v1 as tf" in migration.code


def test_its_update_alone_may_be_one():
    migration = migrate_source(PAIR.format("return tf.metrics.auc(features['y'], tf.sigmoid(net(features)))[1]"))
    assert [finding.code for finding in migration.reports] == ["CA104"]
