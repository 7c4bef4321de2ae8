"""The API as data against the installed packages, made again, and the rename tables against the data."""

import importlib
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from compat_auc.migrate.rules import contrib_imports, merge_layers, optimizers, train_optimizers
from compat_auc.migrate.rules.generators import _METHODS, _RENAMED
from compat_auc.migrate.tables import backend_names, keywords, names, strings, tensorflow_v0
from compat_auc.migrate.tables.tensorflow_v1 import ONLY_V1
from compat_auc.migrate.target_api import api as data
from compat_auc.migrate.target_api import old_api
from compat_auc.migrate.target_api.api import Missing, Signature, api
from compat_auc.migrate.target_api.new_names import relocate

MAKE = Path(__file__).with_name("make_api.py")
ROOT = Path(__file__).parents[2]
AT_MOST = 300_000  # bytes
TARGETS = ["keras3", "tf_keras"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("api") / "api.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""}
    environment.pop("COVERAGE_PROCESS_START", None)  # It would trace all of the frameworks.
    subprocess.run([sys.executable, str(MAKE), str(path)], check=True, capture_output=True, env=environment)
    return json.loads(path.read_bytes())


def changes(old, new, path=""):
    """The paths at which two trees of dicts differ, with both values."""
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            yield from changes(one, other, f"{path}/{key}")
        elif one != other:
            yield f"{path}/{key}: {one} -> {other}"


def test_the_data_is_what_the_installed_packages_have(made):
    stored = json.loads(data.DATA.read_bytes())
    found = list(changes(stored, made))
    text = "\n".join([f"run {MAKE.name}, and look at what changed:", *found[:200]])
    assert not found, text


def test_the_data_is_small_as_git_and_a_wheel_store_it():
    assert len(zlib.compress(data.DATA.read_bytes(), 9)) < AT_MOST


def test_what_names_lead_to():
    assert api().find("keras.layers.Dense") == "c:keras.src.layers.core.dense.Dense"
    assert api().find("tensorflow.keras.layers.Dense").startswith("c:keras.")
    assert api().find("tf_keras.layers.Dense").startswith("c:tf_keras.")
    assert api().find("keras.layers.Dense.call").startswith("(inputs")
    assert api().find("tensorflow.nn.seq2seq.x") == Missing("tensorflow.nn", "seq2seq")
    assert api().find("tensorflow.python.framework.ops.no") == Missing("tensorflow.python.framework.ops", "no")
    assert api().find("tensorflow.python.ops.array_ops.expand_dims") == "m"
    assert api().is_module("tensorflow.compat.v1.train") and not api().is_module("keras.layers.Dense")
    assert not api().is_module("tensorflow.initializers") and api().has("tensorflow.initializers.Zeros")
    assert api().has("tensorflow.metrics.AUC") and not api().has("tensorflow.compat.v1.layers.dense")
    assert api(legacy=True).has("tensorflow.compat.v1.layers.dense")
    assert api().has("tensorflow.keras.backend.mean") and not api().has("keras.backend.mean")


def test_what_the_signatures_say():
    dense = api().signature(api().find("keras.layers.Dense"))
    assert dense.names[:2] == ("units", "activation") and dense.required == {"units"}
    assert dense.takes("input_shape") and dense.takes("name") and not dense.takes("W_regularizer")
    assert not api().signature(api().find("keras.layers.LSTM")).takes("input_length")
    assert api().signature(api().find("tf_keras.layers.LSTM")).takes("input_length")
    assert api().signature("?") is None
    parsed = Signature.parse("(/a b= *args c d= **")
    assert (parsed.names, parsed.keywords, parsed.required) == (("/a", "b"), {"c", "d"}, {"c"})
    assert parsed.takes_rest and parsed.takes_any


@pytest.mark.parametrize("target", TARGETS)
def test_what_the_tables_write_is_there(target):
    written = {*names.MOVED_MODULES.values(), *names.MOVED_NAMES.values(), *keywords.CALLABLES, *keywords.DROPPED}
    written |= {f"keras.layers.{layer}" for layer in [*keywords.LAYERS, *sum(merge_layers._MODES.values(), ())]}
    written |= {f"keras.optimizers.{one}" for one in optimizers._OLD_RATES}
    written |= {f"keras.optimizers.{one}" for one, _ in train_optimizers._OPTIMIZERS.values()}
    written |= {f"keras.models.Model.{method}" for method in _METHODS.values()}
    for name in written:
        new = relocate(name, target)
        assert api().has(new) and (target != "tf_keras" or new.startswith("tf_keras.")), (name, new)


@pytest.mark.parametrize("target", TARGETS)
def test_what_relocate_writes_is_there(target):
    """Each old module with each name that Keras has anywhere: what comes out is there, or what went in."""
    known = {name for path, members in api().modules.items() if path.startswith("keras") for name in members}
    for module in [*names.MOVED_MODULES, "keras.layers", "keras.backend", "keras.utils", "keras"]:
        for name in known | {"to_list", "Merge", "K", "get_session"}:
            old = f"{module}.{name}"
            new = relocate(old, target)
            assert new == old or api().has(new), (old, new)


@pytest.mark.parametrize("target", TARGETS)
def test_keywords_that_the_tables_write_bind(target):
    layers = {f"keras.layers.{layer}": table for layer, table in keywords.LAYERS.items()}
    methods = {f"keras.models.Model.{name}": table for name, table in _RENAMED.items()}
    for name, table in {**layers, **keywords.CALLABLES}.items():
        signature = api().signature(api().find(relocate(name, target)))
        assert all(signature.takes(new) for new in table.values()), name
    for name, table in methods.items():
        signature = api().signature(api().find(relocate(name, "tf_keras")))
        assert all(signature.takes(new) for new in table.values()), name


def test_names_of_tensorflow_that_the_tables_write_are_there():
    for name in ONLY_V1 - {"layers", "nn.rnn_cell"}:
        assert api().has(f"tensorflow.compat.v1.{name}") and not api().has(f"tensorflow.{name}"), name
    for old, new in tensorflow_v0.RENAMED.items():
        assert api().has(f"tensorflow.compat.v1.{new}") and not api().has(f"tensorflow.compat.v1.{old}"), old
        assert new in tensorflow_v0.ONLY_LIKE_V1 or api().has(f"tensorflow.{new}"), new
    for name in ("glorot_uniform_initializer", "glorot_normal_initializer", "variance_scaling_initializer"):
        signature = api().signature(api().find(f"tensorflow.compat.v1.{name}"))
        assert {"seed", "dtype"} <= set(signature.names), name
    assert {"scale", "mode", "distribution"} <= set(signature.names)
    for name in contrib_imports._SLIM.values():
        assert api().is_module(name)
    for name, (_, order) in tensorflow_v0.REORDERED.items():
        assert api().signature(api().find(f"tensorflow.{name}")).names[: len(order)] == order


def test_backend_names():
    for name in backend_names.NATIVE:
        assert api().has(f"keras.backend.{name}"), name
    for name in backend_names.KEPT:
        assert api().has(f"tensorflow.keras.backend.{name}") and not api().has(f"keras.backend.{name}"), name
    for name in backend_names.TF_KEPT:
        assert api().has(f"tf_keras.backend.{name}"), name


def test_a_file_that_does_not_need_the_data_does_not_read_it():
    code = (
        "from compat_auc.migrate import migrate_source\n"
        "from compat_auc.migrate.target_api import api\n"
        "migrate_source('import numpy as np\\nprint(np.zeros(3))\\n')\n"
        "print(api._data.cache_info().misses)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


@pytest.mark.parametrize("target", TARGETS)
def test_what_only_old_classes_have_is_in_no_class_of_the_target(target):
    package = "keras" if target == "keras3" else "tf_keras"
    classes = [key for key in api().classes if key.startswith((f"{package}.", "tensorflow.python.data."))]
    for name in old_api.lost_attributes(target):
        assert not any(name in api().classes[key]["own"] for key in classes if not key.endswith("DatasetV1")), name
    assert {"make_one_shot_iterator", "get_output_shape_for"} <= old_api.lost_attributes(target).keys()
    assert not {"value", "name", "layers", "lr", "training_data"} & old_api.lost_attributes(target).keys()


@pytest.mark.parametrize("target", TARGETS)
def test_a_parameter_that_changed_places_is_where_the_data_says(target):
    moved = old_api.moved_parameters(target)
    assert moved["tensorflow.nn.in_top_k"]["0"] == ["predictions", "targets"]
    for name, places in moved.items():
        signature = api().signature(api().find(relocate(name, target)))
        for position, (old, new) in places.items():
            assert signature.names[int(position)] == new, name
            assert signature.takes(old) or old == "keep_prob", name


def test_functions_that_fail_are_those_that_fail_when_they_are_called():
    script = MAKE.with_name("call_slim.py")
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == old_api.failing_functions()
    assert "tf_slim.metrics.streaming_auc" not in old_api.failing_functions()


@pytest.mark.parametrize(
    ("module", "old", "new"), [(module, *pair) for module, pairs in strings.RENAMED.items() for pair in pairs.items()]
)
def test_a_renamed_string_is_known_to_each_keras_by_its_name_there(module, old, new):
    assert api().takes_string("tf_keras", module, old) and not api().takes_string("keras", module, old)
    assert api().takes_string("keras", module, new)


def test_the_formulas_of_hard_sigmoid():
    x = importlib.import_module("tensorflow").constant([-2.0, -1.0, 0.5, 2.4])
    by_package = {}
    for package in ("keras", "tf_keras"):
        hard_sigmoid = importlib.import_module(package).activations.get("hard_sigmoid")
        by_package[package] = np.asarray(hard_sigmoid(x))
    np.testing.assert_allclose(by_package["tf_keras"], [0.1, 0.3, 0.6, 0.98], rtol=1e-6)  # 0.2 * x + 0.5
    np.testing.assert_allclose(by_package["keras"], [1 / 6, 2 / 6, 3.5 / 6, 5.4 / 6], rtol=1e-6)  # (x + 3) / 6
