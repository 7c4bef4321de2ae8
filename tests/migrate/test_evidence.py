"""A rewrite needs evidence: code of other libraries stays untouched and unreported, and nothing is dropped unsaid."""

import ast
import re
from pathlib import Path

import pytest

from compat_auc.migrate import migrate_source

CASES = Path(__file__).parent / "cases" / "rewrites"
# A metric, callback or wrapper is replaced as a whole, with all that is in it.
OF_WHOLE_DEFINITIONS = {"CA101", "CA103", "CA201", "CA411"}

OF_OTHERS = {
    "a class of DeepChem": """
from deepchem.models import GraphConvModel
model = GraphConvModel(2, mode="classification")
model.fit(train, nb_epoch=20)
""",
    "a module of DeepChem beside Keras": """
import deepchem as dc
import keras
class Trainer:
    def __init__(self):
        self.net = dc.models.MultitaskClassifier(2)
    def run(self, data):
        self.net.fit_generator(data, epochs=3)
        return self.net.fit(data, nb_epoch=10)
""",
    "a parameter in a program of DeepChem": """
import deepchem as dc
def run(model, data):
    return model.fit(data, nb_epoch=3)
""",
    "a class of another file in a program of DeepChem": """
import deepchem as dc
import tensorflow as tf
from mhc import DeepMHC
model = DeepMHC(num_amino_acids=20)
model.fit(train_dataset, nb_epoch=20)
""",
    "metrics_names of a model of torch": """
import torch.nn as nn
from tensorflow.keras.callbacks import CallbackList
class BaseModel(nn.Module):
    def compile(self, optimizer):
        self.metrics_names = ["loss"]
    def show(self):
        print(self.metrics_names)
""",
    "a model of PyTorch with Keras's words": """
from poutyne import Model
model = Model(network, "adam", "mse")
model.fit_generator(train, steps_per_epoch=3, nb_epoch=2)
""",
    "an AUC of deepctr_torch": """
from deepctr_torch.models import DeepFM
from tensorflow.keras.utils import to_categorical
model = DeepFM(wide, deep, task="binary")
model.compile("adagrad", "binary_crossentropy", metrics=["binary_crossentropy", "auc"])
""",
    "a class of torch": """
import keras
import torch
class Net(torch.nn.Module):
    def forward(self, x):
        return x
net = Net()
net.compile("adam", metrics=["auc"])
net.save_weights("net.hdf5")
""",
    "an annotated parameter": """
import keras
import torch
def run(net: torch.nn.Module, data):
    net.fit(data, nb_epoch=3)
""",
    "an AUC of a torch program": """
import torch
from sklearn.metrics import roc_auc_score
def auc(y_pred, y_true):
    return roc_auc_score(y_true.data, y_pred.data)
score = auc
""",
    "re.compile": """
import re
import keras
pattern = re.compile("adam", "auc")
""",
    "a callable class that no Keras gets": """
import tensorflow as tf
from sklearn.metrics import roc_auc_score
class Auc:
    def __call__(self, y_true, y_pred):
        return tf.py_function(roc_auc_score, (y_true, y_pred), tf.double)
print(Auc()(labels, scores))
""",
}


@pytest.mark.parametrize("kind", OF_OTHERS)
@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_code_of_other_libraries(kind, target):
    migration = migrate_source(OF_OTHERS[kind], target)
    if target == "keras3":
        assert (migration.code, migration.findings) == (OF_OTHERS[kind], ())
    else:  # imports of Keras move, and nothing else
        assert {finding.code for finding in migration.findings} <= {"CA401"}


def test_a_model_of_another_file_is_of_keras():
    text = "from net import build\ndef run(model):\n    model.fit(rows, nb_epoch=3)\n    build().fit_generator(rows)\n"
    wanted = text.replace("nb_epoch", "epochs").replace("fit_generator", "fit")
    assert migrate_source(text).code == wanted


DECAY = "from keras.optimizers import SGD\nopt = SGD(lr=0.1, decay=1e-6)\n"


@pytest.mark.parametrize(
    "line",
    [
        "args = parser.parse_args()\nprint(args.lr, args.learning_rate)",
        "class Config:\n    def __init__(self, lr):\n        self.lr = lr",
        "config.lr = 0.1",
        "from keras import backend as K\nprint(K.get_value(model.optimizer.lr))",
        "flags.learning_rate += 1",
    ],
)
def test_decay_stays_where_nothing_sets_the_rate(line):
    migration = migrate_source(f"{DECAY}{line}\n")
    assert "SGD(learning_rate=InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6))" in migration.code
    assert not any("decay" in finding.message for finding in migration.reports)


