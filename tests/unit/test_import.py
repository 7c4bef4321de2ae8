"""Importing compat_auc costs nothing, and works before and after Keras."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]


def run(program):
    """What a program prints, in a separate Python, without a warning of ours."""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "compat_auc could not" not in done.stderr, done.stderr
    return done.stdout.strip()


def test_import_imports_no_framework():
    heavy = ("tensorflow", "keras", "tf_keras", "jax", "torch", "numpy", "sklearn", "packaging")
    program = f"import compat_auc, sys; print([name for name in {heavy} if name in sys.modules])"
    assert run(program) == "[]"


def test_naming_auc_roc_imports_no_framework():
    program = "from compat_auc import auc_roc; import sys; print('tensorflow' in sys.modules, 'keras' in sys.modules)"
    assert run(program) == "False False"


def test_all_names_are_there_and_no_others():
    program = "import compat_auc as c; print(all(hasattr(c, name) for name in c.__all__), hasattr(c, 'nothing'))"
    assert run(program) == "True False"
    assert run("import compat_auc as c; print({*c.__all__} <= {*dir(c)})") == "True"


def test_explain_is_there_without_another_import():
    assert run("import compat_auc; print(compat_auc.legacy.explain.__module__)") == "compat_auc.legacy"


def test_looking_for_modules_starts_no_command():
    program = (
        "import importlib, pkgutil, compat_auc as c\n"
        "print('compat_auc.__main__' in [importlib.import_module(one.name).__name__ for one in "
        "pkgutil.iter_modules(c.__path__, 'compat_auc.') if one.name == 'compat_auc.__main__'])"
    )
    assert run(program) == "True"


FIT = """
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", metrics=["auc_roc"])
print(sorted(model.evaluate(np.eye(2), np.eye(2)[:, :1], verbose=0, return_dict=True)))
"""


@pytest.mark.slow
@pytest.mark.parametrize("keras", ["import keras", "import tf_keras as keras", "from tensorflow import keras"])
@pytest.mark.parametrize("first", [True, False], ids=["compat_auc_first", "keras_first"])
def test_the_name_works_in_either_order_of_imports(first, keras):
    imports = ["import compat_auc", keras]
    program = "\n".join(["import numpy as np", *(imports if first else imports[::-1]), FIT])
    assert run(program).splitlines()[-1] == "['auc_roc', 'loss']"


@pytest.mark.slow
def test_the_import_of_keras_survives_a_failure_of_ours():
    program = (
        "import warnings; warnings.simplefilter('error', DeprecationWarning); import compat_auc.metrics.registry as r\n"
        "def fail(keras): raise RuntimeError('boom')\n"
        "r.publish = fail\n"
        "with warnings.catch_warnings(record=True) as seen:\n"
        "    warnings.simplefilter('always')\n"
        "    import keras\n"
        "print(bool(keras.metrics.AUC), any('boom' in str(w.message) for w in seen))"
    )
    assert run(program) == "True True"


@pytest.mark.slow
def test_module_keeps_its_loader():
    """What Keras is loaded with stays as it is, so that inspect, pkgutil and pickle find its source."""
    program = (
        "import compat_auc, keras, inspect, pkgutil\n"
        "print(type(keras.__spec__.loader).__name__, len(inspect.getsource(keras)) > 0,"
        " len(pkgutil.get_data('keras', '__init__.py')) > 0)"
    )
    assert run(program) == "SourceFileLoader True True"


@pytest.mark.parametrize("keras", ["keras", "tf_keras"])
def test_a_second_import_knows_the_models_of_the_first(keras):
    program = [sys.executable, ROOT / "tests" / "unit" / "purged_program.py", keras]
    done = subprocess.run(
        program, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert done.returncode == 0 and "compat_auc could not" not in done.stderr, done.stderr
