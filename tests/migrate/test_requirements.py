"""What old code installs: rewritten in cells and scripts, reported in the files that list requirements."""

import json

import pytest

from compat_auc.command import cli
from compat_auc.migrate.documents import pipeline
from compat_auc.migrate.selection import Choice


@pytest.mark.parametrize(
    ("old", "keras3", "tf_keras"),
    [
        ("%tensorflow_version 1.x", "%tensorflow_version 2.x", None),
        (
            "!pip install tensorflow==1.15 keras==2.2.4",
            '!pip install "tensorflow>=2.16" "keras>=3"',
            '!pip install "tensorflow>=2.16" tf_keras',
        ),
        ("!pip install -q 'h5py<3.0' numpy==1.16", "!pip install -q 'h5py>=3' numpy==1.16", None),
        ("!pip3 install tensorflow-gpu", '!pip3 install "tensorflow>=2.16"', None),
        ("!conda install -y tensorflow=1.15", '!conda install -y "tensorflow>=2.16"', None),
        ("!pip install \\\n  tensorflow==2.3", '!pip install \\\n  "tensorflow>=2.16"', None),
        ("pip install keras==2.1.6 --upgrade", 'pip install "keras>=3" --upgrade', "pip install tf_keras --upgrade"),
    ],
)
def test_what_a_line_installs(old, keras3, tf_keras):
    for target, new in (("keras3", keras3), ("tf_keras", tf_keras or keras3)):
        outcome = pipeline.process("a.py", f"import os\n{old}\n".encode(), target)
        assert outcome.new == f"import os\n{new}\n"
        assert [one.code for one in outcome.findings] == ["CA504"]
        assert pipeline.process("a.py", outcome.new.encode(), target).findings == ()


@pytest.mark.parametrize(
    "line",
    [
        "!pip install tensorflow keras>=3 tensorflow-hub==0.5 keras-contrib==2.0 tf-keras==2.16",
        "!pip install tensorflow==2.16.1 https://host/tensorflow-1.15-cp37.whl git+https://host/keras-team/keras.git",
        "!echo tensorflow==1.15",
        "%tensorflow_version 2.x",
        "!pip install keras==2.2.4  # compat-auc: ignore[CA504]",
    ],
)
def test_what_stays(line):
    outcome = pipeline.process("a.py", f"import os\n{line}\n".encode(), "keras3")
    assert (outcome.error, outcome.changed, outcome.findings) == ("", False, ())


def test_in_a_notebook_at_its_line():
    lines = ["import os\n", "!pip install keras==2.2.4"]
    old = json.dumps({"cells": [{"cell_type": "code", "source": lines}]}, indent=1)
    outcome = pipeline.process("n.ipynb", old.encode(), "keras3")
    assert json.loads(outcome.new)["cells"][0]["source"] == ["import os\n", '!pip install "keras>=3"']
    assert "keras==2.2.4" in old.splitlines()[outcome.findings[0].file_line - 1]
    kept = pipeline.process("n.ipynb", old.encode(), "keras3", choice=Choice(ignore=("CA504",)))
    assert (kept.changed, kept.findings) == (False, ())


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        (
            "requirements.txt",
            "# tensorflow==1.1\ntensorflow==1.15.2\nKeras>=2.0,<2.4\nnumpy\nkeras\nh5py==2.10.0\ntensorflow_hub==0.1\n",
            [(2, 1), (3, 1), (6, 1)],
        ),
        ("requirements-gpu.txt", "tensorflow-gpu\n", [(1, 1)]),
        ("environment.yml", "dependencies:\n  - tensorflow=1.15\n  - pip:\n    - keras==2.2\n", [(2, 5), (4, 7)]),
        ("Pipfile", '[packages]\ntensorflow = "==1.15"\nkeras = "*"\nh5py = "<3"\n', [(2, 1), (4, 1)]),
        ("setup.py", "import s\ns.setup(install_requires=['tensorflow==1.15', 'keras>=2.2,<3'])\n", [(2, 28), (2, 48)]),
        ("requirements.txt", "tensorflow>=2.16\nkeras>=3\ntf_keras\n", []),
        ("requirements.txt", "h5py<3  # compat-auc: ignore[CA505]\nkeras==2.2.4\n", [(2, 1)]),
    ],
)
def test_files_that_list_requirements_are_reported(tmp_path, capsys, name, text, places):
    path = tmp_path / name
    path.write_text(text)
    assert cli.main(["check", str(tmp_path)]) == bool(places)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == [f"{path}:{line}:{column}" for line, column in places]
    assert all(" CA505 " in line and " is too old for the new code. Write " in line for line in lines)
    assert cli.main(["migrate", "--write", str(tmp_path)]) == 0
    assert path.read_text() == text
