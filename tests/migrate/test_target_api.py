"""The last pass: what the target does not have is said, and what it has is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from compat_auc.migrate import migrate_source

HERE = Path(__file__).parent
HEAD = """
import keras
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Layer
from keras.models import Sequential

model = Sequential()
"""
SCRIPTS = [
    *sorted((HERE / "cases" / "rewrites").glob("*.before.py")),
    *sorted((HERE / "legacy").glob("*.py")),
    *sorted((HERE.parents[1] / "examples").glob("*.py")),
]


def said(code, target="keras3"):
    """What the last pass finds, as (line, code, message); the lines of ``HEAD`` are left out."""
    findings = migrate_source(HEAD + code, target).findings
    start = HEAD.count("\n")
    return [(one.line - start, one.code, one.message) for one in findings if one.code in ("CA601", "CA602")]


NAMES = {
    "from keras.layers import Highway\nmodel.add(Highway())": "keras.layers has no `Highway`",
    "from keras.utils.generic_utils import to_list": "keras.utils has no `generic_utils`",
    "from keras.legacy import interfaces": "keras.legacy has no `interfaces`",
    "import keras.applications.resnet51": "keras.applications has no `resnet51`",
    "from keras.layers import *; MaxoutDense(3)": "keras.layers has no `MaxoutDense`",
    "from tensorflow.examples.tutorials.mnist import input_data": "tensorflow has no `examples`",
    "from tensorflow.python.ops import rnn_cells": "tensorflow.python.ops has no `rnn_cells`",
    "tf.foo(1)": "tensorflow has no `foo`",
    "tf.nn.seq2seq": "tensorflow.nn has no `seq2seq`",
    "tf.python.ops": "tensorflow has no `python",
    "o = keras.optimizers\no.adamm()": "keras.optimizers has no `adamm`",
    "model.predict_everything(x)": "Sequential has no attribute `predict_everything`",
    "print(Dense(1).W)": "Dense has no attribute `W`",
    "def f():\n    return Sequential()\nf().to_yaml()": "Sequential has no attribute `to_yaml`",
    "class A(Layer):\n    def build(self, s):\n        self.add_wait(s)": "Layer has no attribute `add_wait`",
    "class A(Layer, object): pass\nclass B(A):\n    def build(self, s):\n        self.add_wait(s)": (
        "Layer has no attribute `add_wait`"
    ),
    "from keras.backend import *\nfoo_bar(1)": "tensorflow.keras.backend has no `foo_bar`",
    "o: object = keras.optimizers\no.adamm()": "keras.optimizers has no `adamm`",
    "class A(Layer):\n    def build(self, s):\n        self.trainable_weights = [s]": (
        "Layer has a read-only attribute `trainable_weights`"
    ),
    "try:\n    import keras.topology2\nexcept ImportError:\n    from keras import topology3": (
        "keras has no `topology3`"
    ),
}
ARGUMENTS = {
    "Dense(3, init_all='x')": "Dense takes no init_all=",
    "keras.layers.Embedding(10, 3, dropout=0.2)": "keras.layers.Embedding takes no dropout=",
    "Dense()": "Dense needs units",
    "Dense(1, units=2)": "Dense gets units twice",
    "Dense(*first, 2, init_all='x')": "Dense takes no init_all=",
    "tf.reduce_mean(1, 2, 3, 4, 5)": "tf.reduce_mean takes 4 arguments by position",
    "model.compile('sgd', 'mse', sample_weight_mode='temporal')": (
        "model.compile takes no sample_weight_mode=. The weights may have the shape of the labels"
    ),
    "class A(keras.callbacks.Callback):\n    def on_epoch_end(self, e, _):\n        self.model.predict(e, epochs=3)": (
        "self.model.predict takes no epochs="
    ),
}


@pytest.mark.parametrize("code", NAMES)
def test_a_name_that_is_not_there(code):
    found = said(code)
    assert {kind for _, kind, _ in found} == {"CA601"}
    assert any(message.startswith(f"Not changed: {NAMES[code]}") for _, _, message in found)


@pytest.mark.parametrize("code", ARGUMENTS)
def test_arguments_that_do_not_bind(code):
    assert [(kind, message) for _, kind, message in said(code)] == [("CA602", f"Not changed: {ARGUMENTS[code]}.")]


SILENT = [
    "import tensorflow.compat.v1 as tf1\ntf1.disable_v2_behavior()",
    "from tensorflow.python.framework import ops\nops.reset_default_graph()",
    "from tensorflow.python.client import device_lib\nprint(device_lib.list_local_devices())",
    "from keras.models import Model\nprint(Model(a, b).inputs, keras.models.load_model('x').outputs)",
    "print(tf.__version__, keras.__version__, tf.test.is_gpu_available())",
    "import keras.src.layers",
    "tf.metrics.AUC()",
    "tf.keras.layers.Dense(1, input_shape=(3,), name='x', dtype='float32')",
    "keras.applications.vgg16.preprocess_input(x)",
    "from keras.applications import ResNet50\nResNet50(weights=None, include_top=False).layers[-1].output",
    "history = model.fit(x, y)\nprint(history.history, history.no_such)",
    "if int(keras.__version__[0]) < 2:\n    from keras.layers import Merge\n    model.add(Merge(1))",
    "if hasattr(tf, 'foo'):\n    tf.foo()",
    "try:\n    from keras.engine.topology9 import Foo\nexcept ImportError:\n    from keras.layers import Dense as Foo",
    "try:\n    from keras.engine.topology9 import Foo\nexcept ImportError:\n    from .other import Foo",
    "try:\n    tf.foo()\nexcept AttributeError:\n    pass",
    "def f(tf, model, keras):\n    tf.foo(); model.predict_all(); keras.Merge()",
    "class M(keras.Model):\n    def predict_all(self): pass\nM().predict_all()",
    "class M(keras.Model):\n    def foo(self): pass\nclass C(keras.callbacks.Callback):\n"
    "    def on_epoch_end(self, e, logs=None): self.model.foo()",
    "class A(Layer, Mixin):\n    def call(self, x): return self.mixed(x)",
    "class A(Mixin): pass\nclass B(A, Layer):\n    def call(self, x): return self.mixed(x)",
    "first = second\nsecond = first\nfirst.foo(); second.foo()",
    "m0 = model\n" + "".join(f"m{n + 1} = m{n}\n" for n in range(9)) + "m9.foo()",
    "m0 = model.layers\n" + "".join(f"m{n + 1} = m{n}\n" for n in range(9)) + "m9[0].foo()",
    "class A(Layer):\n    def __init__(self, f):\n        self.f = f\n    def call(self, x): return self.f(x)",
    "class A(tf.Module, Layer):\n    def build(self, s): self.add_weight(s, no_such=1)",
    "class A(Layer):\n    def call(self, x): return self.dtype(x)",
    "model.extra = 3\nprint(model.extra)",
    "model = load()\nmodel.predict_all()",
    "tf.foo = 3\nprint(tf.foo)",
    "tf.foo = Sequential()\ntf.foo.add(Dense(1))",
    "tf.nest.map_structure(print, [1])\ntf.einsum('ij->ji', x)\ntf.compat.v1.logging.info('a %s', 1)",
    "model.fit(x, y)\nprint(model.history.epoch)",
    "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, e, logs=None): self.model.config.size",
    "class A(Layer):\n    def call(self, x): return self._given(x)\nA()._given = print",
    "tf.optimizers.Adam(0.1)\ntf.losses.BinaryCrossentropy()",
    "arguments = {}\nDense(**arguments); Dense(*[1], **arguments)",
    "getattr(K, 'no_such', print)(1)",
    "with tf.compat.v1.Session(config=tf.compat.v1.ConfigProto(a=1)) as s: s.run(1, feed_dict={})",
    "from helpers import *\nprint(Merge, pack)",
    "tf.data.Dataset.from_tensor_slices(x).batch(3).whatever(4)",
    "tf.Variable(1, name='x').assign(3).foo()",
    "optimizer = keras.optimizers.Adam(1e-3)\noptimizer.learning_rate.assign(1)\nprint(optimizer.iterations)",
]


def test_the_parameters_of_a_metaclass():
    code = "import tf_keras\ntf_keras.mixed_precision.LossScaleOptimizer(tf_keras.optimizers.SGD())"
    assert said(code, "tf_keras") == []
    (found,) = said("import tf_keras\ntf_keras.mixed_precision.LossScaleOptimizer()", "tf_keras")
    assert found[1:] == ("CA602", "Not changed: tf_keras.mixed_precision.LossScaleOptimizer needs inner_optimizer.")


# Each message ends with what there is instead.
HINTS = {
    "tf.keras.layers.DenseFeatures([])": "FeatureSpace or preprocessing layers, or use --target tf_keras.",
    "tf.keras.experimental.WideDeepModel(a, b)": (
        "For WideDeepModel, add the outputs of the two models, or use --target tf_keras."
    ),
    "from tensorflow.keras.layers.experimental import SyncBatchNormalization": "BatchNormalization(synchronized=True).",
    "keras.Model(a, b).input_names": "Use [tensor.name for tensor in model.inputs].",
    "class A(tf.keras.optimizers.Optimizer):\n    def f(self): self._set_hyper('a', 1)": (
        "Define build() and update_step(), or use tf_keras.optimizers.legacy.Optimizer."
    ),
    "class C(keras.callbacks.Callback):\n    def __init__(self, m): self.model = m": ("Use another name."),
    "Dense(1, weights=[a, b])": "Call set_weights() once the layer is built.",
    "keras.layers.GRU(1, batch_input_shape=[1, None, 2])": "Put keras.Input(batch_shape=...) in front of the layer.",
    "attention = keras.layers.Attention(causal=True)": "Use use_causal_mask=True where the layer is called.",
}


@pytest.mark.parametrize("code", HINTS)
def test_what_there_is_instead(code):
    (found,) = said(code)
    assert found[2].endswith(HINTS[code])


def test_no_module_of_other_packages_is_what_there_is_instead():
    (found,) = said("tf.keras.experimental.Anything(1)")
    assert found[2] == "Not changed: tensorflow.keras has no `experimental` in Keras 3."


@pytest.mark.parametrize("code", SILENT)
def test_what_is_there_or_cannot_be_known_is_not_a_finding(code):
    assert said(code) == []


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_nothing_is_found_in_scripts_that_work(path, target):
    found = migrate_source(path.read_bytes().decode("utf-8"), target).findings
    assert [one for one in found if one.code in ("CA601", "CA602")] == []


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_the_rewritten_case_runs(target):
    case = (HERE / "cases" / "rewrites" / f"api_of_the_target.{target}.py").read_text("utf-8")
    use = "\nmodel.predict(tf.zeros((2, 7, 4)), verbose=0)\nprint(loss(tf.ones((4, 2)), tf.zeros((4, 2))).shape)\n"
    done = subprocess.run([sys.executable, "-c", case + use], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_line_that_another_rule_has_reported_is_not_reported_twice():
    found = migrate_source("import keras\nkeras.utils.multi_gpu_model(model, gpus=2)\n").findings
    assert [one.code for one in found] == ["CA412"]


def test_what_is_there_with_the_old_keras_only():
    code = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\ntf.layers.dense(x, 3)\n"
    found = migrate_source(code).findings
    assert [one.message.split(". ")[0] for one in found] == [
        "Not changed: tensorflow.compat.v1 has no `layers` in TensorFlow 2"
    ]
    legacy = 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
    assert migrate_source(legacy + code).findings == ()
    wrong = migrate_source(legacy + code + "tf.layers.dense(x, 3, W=1)\n").findings
    assert [one.message for one in wrong] == ["Not changed: tf.layers.dense takes no W=."]


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_it_changes_nothing(target):
    code = HEAD + "\n".join([*NAMES, *ARGUMENTS])
    once = migrate_source(code, target)
    assert migrate_source(once.code, target).code == once.code


OLD_FILE = "import tensorflow as tf\nfrom keras.layers.core import Dense\nfrom keras.layers import Input\n"
MOVED = {
    "tf.nn.in_top_k(scores, labels, 5)": "was predictions, and is now targets. Pass predictions by name.",
    "tf.nn.dropout(x, 0.9)": "was keep_prob, and is now rate. Pass rate=1 - keep_prob.",
    "Input((3,), None, 'words')": "was name, and is now dtype. Pass name by name.",
}


@pytest.mark.parametrize("call", MOVED)
def test_an_argument_that_changed_places_is_reported_in_an_old_file(call):
    findings = [
        finding
        for finding in migrate_source(f"{OLD_FILE}print(Dense(1), {call})\n").findings
        if finding.code == "CA432"
    ]
    assert [finding.message.partition("argument of ")[2].partition(" ")[2] for finding in findings] == [MOVED[call]]


@pytest.mark.parametrize("call", [*MOVED, "tf.nn.in_top_k(targets=labels, predictions=scores, k=5)"])
def test_an_argument_of_a_new_file_or_by_name_is_not_reported(call):
    old = OLD_FILE if "targets=" in call else OLD_FILE.replace(".core", "")
    assert "CA432" not in {finding.code for finding in migrate_source(f"{old}print(Dense(1), {call})\n").findings}


LOST = {
    "def f(opt):\n    return opt.get_updates([], [])": {("CA601", 2)},
    "def f(model):\n    return model.uses_learning_phase": {("CA601", 2)},
    "import other\nother.get_updates(1)\nother.make().get_updates(2)": set(),
    "class Mine:\n    def get_updates(self):\n        return 1\ndef f(x):\n    return x.get_updates()": set(),
    "def f(x):\n    return x.get_updates() if hasattr(x, 'get_updates') else 1": set(),
}


@pytest.mark.parametrize("code", LOST)
def test_an_attribute_that_only_old_classes_have_is_reported_whatever_its_object_is(code):
    assert {(kind, line) for line, kind, _ in said(code)} == LOST[code]


DEFAULTS = {
    "l1_l2()": "had the default l1=0.01, l2=0.01, and now has l1=0.0, l2=0.0",
    "l1_l2(l1=0.1)": "had the default l2=0.01, and now has l2=0.0",
    "tf.random_normal_initializer()": "had the default stddev=1.0, and now has stddev=0.05",
}


@pytest.mark.parametrize("call", [*DEFAULTS, "l1_l2(l1=0.1, l2=0.1)", "tf.compat.v1.random_normal_initializer()"])
def test_a_default_that_changed_is_reported_where_the_argument_is_left_out(call):
    code = f"{OLD_FILE}from keras.regularizers import l1_l2\nprint(Dense(1), {call})\n"
    messages = [finding.message for finding in migrate_source(code).findings if finding.code == "CA433"]
    wanted = (
        f"Not changed: {call.partition('(')[0]} {DEFAULTS[call]}. Write the old default out."
        if call in DEFAULTS
        else ""
    )
    assert messages == [wanted] * bool(wanted)


def test_a_function_that_fails_when_it_is_called_is_reported():
    code = "from tf_slim import metrics as m\nprint(m.streaming_dynamic_auc(labels, scores), m.streaming_auc)\n"
    messages = [finding.message for finding in migrate_source(code).findings]
    assert messages == [
        "Not changed: calls of tf_slim.metrics.streaming_dynamic_auc fail on TensorFlow 2. "
        "Use compat_auc.RankAUC, which is as exact."
    ]
