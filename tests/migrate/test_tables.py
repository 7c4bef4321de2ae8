"""The rename tables against the installed TensorFlow, Keras and tf_keras: what is written must be there to call."""

import importlib
import inspect

import keras
import pytest
import tensorflow as tf
import tf_keras

from compat_auc.migrate.tables import backend_names, keywords, names
from compat_auc.migrate.tables.tensorflow_v1 import ONLY_V1
from compat_auc.migrate.target_api.new_names import relocate
from compat_auc.migrate.understand.recognise import OTHER_METRICS


def find(dotted):
    """The object of a dotted name: the longest importable module, then attributes."""
    parts = dotted.split(".")
    found = importlib.import_module(parts[0])
    for part in parts[1:]:
        found = getattr(found, part)
    return found


def parameters(function):
    function = function.__init__ if inspect.isclass(function) else function
    return inspect.signature(function).parameters


def accepts(function, name):
    """By name, or by ``**kwargs`` that the base layer understands."""
    known = parameters(function)
    return name in known or any(one.kind is one.VAR_KEYWORD for one in known.values())


@pytest.mark.parametrize("package", ["keras", "tf_keras"])
@pytest.mark.parametrize("layer", sorted(keywords.LAYERS))
def test_new_keywords_of_layers_exist(package, layer):
    for old, new in keywords.LAYERS[layer].items():
        assert new in parameters(find(f"{package}.layers.{layer}")), (layer, new)
        if package == "keras":
            assert old not in parameters(find(f"keras.layers.{layer}")), (layer, old)


def test_new_keywords_of_layers_in_keras_3():
    for layer, renames in keywords.LAYERS_KERAS3.items():
        assert all(new in parameters(find(f"keras.layers.{layer}")) for new in renames.values())
        assert all(new not in parameters(find(f"tf_keras.layers.{layer}")) for new in renames.values())


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("name", sorted(keywords.CALLABLES))
def test_new_keywords_of_callables_exist(target, name):
    for new in keywords.CALLABLES[name].values():
        assert accepts(find(relocate(name, target)), new), (name, new)


@pytest.mark.parametrize("name", sorted(keywords.DROPPED))
def test_dropped_keywords_are_gone(name):
    known = parameters(find(relocate(name, "keras3")))
    assert not keywords.DROPPED[name] & set(known)


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_moved_modules_are_there(target):
    for old, new in names.MOVED_MODULES.items():
        assert inspect.ismodule(find(relocate(new, target))), new
        assert relocate(old + ".__name__", target) == relocate(new + ".__name__", target)


@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
@pytest.mark.parametrize("name", sorted(set(names.MOVED_NAMES.values())))
def test_moved_names_are_there(target, name):
    assert find(relocate(name, target)) is not None


@pytest.mark.parametrize(
    "name",
    [
        "keras.preprocessing.text.Tokenizer",
        "keras.preprocessing.text.one_hot",
        "keras.preprocessing.text.text_to_word_sequence",
        "keras.preprocessing.text.tokenizer_from_json",
        "keras.preprocessing.image.ImageDataGenerator",
        "keras.preprocessing.image.random_rotation",
        "keras.preprocessing.sequence.TimeseriesGenerator",
        "keras.preprocessing.sequence.make_sampling_table",
        "keras.preprocessing.sequence.pad_sequences",
        "keras.utils.np_utils.to_categorical",
        "keras.layers.core.Dense",
        "keras.callbacks.EarlyStopping",
    ],
)
@pytest.mark.parametrize("target", ["keras3", "tf_keras"])
def test_relocated_names_are_there(target, name):
    assert callable(find(relocate(name, target)))


def test_backend_of_keras_3():
    public = {name for name in dir(keras.backend) if not name.startswith("_")}
    assert public & backend_names.NATIVE == backend_names.NATIVE
    assert not backend_names.KEPT & public
    for name in backend_names.KEPT:
        assert callable(getattr(tf.keras.backend, name)), name


def test_backend_of_tf_keras():
    for name in backend_names.TF_KEPT:
        assert callable(getattr(tf_keras.backend, name)), name
        assert not hasattr(tf.keras.backend, name), name


def test_names_of_tensorflow_1():
    for name in ONLY_V1:
        assert find_attribute(tf.compat.v1, name), name
        assert not find_attribute(tf, name), name


def find_attribute(module, dotted):
    for part in dotted.split("."):
        if not hasattr(module, part):
            return False
        module = getattr(module, part)
    return True


def test_nothing_of_the_common_tensorflow_1_names_is_missing():
    gone = {name for name in dir(tf.compat.v1) if not name.startswith("_") and not hasattr(tf, name)}
    assert gone - ONLY_V1 <= {"VERSION", "GIT_VERSION", "python"}


@pytest.mark.parametrize("package", ["keras", "tf_keras"])
def test_classes_for_other_metrics(package):
    for name in set(OTHER_METRICS.values()):
        assert "name" in parameters(find(f"{package}.metrics.{name}"))


@pytest.mark.parametrize("package", ["keras", "tf_keras"])
def test_methods_that_take_generators(package):
    from compat_auc.migrate.rules.generators import _METHODS, _RENAMED, _SPEED

    model = find(f"{package}.models.Model")
    for method in _METHODS.values():
        known = parameters(getattr(model, method))
        for new in set(_RENAMED[method].values()):
            assert (new in known) == (package == "tf_keras" or new not in _SPEED), (method, new)


def test_optimizers_of_the_old_defaults():
    from compat_auc.migrate.rules.optimizers import _CHANGED, _OLD_RATES

    for name, rate in _OLD_RATES.items():
        default = parameters(find(f"keras.optimizers.{name}"))["learning_rate"].default
        assert (default != float(rate)) == (name in _CHANGED), name
        assert callable(find(f"tf_keras.optimizers.legacy.{name}"))
    assert callable(keras.optimizers.schedules.InverseTimeDecay)