@pytest.mark.parametrize(
    ("line", "setter"),
    [
        ("from keras.callbacks import ReduceLROnPlateau\ncallback = ReduceLROnPlateau()", "ReduceLROnPlateau"),
        ("from keras.callbacks import LearningRateScheduler as L\ncallback = L(step)", "LearningRateScheduler"),
        ("from keras import backend as K\nK.set_value(model.optimizer.lr, 0.1)", "the script itself"),
        ("model.optimizer.lr = 0.1", "the script itself"),
        ("opt.lr = 0.1", "the script itself"),
        ("model.optimizer.learning_rate.assign(0.1)", "the script itself"),
    ],
)
def test_a_dropped_decay_says_what_sets_the_rate(line, setter):
    migration = migrate_source(f"{DECAY}{line}\n")
    assert "SGD(learning_rate=0.1)" in migration.code
    (report,) = [finding for finding in migration.reports if "decay=1e-6" in finding.message]
    assert f"only {setter} changes the learning rate" in report.message


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("from keras import backend as K", "K.tf"),
        ("import keras.backend as backend", "backend.tf"),
        ("import keras.backend.tensorflow_backend as KTF", "KTF.tf"),
        ("import tensorflow.keras.backend as K", "K.tf"),
        ("from keras.backend import tf", "tf"),
        ("import keras", "keras.backend.tf"),
    ],
)
def test_tf_of_the_backend_is_tensorflow(imports, name):
    text = f"""{imports}
def auc(y_true, y_pred):
    value = {name}.metrics.auc(y_true, y_pred)[1]
    return value
model.compile("adam", "binary_crossentropy", metrics=[auc])
shown = {name}.Print(1.0, [2.0])
"""
    migration = migrate_source(text)
    assert 'metrics=[auc_roc(name="auc")]' in migration.code
    assert "shown = tf.compat.v1.Print(1.0, [2.0])" in migration.code
    assert "import tensorflow as tf" in migration.code
    assert not [finding for finding in migration.reports if finding.code != "CA108"]


def test_a_variable_called_tf_is_not_shadowed():
    text = "from keras import backend as K\ntf = 3\nvalue = K.tf.constant(1.0) * tf\n"
    code = migrate_source(text).code
    assert "import tensorflow as compat_tf" in code
    assert "value = compat_tf.constant(1.0) * tf" in code


@pytest.mark.parametrize("method", ["call", "__call__", "update_state"])
def test_a_method_that_keras_calls_stays(method):
    text = f"""import tensorflow as tf
from sklearn.metrics import roc_auc_score

class AucMetric(tf.keras.metrics.Metric):
    def {method}(self, y_true, y_pred):
        return tf.py_function(roc_auc_score, (y_true, y_pred), tf.double)
"""
    migration = migrate_source(text)
    assert migration.code == text
    assert [finding.code for finding in migration.findings] == ["CA104"]


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("mode", ["loss", "lambda v: v[0] - v[1]"])
def test_merge_by_a_function(mode, target):
    text = f"""from keras.layers import Input, merge

def loss(v):
    return v[0] - v[1]

a, b = Input((3,)), Input((3,))
c = merge([a, b], mode={mode}, output_shape=(3,), name="c")
"""
    package = {"keras3": "keras", "tf_keras": "tf_keras"}[target]
    code = migrate_source(text, target).code
    assert f'c = Lambda({mode}, output_shape=(3,), name="c")([a, b])' in code
    assert f"from {package}.layers import Lambda" in code
    assert "merge" not in code


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_a_mode_with_a_name_has_its_shape_from_its_inputs(target):
    text = "from keras.layers import Input, merge\na, b = Input((3,)), Input((3,))\nc = merge([a, b], {}, name='c')\n"
    migration = migrate_source(text.format("output_shape=3, mode='mul'"), target)
    assert "c = multiply([a, b], name='c')\n" in migration.code
    assert any("output_shape=3 is removed." in finding.message for finding in migration.findings)
    assert (
        "merge([a, b], mode='dot', dot_axes=1, name='c')"
        in migrate_source(text.format("mode='dot', dot_axes=1"), target).code
    )


def test_merge_by_an_unknown_mode_is_reported():
    text = "from keras.layers import merge\nfrom net import mode\nc = merge([a, b], mode=mode, output_shape=(3,))\n"
    migration = migrate_source(text)
    assert migration.code == text
    assert "keras.layers.Lambda" in migration.reports[0].message


SESSION = """import tensorflow as tf
from keras import backend as K
from keras.models import Sequential
{config}
{session}
model = Sequential()
"""
LOST = {
    "visible_device_list": "config.gpu_options.visible_device_list = str(rank)",
    "intra_op_parallelism_threads": "config.intra_op_parallelism_threads = 1",
    "inter_op_parallelism_threads": "config.inter_op_parallelism_threads = 4",
    "per_process_gpu_memory_fraction": "config.gpu_options.per_process_gpu_memory_fraction = 0.3",
    "device_count": 'config = tf.ConfigProto(device_count={"GPU": 0})',
    "log_device_placement": "config = tf.ConfigProto(log_device_placement=True)",
}
SESSIONS = [
    "K.set_session(tf.Session(config=config))",
    "sess = tf.Session(config=config)\nK.set_session(sess)",
    "K.set_session(tf.Session('', None, config))",
    "sess = tf.Session(config=config)",
]


