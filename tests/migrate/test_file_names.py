"""File names that Keras 3 refuses: a name changes only where every use of it is known, and the rest is reported."""

import pytest

from compat_auc.migrate import migrate_source

HEAD = """import glob, os, shutil
from keras.callbacks import CSVLogger, ModelCheckpoint
from keras.models import load_model
"""


def migrated(body):
    migration = migrate_source(HEAD + body)
    return migration.code.removeprefix(HEAD), [finding.message for finding in migration.reports]


@pytest.mark.parametrize(
    "body",
    [
        'RUNS = "runs"\nos.makedirs(RUNS)\nsave = ModelCheckpoint(RUNS)\n',
        'RUNS = os.path.join("runs")\nsave = ModelCheckpoint(RUNS)\nlog = CSVLogger(os.path.join(RUNS, "log.csv"))\n',
        'RUNS = "runs"\nsave = ModelCheckpoint(filepath=RUNS)\nlog = CSVLogger(RUNS + "/log.csv")\n',
        'save = ModelCheckpoint("runs")\nos.makedirs("runs")\n',
        'RUNS = "run.tf"\nsave = ModelCheckpoint(RUNS)\nlog = CSVLogger(os.path.join(RUNS, "log.csv"))\n',
        'def save(name="tmp"):\n    return ModelCheckpoint(name, save_weights_only=True)\n',
        'def save(name):\n    return ModelCheckpoint(name)\nsave("best.hdf5")\n',
        'parser.add_argument("-w", "--best-weights", default="w/best")\nsave = ModelCheckpoint(args.best_weights)\n',
    ],
)
def test_a_name_with_other_uses_is_reported(body):
    code, reports = migrated(body)
    assert code == body
    (report,) = reports
    assert report.startswith("Keras 3 wants a file name that ends in ")


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ('BEST = "best"\nsave = ModelCheckpoint(BEST)\nload_model(BEST)\n', '"best.keras"'),
        ('BEST = "best.hdf5"\nsave = ModelCheckpoint(BEST)\nprint(BEST)\nos.remove(BEST)\n', '"best.keras"'),
        ('save = ModelCheckpoint("ck/best.hdf5")\nload_model(os.path.join("ck", "best.hdf5"))\n', '"best.keras"'),
        ('BEST = os.path.join("ck", "best")\nsave = ModelCheckpoint(BEST)\nload_model("ck/best")\n', '"ck/best.keras"'),
        ("def keep(model, path):\n    model.save_weights('{}.h5'.format(path))\n", "'{}.weights.h5'.format(path)"),
        ("class A:\n    def keep(self):\n        self.net.save_weights('a.h5')\n", "'a.weights.h5'"),
    ],
)
def test_a_name_changes_in_every_use(body, wanted):
    code, reports = migrated(body)
    assert wanted in code
    assert not reports
    assert ".hdf5" not in code


@pytest.mark.parametrize(
    "search",
    [
        'glob.glob("ck/w.*.hdf5")',
        'glob.glob(os.path.join("ck", "*.hdf5"))',
        'glob.glob("ck/w.??.hdf5")',
        '[name for name in os.listdir("ck") if name.endswith(".hdf5")]',
        '[name.split(".hdf5")[0] for name in os.listdir("ck")]',
        'name.replace(".hdf5", ".json")',
    ],
)
def test_what_looks_for_the_old_ending_is_reported(search):
    body = f'save = ModelCheckpoint("ck/w.{{epoch:02d}}.hdf5", save_weights_only=True)\nfiles = {search}\n'
    code, reports = migrated(body)
    assert "ck/w.{epoch:02d}.weights.h5" in code
    (report,) = reports
    assert "no longer finds the files" in report


@pytest.mark.parametrize("copy", ["shutil.copy", "shutil.move", "os.rename"])
def test_a_copy_is_reported(copy):
    _, reports = migrated(f'save = ModelCheckpoint("best.hdf5")\n{copy}("best.hdf5", "final.hdf5")\n')
    assert reports == ["'best.hdf5' is 'best.keras' now: give its copy the same ending, or Keras cannot load it"]


@pytest.mark.parametrize(
    "body",
    [
        'save = ModelCheckpoint("best.keras")\nfiles = glob.glob("*.hdf5")\n',
        'save = ModelCheckpoint("w.weights.h5", save_weights_only=True)\nfiles = glob.glob("*.h5")\n',
        'images = glob.glob("*.jpg")\nname.endswith(".hdf5")\nload_model("old.hdf5")\n',
        "import torch\nnet = torch.nn.Linear(1, 1)\nnet.save_weights('net')\n",
        "class Net:\n    def save_weights(self, path):\n        pass\nNet().save_weights('net.hdf5')\n",
    ],
)
def test_what_stays(body):
    assert migrated(body) == (body, [])
