"""Each error that old code raises on the installed stack leads to its section, and so do those of older stacks."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from make_rules import GUIDE, guide

from compat_auc.command import cli
from compat_auc.migrate import messages

CONTRIB = "`module 'tensorflow' has no attribute 'contrib'`"
SESSION = "`module 'tensorflow' has no attribute 'Session'`"
SYMBOLIC = "`Cannot convert a symbolic tf.Tensor` to a numpy array"
VARIABLES = "`tf.function only supports singleton tf.Variables created on the first call`"
CURVE = "`Could not interpret metric identifier: roc_curve`"
NAME = "`Could not interpret metric identifier: auc_roc`"
LOADED = "`Unknown metric function: auc_roc`, when a model is loaded"
NO_DIRECTION = "`Keras isn't able to automatically determine whether that metric should be maximized or minimized`"
NO_KEY = "``Early stopping conditioned on metric `auc_roc` which is not available``"
# Old code, and the section that its error or warning leads to on the newest stack.
PROVOKED = {
    "tf.contrib.metrics.streaming_auc": CONTRIB,
    "tf.local_variables()": CONTRIB,
    "tf.metrics.auc": CONTRIB,
    "tf.Session()": SESSION,
    "tf.placeholder": SESSION,
    "tf.get_default_graph()": SESSION,
    "tf.log": SESSION,
    "tf.ConfigProto()": "CA405",
    "tf.py_func": SYMBOLIC,
    "tf.set_random_seed(1)": "CA410",
    "K.get_session()": "CA405",
    "K.cast(x, 'int32')": "CA404",
    "K.mean(x)": "CA404",
    "fit('roc_curve')": CURVE,
    "fit('auc_roc')": NAME,
    "fit(roc_auc_score)": SYMBOLIC,
    "fit(lambda a, b: tf.numpy_function(roc_auc_score, [a, b], tf.float64))": SYMBOLIC,
    "fit(lambda a, b: roc_auc_score(K.eval(a), K.eval(b)))": SYMBOLIC,
    "fit(lambda a, b: a.numpy())": SYMBOLIC,
    "fit(lambda a, b: tf.compat.v1.metrics.auc(a, b)[0])": VARIABLES,
    "fit(lambda a, b: tf.keras.metrics.AUC()(a, b))": VARIABLES,
    "from keras.utils import np_utils": "CA401",
    "from keras.utils.np_utils import to_categorical": "CA401",
    "from keras.layers.core import Dense": "CA401",
    "from keras.layers.normalization import BatchNormalization": "CA401",
    "from keras.preprocessing.text import Tokenizer": "CA401",
    "from keras.layers import CuDNNGRU": "CA401",
    "from keras.wrappers.scikit_learn import KerasClassifier": "CA411",
    "from keras.layers import merge": "CA413",
    "from keras.utils import multi_gpu_model": "CA412",
    "from keras.backend.tensorflow_backend import set_session": "CA405",
    "from keras.backend import set_session": "CA405",
    "fit('mse', nb_epoch=1)": "CA407",
    "Dense(1, init='normal')": "CA407",
    "Dense(output_dim=1)": "CA407",
    "keras.optimizers.Adam(lr=0.1)": "CA402",
    "keras.optimizers.Adam(learning_rate=0.1, decay=0.1)": "CA402",
    "model().predict_proba(x)": "CA408",
    "model().predict_classes(x)": "CA408",
    "model().fit_generator(x)": "CA406",
    "ModelCheckpoint('a.hdf5')": "CA403",
    "ModelCheckpoint('a.h5', save_weights_only=True)": "CA403",
    "ModelCheckpoint('a.keras', period=1)": "CA407",
    "model().save_weights('a.hdf5')": "CA403",
    "keras.models.load_model('nope.h5')": "CA403",
    "fit('mse', callbacks=[EarlyStopping('val_auc')])": NO_DIRECTION,
    "fit('mse', callbacks=[EarlyStopping('val_auc_roc', mode='max')])": NO_KEY,
    "fit('mse', callbacks=[ReadsData()])": "CA205",
    "fit('mse', callbacks=[ReadsParams()])": "CA204",
    "fit('accuracy').history['acc']": "CA409",
    "fit('AUC', units=2)": "`expects one label for each score`",
    "x.astype(np.float)": "`module 'numpy' has no attribute 'float'`",
    "roc_auc_score([0, 0], [0.1, 0.2])": "The AUC is NaN",
    "roc_curve([[0, 1], [1, 0]], [[0.1, 0.2], [0.3, 0.4]])": "`multilabel-indicator format is not supported`",
}
PROGRAM = """
import json, sys, warnings
import numpy as np, tensorflow as tf, keras
from keras import backend as K
from keras.callbacks import Callback, EarlyStopping, ModelCheckpoint
from keras.layers import Dense
from sklearn.metrics import roc_auc_score, roc_curve