@pytest.mark.parametrize("session", SESSIONS)
@pytest.mark.parametrize("option", LOST)
def test_an_option_of_a_session_is_not_lost_unsaid(option, session):
    config = "config = tf.ConfigProto()\n" + LOST[option]
    reports = migrate_source(SESSION.format(config=config, session=session)).reports
    assert [finding.message for finding in reports if f"{option}=" in finding.message]


@pytest.mark.parametrize(
    "config",
    [
        "config = tf.ConfigProto(allow_soft_placement=True)",
        "config = tf.ConfigProto()\nconfig.gpu_options.allow_growth = True",
        "config = tf.ConfigProto(log_device_placement=False)",
        'config = tf.ConfigProto()\nconfig.gpu_options.visible_device_list = ""',
        "config = tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))",
    ],
)
def test_options_without_loss_are_not_reported(config):
    assert not migrate_source(SESSION.format(config=config, session=SESSIONS[0])).reports


def test_a_comment_or_false_sets_no_memory_growth():
    for config in (
        "config = tf.ConfigProto()  # allow_growth",
        "config = tf.ConfigProto()\nconfig.allow_growth = False",
    ):
        assert "set_memory_growth" not in migrate_source(SESSION.format(config=config, session=SESSIONS[0])).code


@pytest.mark.parametrize(
    ("line", "dropped"),
    [
        ("model.fit_generator(rows, workers=4, epochs=3)", "workers=4"),
        ("model.fit_generator(rows, epochs=3, use_multiprocessing=True)", "use_multiprocessing=True"),
        ("model.fit_generator(rows, 9, 3, 1, None, None, None, None, 10)", "max_queue_size=10"),
        ("model.evaluate_generator(rows, 9, 10, 4)", "max_queue_size=10 is removed. workers=4"),
        ("model.compile(optimizers.SGD(lr=0.1, decay=0.0))", "decay=0.0"),
        ("model.save('m.h5', save_format='h5')", "'h5'"),
        ("layer = layers.BatchNormalization(fused=True)", "fused"),
        ("callback = callbacks.ModelCheckpoint('m.keras', period=5)", "period=5"),
    ],
)
def test_a_dropped_argument_is_named(line, dropped):
    text = f"from keras import callbacks, layers, models, optimizers\nmodel = models.load_model('m.h5')\n{line}\n"
    messages = "\n".join(finding.message for finding in migrate_source(text).findings)
    assert dropped in messages


def lost_keywords(old, new):
    """The keywords of ``old`` that ``new`` has nowhere, neither the name nor the value."""
    after = ast.parse(new)
    kept = {node.arg for node in ast.walk(after) if isinstance(node, ast.keyword)}
    before = [node for node in ast.walk(ast.parse(old)) if isinstance(node, ast.keyword) and node.arg]
    return {node.arg for node in before if node.arg not in kept and ast.unparse(node.value) not in ast.unparse(after)}


@pytest.mark.parametrize("path", [*CASES.glob("*.before.py")], ids=lambda path: path.name.partition(".")[0])
def test_no_rule_drops_a_keyword_unsaid(path):
    """A keyword that goes with its value is in a finding's message, or the whole definition around it goes."""
    text = path.read_text("utf-8")
    for target in ("keras3", "tf_keras"):
        migration = migrate_source(text, target)
        words = set(re.findall(r"\w+", " ".join(finding.message for finding in migration.findings)))
        if not {finding.code for finding in migration.findings} & OF_WHOLE_DEFINITIONS:
            assert lost_keywords(text, migration.code) <= words


ARGUMENTS = """import keras
opt = keras.optimizers.SGD(
    lr=0.1,{first}
    momentum=0.9,{second}
    decay=1e-6{third}
"""


@pytest.mark.parametrize("third", ["\n)", ",\n)", "  # slow\n)", ",  # slow\n)", ")", ", )", ", nesterov=True)"])
@pytest.mark.parametrize("second", ["", "  # faster", "\n    # every step"])
@pytest.mark.parametrize("first", ["", "  # start"])
def test_a_comment_stays_beside_its_argument(first, second, third):
    code = migrate_source(ARGUMENTS.format(first=first, second=second, third=third)).code
    ast.parse(code)
    assert ",  # start\n" in code or not first
    assert ("momentum=0.9,  # faster\n" in code) == ("faster" in second)
    assert "learning_rate=InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-6)," in code
    assert "slow" not in code and "decay=" not in code and ("nesterov" in third) == ("nesterov=True" in code)


def test_a_comment_after_several_arguments_stays():
    text = "import keras\nopt = keras.optimizers.SGD(lr=0.1, momentum=0.9, decay=1e-6  # all of them\n)\n"
    assert "momentum=0.9  # all of them\n)" in migrate_source(text).code
