"""The work that the tool does grows with the length of a file, not with its square."""

import sys

import pytest

from compat_auc.migrate import migrate_source

SHAPES = {
    "one name bound again and again": "x = Dense({i}, activation='relu')(x)\nprint(x, np.zeros({i}))\n",
    "a finding on every line": "model_{i}.add(Dense(output_dim={i}, init='normal'))\n",
    "many functions": "def f_{i}(x, y):\n    model = Sequential([Dense({i})])\n    return K.mean(x), model.fit(x, y)\n",
    "many metrics": """
def auc_{i}(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]
model.compile('adam', 'binary_crossentropy', metrics=['acc', auc_{i}])
""",
    "one metric defined again and again": """
def auc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)[1]
model.compile('adam', 'binary_crossentropy', metrics=['acc', auc])
""",
    "many callbacks": """
class C{i}(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.rate_{i} = self.model.optimizer.lr
        print(roc_auc_score(self.validation_data[1], self.model.predict(self.validation_data[0])))
model.fit(x, x, validation_data=(x, x), callbacks=[C{i}()])
""",
    "many files written": "model.save_weights('weights_{i}.hdf5')\nmodel.fit_generator(x, nb_epoch={i})\n",
    "one import again and again": "from keras.layers import Dense\nlayer_{i} = Dense({i})\n",
}
HEAD = """
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.callbacks import Callback
from keras.layers import Dense, Input
from keras.models import Sequential
from sklearn.metrics import roc_auc_score

x = Input((3,))
model = Sequential()
"""


def calls_made(body, count):
    """How many calls of Python functions it takes to migrate a file with ``count`` times ``body``."""
    made = 0

    def count_one(frame, event, argument):
        nonlocal made
        made += event == "call"

    text = HEAD + "".join(body.format(i=i + 1) for i in range(count))
    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        migrate_source(text)
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_lines_are_not_sixteen_times_the_work(shape):
    migrate_source(HEAD + SHAPES[shape].format(i=0))  # so that what is loaded once is there
    small = calls_made(SHAPES[shape], 25)
    large = calls_made(SHAPES[shape], 100)
    assert large < 4.5 * small
