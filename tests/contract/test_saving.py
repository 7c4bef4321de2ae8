"""Contract 7: each format that the stack has, with and without custom_objects, saved and loaded twice."""

import json

import oracle
import pytest
import stacks
from golden import golden

from compat_auc import auc_roc

CUSTOM = {"none": None, "auc_roc": {"auc_roc": auc_roc}}


def formats(stack):
    """SavedModel, the folder without an ending, is a format of Keras 2."""
    return (".keras", ".h5") if stack.is_keras_3 else (".keras", ".h5", "")


def save_load(keras, model, path, custom_objects):
    model.save(path)
    return keras.models.load_model(path, custom_objects=custom_objects)


@pytest.mark.fails_on(
    "tf1-keras",
    raises=ValueError,
    reason="Keras 2.3.1 does not load a model that was compiled with a metric object, its own AUC() included",
)
@pytest.mark.fails_on(
    "tf_keras-graph",
    "keras2-graph",
    param="keras-*",
    raises=NotImplementedError,
    reason="The .keras format (2.12 to 2.21) reads the optimizer's values, which graph mode does not have",
)
@pytest.mark.parametrize("metrics", ["name", "configured"])
@pytest.mark.parametrize("custom", sorted(CUSTOM))
@pytest.mark.parametrize("ending", [".keras", ".h5", ""], ids=["keras", "h5", "savedmodel"])
def test_saved_loaded_and_again(ending, custom, metrics, keras, stack, make_model, data, tmp_path):
    if ending not in formats(stack):
        with pytest.raises(ValueError):
            make_model([auc_roc]).save(str(tmp_path / "model"))
        return
    x, y = data
    model = make_model(["accuracy", auc_roc if metrics == "name" else auc_roc(num_thresholds=50)], frozen=False)
    model.fit(x, y, epochs=1, verbose=0)
    expected = oracle.thresholded_auc(y, model.predict(x, verbose=0), num_thresholds=200 if metrics == "name" else 50)
    for generation in "ab":
        model = save_load(keras, model, str(tmp_path / (generation + ending)), CUSTOM[custom])
        assert stack.evaluate(model, x, y)["auc_roc"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.fails_on(
    *stacks.KERAS_3,
    param="*-tf1.8-keras2.1",
    raises=TypeError,
    reason="Keras 3 (3.15.1) does not read .h5 files of Keras 2.1.6: layers are a list there. tf_keras reads them",
)
@pytest.mark.fails_on(
    *stacks.KERAS_3,
    param="*-tf1.15-keras2.3",
    raises=ValueError,
    reason="Keras 3 (3.15.1) builds a wrong input shape from .h5 files of Keras 2.3.1. tf_keras reads them",
)
@pytest.mark.parametrize("recording", golden.STACKS)
@pytest.mark.parametrize("name", ["sigmoid", "softmax", "multilabel"])
@pytest.mark.parametrize("custom", sorted(CUSTOM))
def test_models_that_the_old_keras_saved(custom, name, recording, keras, stack):
    """Compiled with an auc_roc of their own; today they evaluate with ours."""
    model = keras.models.load_model(golden.path(recording, name), custom_objects=CUSTOM[custom])
    arrays = golden.load(recording)
    x, y, p = (arrays[key] for key in ("fit_x", "fit_%s_y" % name, "fit_%s_p" % name))
    if stack.is_multi_backend:
        model.compile("sgd", model.loss, metrics=[auc_roc()])  # As loaded, it has the running mean.
    assert model.predict(x, verbose=0) == pytest.approx(p, abs=1e-6)
    assert stack.evaluate(model, x, y)["auc_roc"] == pytest.approx(oracle.thresholded_auc(y, p), abs=1e-5)


def test_config_has_what_was_given(keras, stack):
    given = dict(num_thresholds=50, curve="PR", summation_method="careful_interpolation", from_logits=True, name="pr")
    metric = auc_roc(**given)
    config = metric.get_config()
    assert {key: config[key] for key in given} == given
    again = type(metric).from_config(json.loads(json.dumps(config)))
    assert again.get_config() == config
