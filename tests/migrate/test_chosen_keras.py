"""Scripts that choose tf_keras themselves run today, and stay as they are, whatever the target is."""

import json

import pytest

from compat_auc.migrate import migrate_source
from compat_auc.migrate.documents.pipeline import process

MODEL = """
model = keras.Sequential([keras.layers.Dense(1)])
adam = keras.optimizers.legacy.Adam(0.01)
model.compile(optimizer=adam, loss="mse", metrics=[keras.metrics.AUC(name="auc")])
model.save_weights("weights.hdf5")
"""
OF_TENSORFLOW = MODEL.replace("keras.", "tf.keras.")
CHOICES = {
    "a check of the version": """
import tensorflow as tf
version_fn = getattr(tf.keras, "version", None)
if version_fn and version_fn().startswith("3."):
    import tf_keras as keras
else:
    keras = tf.keras
""",
    "a try with tf.keras": """
try:
    import tf_keras as keras
except ImportError:
    from tensorflow import keras
""",
    "a try with keras": """
try:
    import tf_keras as keras
    from tf_keras.layers import Layer
except (ModuleNotFoundError, ImportError):
    import keras
    from keras.layers.core import Layer
""",
    "a try around a keras of its own": """
try:
    from keras.engine import Layer
    import keras
except ImportError:
    import tf_keras as keras
""",
    "the import": "import tf_keras as keras\n",
    "names of it": "import tensorflow as tf\nfrom tf_keras import layers\nimport tf_keras as keras\n",
    "a condition in an expression": """
import tensorflow as tf
import tf_keras
keras = tf_keras if tf.keras.__version__.startswith("3") else tf.keras
""",
    "an import by name": """
import importlib
import tensorflow as tf
keras = importlib.import_module("tf_keras") if tf.__version__ >= "2.16" else tf.keras
""",
    "__import__": 'keras = __import__("tf_keras")\n',
    "the variable, and a from-import": """
import os
os.environ["TF_USE_LEGACY_KERAS"] = "1"
from tensorflow import keras
""",
}
SWITCHES = [
    'os.environ["TF_USE_LEGACY_KERAS"] = "1"',
    'os.environ["TF_USE_LEGACY_KERAS"] = "True"',
    'os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")',
    'os.environ.update({"OMP_NUM_THREADS": "1", "TF_USE_LEGACY_KERAS": "1"})',
    'os.environ.update(TF_USE_LEGACY_KERAS="true")',
    'os.putenv("TF_USE_LEGACY_KERAS", "1")',
    'if True:\n    os.environ["TF_USE_LEGACY_KERAS"] = "1"',
]
NO_SWITCHES = [
    "# TF_USE_LEGACY_KERAS=1 would make it tf_keras",
    'os.environ["TF_USE_LEGACY_KERAS"] = "0"',
    'print(os.environ.get("TF_USE_LEGACY_KERAS", "1"))',
    'legacy = os.environ["TF_USE_LEGACY_KERAS"] == "1"',
    'os.environ.pop("TF_USE_LEGACY_KERAS", None)',
]
TARGETS = ["keras3", "tf_keras"]


def with_switch(line):
    return f"import os\n{line}\nimport tensorflow as tf\n{OF_TENSORFLOW}"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_stays(choice, target):
    text = CHOICES[choice] + MODEL
    migration = migrate_source(text, target)
    assert (migration.code, migration.findings) == (text, ())


@pytest.mark.parametrize("line", SWITCHES)
def test_the_variable_stays(line):
    migration = migrate_source(with_switch(line))
    assert (migration.code, migration.findings) == (with_switch(line), ())


@pytest.mark.parametrize("line", NO_SWITCHES)
def test_what_chooses_nothing(line):
    assert "adam = tf.keras.optimizers.Adam(0.01)" in migrate_source(with_switch(line)).code


def test_an_import_of_keras_is_no_choice_of_the_variable():
    """The variable changes ``tf.keras``. ``import keras`` stays Keras 3 under it."""
    text = 'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\nimport keras\n' + MODEL
    assert "keras.optimizers.Adam(0.01)" in migrate_source(text).code


def test_old_names_move_to_the_chosen_keras():
    text = "import tf_keras as keras\nfrom keras.layers.core import Dense\nadam = keras.optimizers.Adam(lr=0.1)\n"
    wanted = text.replace("keras.layers.core", "tf_keras.layers").replace("lr=", "learning_rate=")
    assert migrate_source(text).code == wanted


def test_a_name_that_the_chosen_keras_lacks_is_reported():
    (finding,) = migrate_source(with_switch(SWITCHES[0]) + "tf.keras.layers.MaxoutDense(3)\n").findings
    assert (finding.code, finding.fixable) == ("CA601", False)


@pytest.mark.parametrize(
    ("magic", "stays"),
    [("%env TF_USE_LEGACY_KERAS=1", True), ("%set_env TF_USE_LEGACY_KERAS 1", True), ("%env OMP_NUM_THREADS=1", False)],
)
def test_a_notebook_sets_the_variable_by_a_magic(magic, stays):
    cells = [{"cell_type": "code", "source": source} for source in (f"{magic}\nimport tensorflow as tf", OF_TENSORFLOW)]
    data = json.dumps({"cells": cells}).encode()
    outcome = process("notebook.ipynb", data, "keras3")
    assert outcome.changed is not stays
    assert magic in outcome.new
