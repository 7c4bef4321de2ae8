"""Keras 3 and tf_keras in one process: each metric counts right, or says which Keras it wants and how to name it.

``import tensorflow_hub`` is enough to have both. To a model of the other Keras a metric is a plain function: the values
of the batches would be averaged, and nothing would be reset.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest

PROGRAM = pathlib.Path(__file__).with_name("two_kerases_program.py")
ROOT = pathlib.Path(__file__).parents[2]
KERASES = ["keras", "tf_keras"]
KINDS = ["RankAUC", "auc_roc", "legacy_auc_roc"]
OTHER = {"keras": "tf_keras", "tf_keras": "keras"}
# Half a bucket of 200 thresholds, of 1,000, and of RankAUC.
CLOSE = {"by name": 1e-3, "auc_roc": 2e-4, "RankAUC": 1e-4}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["keras,tf_keras", "tf_keras,keras"])
def answers(request):
    pytest.importorskip("tf_keras")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_USE_LEGACY_KERAS": "", "KERAS_BACKEND": "tensorflow"}
    command = [sys.executable, str(PROGRAM), request.param]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return {"first": request.param.split(",")[0], **json.loads(done.stdout)}


@pytest.mark.parametrize("keras", KERASES)
def test_names_are_right_in_both(keras, answers):
    expected = pytest.approx([answers["exact"]] * 2, abs=CLOSE["by name"])
    assert answers[keras]["by name"] == [expected, expected]


@pytest.mark.parametrize("keras", KERASES)
@pytest.mark.parametrize("kind", ["RankAUC", "auc_roc"])
def test_a_metric_of_the_models_keras_is_right(kind, keras, answers):
    assert answers[keras]["own"][kind] == pytest.approx([answers["exact"]] * 2, abs=CLOSE[kind])


def test_the_old_numbers_are_the_same_in_both(answers):
    assert answers["keras"]["own"]["legacy_auc_roc"] == pytest.approx(answers["tf_keras"]["own"]["legacy_auc_roc"])


def assert_names_the_cure(error, kind, keras):
    assert (
        f"expects a model of {OTHER[keras]}" in error and f"Name the Keras of the model: {kind}(keras={keras})" in error
    )


@pytest.mark.parametrize("keras", KERASES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_metric_of_the_other_keras_says_so(kind, keras, answers):
    assert_names_the_cure(answers[keras]["other"][kind], kind, keras)


@pytest.mark.parametrize("kind", KINDS)
def test_a_metric_that_is_older_than_the_other_keras(kind, answers):
    first, second = answers["first"], OTHER[answers["first"]]
    assert answers[first]["early"][kind] == answers[first]["own"][kind]
    assert_names_the_cure(answers[second]["early"][kind], kind, second)


@pytest.mark.parametrize("keras", KERASES)
def test_a_training_step_of_the_users_own(keras, answers):
    assert_names_the_cure(answers[keras]["own step"], "RankAUC", keras)


@pytest.mark.parametrize("keras", KERASES)
def test_a_metric_that_a_callback_updates_may_be_of_any_keras(keras, answers):
    assert answers[keras]["by hand"] == pytest.approx(answers["exact"], abs=CLOSE["RankAUC"])


@pytest.mark.parametrize("keras", KERASES)
def test_the_callback_becomes_one_of_the_models_keras(keras, answers):
    exact = answers["exact"]
    expected = [pytest.approx(exact, abs=1e-7), pytest.approx(exact, abs=CLOSE["by name"]), True]
    assert answers[keras]["callback"] == expected


@pytest.mark.parametrize("keras", KERASES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_keras_that_the_calling_module_names(kind, keras, answers):
    assert answers[keras]["named"][kind] == keras


@pytest.mark.parametrize("kind", KINDS)
def test_a_module_that_names_both_has_to_choose(kind, answers):
    error = answers["both named"][kind]
    assert error.startswith(f"ValueError: {kind} is a metric of one Keras") and "keras 3." in error
    assert f"{kind}(keras=tf_keras) or {kind}(keras=keras)" in error


@pytest.mark.parametrize("kind", KINDS)
def test_a_module_that_names_none_gets_the_keras_that_was_asked_for(kind, answers):
    assert answers["none named"][kind] == "tf_keras"


def test_what_is_no_keras(answers):
    assert (
        answers["not a Keras"].startswith("TypeError: RankAUC expects keras=keras")
        and "'tf_keras'" in answers["not a Keras"]
    )
