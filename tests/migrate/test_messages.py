"""What reports say about code that stays as it is."""

import pytest

from compat_auc.migrate import migrate_source

HEAD = """import tensorflow as tf
from keras.models import Sequential

"""


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("LossScaleOptimizer(tf.keras.optimizers.SGD(), loss_scale=scale)", "CA421"),
        ("Policy('mixed_float16', loss_scale=1024)", "CA602"),
    ],
)
def test_a_loss_scale_without_an_equivalent_is_reported(call, code):
    migration = migrate_source(HEAD + f"tf.keras.mixed_precision.experimental.{call}\n")
    assert f"tf.keras.mixed_precision.{call}" in migration.code
    assert [(one.line, one.code) for one in migration.reports] == [(4, code)]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "Sequential().compile('sgd', metrics=[lambda t, p: 2 * tf.metrics.auc(t, p)[1] - 1])",
            "Not changed: this expression computes an AUC, but",
        ),
        (
            "Sequential().compile(tf.train.AdagradOptimizer(0.01, 0.1, False), 'mse')",
            "Not changed: Keras takes no tf.train.AdagradOptimizer, and keras.optimizers.Adagrad has no argument 3.",
        ),
        ("from tensorflow import contrib\nprint(contrib.rnn)", "Not changed: TensorFlow 2 has no tensorflow.contrib."),
    ],
)
def test_messages_about_what_the_script_gives_no_name(code, message):
    migration = migrate_source(HEAD + code + "\n")
    assert any(one.message.startswith(message) for one in migration.reports)


def test_of_two_callbacks_the_one_that_no_name_leads_to_is_reported():
    code = """from keras.callbacks import Callback
class Show(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(self.validation_data[0])
named, listed = Show(), [Show()]
show = Show()
Sequential().fit(x, y, validation_data=(xv, yv), callbacks=[show])
Sequential().fit(x, y, validation_data=(xv, yv), callbacks=listed)
"""
    for text, reports in ((code, [(7, "CA205")]), (code.replace("named, listed = Show(), [Show()]\n", ""), [])):
        migration = migrate_source(HEAD + text)
        assert "\nshow.validation_data = (xv, yv)\nSequential().fit(" in migration.code
        assert [(one.line, one.code) for one in migration.reports] == reports