x = np.random.rand(64, 4).astype("float32")
y = (x[:, :1] > 0.5).astype("float32")

class ReadsData(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.validation_data[0]

class ReadsParams(Callback):
    def on_train_begin(self, logs=None):
        self.params["metrics"].append("x")

def model(units=1):
    return keras.Sequential([keras.Input((4,)), Dense(units, activation="sigmoid")])

def fit(metric, units=1, **options):
    new = model(units)
    new.compile("sgd", "binary_crossentropy", metrics=[metric])
    return new.fit(x, y, verbose=0, **options)

texts = {}
for line in json.load(sys.stdin):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(line, dict(globals()))
            texts[line] = "\\n".join(str(warning.message) for warning in caught)
        except Exception as error:
            texts[line] = f"{type(error).__name__}: {error}"
print(json.dumps(texts))
"""
OLDER = {
    "Exception: Invalid metric: roc_curve": CURVE,
    "ValueError: Unknown metric function: roc_curve. Please ensure this object is passed": CURVE,
    "ValueError: Unknown metric function:auc": CURVE,
    "ValueError: Unknown metric function: auc_roc": LOADED,
    "ValueError: Unknown metric function:auc_roc": LOADED,
    "TypeError: 'str' object is not callable": NAME,
    "NotImplementedError: Cannot convert a symbolic Tensor (ExpandDims:0) to a numpy array. This": SYMBOLIC,
    "AttributeError: 'Tensor' object has no attribute 'numpy'": SYMBOLIC,
    "FailedPreconditionError: Attempting to use uninitialized value metrics/auc/auc/false_negatives\n\t [[": (
        "`Attempting to use uninitialized value` ... `true_positives`"
    ),
    "FailedPreconditionError: Error while reading resource variable dense/kernel from Container: localhost. This "
    "could mean that the variable was uninitialized.": (
        "`Error while reading resource variable ... from Container: localhost`"
    ),
    "ModuleNotFoundError: No module named 'tensorflow.contrib'": CONTRIB,
    "AttributeError: _ARRAY_API not found\n": "`_ARRAY_API not found`",
    "TypeError: Descriptors cannot be created directly.\nIf this call came from": (
        "`Descriptors cannot be created directly`"
    ),
    "SyntaxError: Missing parentheses in call to 'print'. Did you mean print(...)?": "CA501",
    "accuracy fell from 0.97 to 0.01": "`accuracy` is near 0, and the old script had 0.9",
    "my AUC changed": "My AUC changed",
    "val_auc_1": "`val_auc_1`, `val_auc_2`, `auc_roc_1`",
}


def where(text):
    section = messages.section_for(text)
    return section and (section.code or section.heading)


@pytest.mark.slow
def test_the_errors_of_old_code_on_the_installed_stack_lead_to_their_sections(tmp_path):
    lines = json.dumps(list(PROVOKED))
    done = subprocess.run([sys.executable, "-c", PROGRAM], input=lines, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    texts = json.loads(done.stdout.splitlines()[-1])
    assert {line: where(text) for line, text in texts.items()} == PROVOKED, texts


@pytest.mark.parametrize("text", OLDER)
def test_the_errors_of_older_stacks_lead_to_their_sections(text):
    assert where(text) == OLDER[text]


@pytest.mark.parametrize("message", messages.index(), ids=lambda message: message.text)
def test_an_entry_leads_to_its_own_section(message):
    assert messages.section_for(re.sub(r"\.{3}(?!\.)", "x", message.text)) == message.section


@pytest.mark.parametrize(
    "text",
    [
        *("KeyError", "has no attribute", "MemoryError: out of memory", "", "the and for"),
        *("AttributeError: module 'numpy' has no attribute 'asscalar'", "No module named 'cv2'"),
        "AttributeError: module 'pandas' has no attribute 'Panel'",
    ],
)
def test_a_text_about_something_else_leads_nowhere(text):
    assert messages.section_for(text) is None


def test_of_a_whole_traceback_the_longest_message_counts():
    text = "Traceback (most recent call last):\n  File 'a.py'\nAttributeError: module 'keras.backend' has no attribute "
    text += "'eval'"
    assert where(text) == SYMBOLIC


def test_every_section_of_the_chapter_but_those_without_a_message_is_in_the_index():
    headings = set(re.findall(r"^### (.+)$", messages.CHAPTER.read_text("utf-8"), re.MULTILINE))
    assert headings - {message.section.heading for message in messages.index()} == {"A file could not be processed"}


def test_the_guide_has_the_chapter():
    assert guide() == GUIDE.read_text("utf-8"), "run: python docs/make_rules.py"


def test_explain_takes_an_error_text(capsys, monkeypatch):
    assert cli.main(["explain", "Invalid", "metric:", "roc_curve"]) == 0
    assert capsys.readouterr().out.startswith("Could not interpret metric identifier: roc_curve\n\nKeras 1 and 2 say")
    assert cli.main(["explain", "module 'tensorflow' has no attribute 'ConfigProto'"]) == 0
    assert capsys.readouterr().out.startswith("CA405: sessions\n\n")
    monkeypatch.setattr("compat_auc.command.streams.read_input", lambda: b"Trace\n_ARRAY_API not found\n")
    assert cli.main(["explain", "-"]) == 0
    assert 'pip install "numpy<2"' in capsys.readouterr().out
    assert capsys.readouterr().err == ""
    assert cli.main(["explain", "my AUC changed"]) == 0
    assert "The nearest section:" in capsys.readouterr().err
    assert cli.main(["explain", "nothing like it"]) == 2
    assert "no section about this text" in capsys.readouterr().err


def test_explain_alone_lists_the_codes_in_order(capsys):
    assert cli.main(["explain"]) == 0
    codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert codes == sorted(codes)
    assert codes[0] == "CA101"


def test_explain_ca108_leads_to_the_chapter_and_to_the_function(capsys):
    assert cli.main(["explain", "CA108"]) == 0
    printed = capsys.readouterr().out
    assert "Why did my AUC change?" in printed
    assert "compat_auc.legacy.explain" in printed


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("train.py", "compat-auc run train.py, or compat-auc migrate train.py"),
        ("my book.ipynb", "compat-auc run 'my book.ipynb', or compat-auc migrate 'my book.ipynb'"),
        ("migrat", "Type: compat-auc migrate\n"),
        ("CA104", "compat-auc explain CA104"),
    ],
)
def test_a_first_word_that_is_no_command_says_what_to_type(word, answer, capsys):
    assert cli.main([word]) == 2
    assert answer in capsys.readouterr().err


@pytest.mark.parametrize(("version", "answer"), [((3, 7, 9), "needs Python 3.9"), ((3, 12, 1), "the extra `migrate`")])
def test_a_missing_parser_names_what_is_missing(version, answer, capsys, monkeypatch):
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    monkeypatch.setattr(cli.sys, "version_info", version)
    assert cli.main(["check", str(Path(__file__))]) == 2
    error = capsys.readouterr().err
    assert answer in error
    assert "compat-auc[migrate]" in error
    assert ("3.9" in error) == (version < (3, 9))
