"""The code of README and guide runs and prints what it says, their links hold, and every symptom has a section."""

import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
DOCUMENTS = (
    *("README.md", "migration_guide.md", "CONTRIBUTING.md", "RELEASING.md", "CHANGELOG.md", "SECURITY.md"),
    "tests/README.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")),
)
# As people paste them into a search box.
SYMPTOMS = (
    "module 'tensorflow' has no attribute 'contrib'",
    "Attempting to use uninitialized value",
    "Could not interpret metric identifier",
    "Early stopping conditioned on metric `auc_roc` which is not available",
    "Unknown metric function: auc_roc",
    "AUC is 0.5 on rare events",
    "val_auc_1",
    "my AUC change",
)


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.MULTILINE | re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "migration_guide.md"])
def test_the_python_blocks_run_one_after_the_other(name):
    program = "\n".join(blocks(name, "python"))
    assert program
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    for said in re.findall(r"(?<=\)\n)^# (.+)$", program, re.MULTILINE):
        assert said in printed


def test_every_block_is_in_a_language_that_something_tests():
    # python: here. sh: by the session `package` of noxfile.py. diff, text and toml: tests/migrate.
    languages = {"README.md": {"python", "sh", "diff", "text"}, "migration_guide.md": {"python", "diff", "toml"}}
    for name, tested in languages.items():
        assert set(re.findall(r"^```(\w*)\n(?=.)", text(name), re.MULTILINE)) <= tested


def anchors(name):
    headings = re.findall(r"^#+ (.+)$", text(name), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_paths_lead_somewhere(name):
    for target in re.findall(r"\]\(([^)]+)\)", text(name)):
        path, _, anchor = target.partition("#")
        if not target.startswith("https://"):
            folder = pathlib.PurePosixPath(name).parent
            assert not path or (ROOT / folder / path).exists(), target
            assert not anchor or anchor in anchors(folder / path if path else name), target
    for path in re.findall(r"`((?:compat_auc|tests|examples|benchmarks)/[\w./]+)`", text(name)):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_what_people_paste_has_its_section(symptom):
    headings = "\n".join(re.findall(r"^##+ (.+)$", text("migration_guide.md"), re.MULTILINE)).lower()
    assert symptom.lower() in headings


@pytest.mark.slow
@pytest.mark.parametrize("keras", ["keras", "tf_keras"])
def test_the_messages_are_those_of_a_keras_without_compat_auc(keras, tmp_path):
    """Each by the Keras of today; the lanes do what is left (tests/contract/test_symptoms.py)."""
    program = PROGRAM.replace("import keras", f"import {keras} as keras")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    known = [span for span in re.findall(r"`([^`\n]+)`", text("migration_guide.md")) if len(span) > 25]
    for message in done.stdout.splitlines():
        without_quotes = message.replace("function: 'auc_roc'", "function: auc_roc")
        assert any(without_quotes.startswith(span) for span in known), message


PROGRAM = """
import sys
import numpy as np
import keras

def auc_roc(y_true, y_pred):
    return y_pred

def model(*metrics):
    made = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
    made.compile("sgd", "binary_crossentropy", metrics=list(metrics))
    made.fit(np.eye(2), np.eye(2)[:, :1], verbose=0)
    return made

def load(path):
    model(auc_roc).save(path)
    keras.models.load_model(path).evaluate(np.eye(2), np.eye(2)[:, :1], verbose=0)

for attempt in (lambda: model("auc_roc"), lambda: load("m.h5"), lambda: load("m.keras")):
    try:
        attempt()
        sys.exit("no error")
    except (TypeError, ValueError) as error:
        print(str(error).strip().splitlines()[-1].strip().rpartition("Error: ")[2])
"""
