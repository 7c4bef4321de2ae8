"""A flat list of metrics for several outputs (CA118): a list for each output, or a report."""

import pytest

from compat_auc.migrate import migrate_source

MODEL = """\
from keras.layers import Dense, Input
from keras.models import Model, Sequential
from keras.metrics import top_k_categorical_accuracy
{top}
x = Input(shape=(3,))
model = Model(inputs=x, outputs={outputs})
model.compile("sgd", loss="mse", {argument}={metrics})
"""
TWO = '[Dense(1, name="a")(x), Dense(1, name="b")(x)]'
MINE = "from keras import backend as K\n\ndef mine(y_true, y_pred):\n    return K.mean(y_pred)\n"
NEW = "from keras.layers import MultiHeadAttention\n"


def look(metrics, top="", outputs=TWO, argument="metrics", target="keras3"):
    code = MODEL.format(top=top, outputs=outputs, argument=argument, metrics=metrics)
    migration = migrate_source(code, target)
    last = migration.code.strip().split("\n")[-1]
    written = last.partition(f"{argument}=")[2].removesuffix(")")
    return written, [finding.message for finding in migration.findings if finding.code == "CA118"]


@pytest.mark.parametrize(
    "metrics, top, written",
    [
        ('["mae"]', "", '[["mae"], ["mae"]]'),
        ('["mae", "mse"]', "", '[["mae", "mse"], ["mae", "mse"]]'),
        ("[top_k_categorical_accuracy]", "", "[[top_k_categorical_accuracy], [top_k_categorical_accuracy]]"),
        ("[mine]", MINE, "[[mine], [mine]]"),
        ('["mae"]', NEW, '[["mae"], ["mae"]]'),
    ],
)
@pytest.mark.parametrize("argument", ["metrics", "weighted_metrics"])
def test_each_output_gets_the_list(metrics, top, written, argument):
    assert look(metrics, top, argument=argument)[0] == written


def test_a_new_object_for_each_output():
    written, _ = look("[AUC()]", "from keras.metrics import AUC\n")
    assert written.count("AUC()") == 2


@pytest.mark.parametrize(
    "metrics, top",
    [
        ("METRICS", 'METRICS = ["mae", "mse"]\n'),
        ("[shared]", "from keras.metrics import AUC\nshared = AUC()\n"),
        ('["mae", "mse"]', NEW),
        ('("mae", "mse")', ""),
    ],
    ids=["list in a variable", "object in a variable", "may be for Keras 3", "tuple"],
)
def test_reported_only(metrics, top):
    written, messages = look(metrics, top)
    assert written == metrics and len(messages) == 1 and "each of 2 outputs" in messages[0]


@pytest.mark.parametrize(
    "options",
    [
        {"metrics": '[["mae"], ["mse"]]'},
        {"metrics": '{"a": "mae"}'},
        {"metrics": "[]"},
        {"metrics": '["mae"]', "outputs": "Dense(1)(x)"},
        {"metrics": '["mae"]', "target": "tf_keras"},
    ],
)
def test_left_alone(options):
    assert look(**options) == (options["metrics"], [])
