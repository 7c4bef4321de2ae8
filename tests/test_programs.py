"""The programs of docs/programs.md run with the newest release of each tool, and the tool gets the AUC of the logs.

`nox -s programs` installs the tools. Elsewhere a program is skipped if its tool is missing.
"""

import pathlib
import re
import runpy
import shutil
import sys

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from compat_auc import RocCounts

ROOT = pathlib.Path(__file__).parents[1]
PROGRAMS = sorted(path.name for path in (ROOT / "examples").glob("with_*.py"))
# What the tools warn of among themselves is theirs.
pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a program in a new folder, and return its variables."""

    def program(name, *packages):
        for package in packages:
            pytest.importorskip(package)
        monkeypatch.chdir(tmp_path)
        # Spark sends functions of __main__ to its workers by value.
        return runpy.run_path(str(ROOT / "examples" / name), run_name="__main__")

    return program


def test_the_page_shows_each_program():
    page = (ROOT / "docs" / "programs.md").read_text("utf-8")
    shown = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert sorted(shown) == sorted((ROOT / "examples" / name).read_text("utf-8") for name in PROGRAMS)


def exact(program):
    x, y, model = program["x"], program["y"], program["model"]
    return roc_auc_score(y[800:], model.predict(x[800:], verbose=0)[:, 0])


def test_tensorboard(run, tmp_path):
    program = run("with_tensorboard.py", "keras", "tensorboard", "matplotlib")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util.tensor_util import make_ndarray

    def events(folder):
        return EventAccumulator(str(tmp_path / "logs" / folder)).Reload()

    logged = program["model"].history.history
    validation, curves = events("validation"), events("curves")
    for key in ("auc_roc", "roc_auc"):
        values = [make_ndarray(event.tensor_proto) for event in validation.Tensors(f"epoch_{key}")]
        np.testing.assert_allclose(values, logged[f"val_{key}"], rtol=1e-6)
    values = [event.value for event in curves.Scalars("val_roc_auc")]
    np.testing.assert_allclose(values, logged["val_roc_auc"], rtol=1e-6)
    assert values[-1] == pytest.approx(exact(program), abs=1e-6)
    assert len(curves.Images("roc_auc curves")) == 3


def test_optuna(run):
    study = run("with_optuna.py", "keras", "optuna")["study"]
    last = {trial.number: max(trial.intermediate_values.items()) for trial in study.trials}
    complete = [trial for trial in study.trials if trial.state.name == "COMPLETE"]
    pruned = [trial for trial in study.trials if trial.state.name == "PRUNED"]
    assert complete and pruned and len(complete) + len(pruned) == 6
    assert all(last[trial.number] == (2, trial.value) for trial in complete)
    assert study.best_value == max(trial.value for trial in complete) > 0.7
    assert all(trial.value < study.best_value for trial in pruned)


def test_keras_tuner(run):
    tuner = run("with_keras_tuner.py", "keras_tuner")["tuner"]
    best, worst = tuner.oracle.get_best_trials(2)
    assert (best.score, worst.score) == pytest.approx(
        [max(trial.metrics.get_history("val_auc_roc")[-1].value) for trial in (best, worst)]
    )
    assert best.score > worst.score


def test_mlflow(run):
    program = run("with_mlflow.py", "tensorflow", "mlflow")
    # Else each fit of a later test would store its model.
    program["mlflow"].tensorflow.autolog(disable=True)
    client, number = program["mlflow"].MlflowClient(), program["run"].info.run_id

    def values(key):
        return [point.value for point in client.get_metric_history(number, key)]

    np.testing.assert_allclose(values("val_auc_roc"), program["model"].history.history["val_auc_roc"], rtol=1e-6)
    assert values("val_auc") == [program["counts"].auc()]
    low, high = program["counts"].bounds()
    assert low <= exact(program) <= high
    x, y = program["x"][800:], program["y"][800:]
    loaded, model = (program[name].evaluate(x, y, verbose=0, return_dict=True) for name in ("loaded", "model"))
    assert loaded == pytest.approx(model, abs=1e-6)


def test_scikit_learn(run):
    program = run("with_scikit_learn.py", "keras", "scikeras")
    x, y, validated = program["x"], program["y"], program["cross_val_score"]
    of_scikeras = program["KerasClassifier"](program["build"], epochs=1, verbose=0)
    of_keras = program["wrapper"]
    for classifier, scorer in ((of_scikeras, program["auc"]), (of_keras, program["auc_of_keras"])):
        # The advice of CA411 is needed as long as this fails.
        with pytest.raises(ValueError, match="y should be a 1d array"):
            validated(classifier, x, y, cv=2, scoring="roc_auc", error_score="raise")
        fitted = classifier.fit(x, y)
        scores = fitted.model_.predict(x, verbose=0)[:, -1]
        assert scorer(fitted, x, y) == pytest.approx(roc_auc_score(y, scores))
    for values in (program["of_scikeras"], program["of_keras"]):
        assert values.shape == (3,) and np.isfinite(values).all()


def test_spark(run, monkeypatch):
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, and there is none on the PATH")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    program = run("with_spark.py", "pyspark", "pyarrow")
    rows, whole = program["rows"], program["whole"]
    assert whole == RocCounts().add(rows["label"], rows["score"])
    low, high = whole.bounds()
    assert low <= roc_auc_score(rows["label"], rows["score"]) <= high
    by_user = program["by_user"].set_index("user")["auc"]
    expected = {user: roc_auc_score(group["label"], group["score"]) for user, group in rows.groupby("user")}
    assert by_user.to_dict() == pytest.approx(expected, abs=1e-3)


def test_notebook(tmp_path, monkeypatch):
    """`move_your_script.ipynb` as Colab runs it, but for the cell that installs compat-auc."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    notebook = nbformat.read(ROOT / "examples" / "move_your_script.ipynb", as_version=4)
    nbformat.validate(notebook)
    install, *cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert install.source.startswith("%pip install ") and not any("pip" in cell.source for cell in cells)
    install.source = ""
    monkeypatch.setenv("PATH", f"{pathlib.Path(sys.executable).parent}:/usr/bin:/bin")
    nbclient.NotebookClient(notebook, startup_timeout=300, resources={"metadata": {"path": tmp_path}}).execute()
    # The colours of a terminal are left out.
    printed = [re.sub(r"\x1b\[[\d;]*m", "", "".join(output.text for output in cell.outputs)) for cell in cells]
    assert not any("Traceback" in text for text in printed)
    _, checked, changes, first_run, second_run = printed
    assert "old_script.py:12:1 CA108" in checked and "+from compat_auc import auc_roc\n" in changes.replace("\r", "")
    assert "val_auc_roc: " in first_run and "val_auc_roc: " in second_run
