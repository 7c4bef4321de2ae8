"""File names that Keras 3 refuses: a name changes only where every use of it is known, and the rest is reported."""

import pytest

from compat_auc.migrate import migrate_source

HEAD = """import glob, os, shutil
from pathlib import Path
import tensorflow as tf
from keras.callbacks import CSVLogger, ModelCheckpoint
from keras.models import Sequential, load_model
"""
NOT_SHOWN = "Check the ending, which this file does not show."


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
    assert report.startswith("Not changed: Keras 3 wants a file name that ends in ")


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
    assert "does not find the files" in report


@pytest.mark.parametrize("copy", ["shutil.copy", "shutil.move", "os.rename"])
def test_a_copy_is_reported(copy):
    _, reports = migrated(f'save = ModelCheckpoint("best.hdf5")\n{copy}("best.hdf5", "final.hdf5")\n')
    assert reports == [
        "Not changed: the file is now 'best.keras'. Give the copy the same ending, or Keras cannot load the copy."
    ]


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


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("cfg.path", ""),
        ("WEIGHTS", "from config import WEIGHTS\n"),
        ("cfg['path']", ""),
        ("get_path()", "from config import get_path\n"),
        ("os.path.join('ck', name)", ""),
        ("str(Path(cfg.folder) / cfg.name)", ""),
        ("'{}'.format(path)", ""),
        ("'%s' % path", ""),
        ("args.out", "parser.add_argument('--out', required=True)\n"),
        ("path", "path = None\nif cfg.path:\n    path = cfg.path\n"),
    ],
)
@pytest.mark.parametrize(
    ("call", "ending"),
    [
        ("ModelCheckpoint({}, save_best_only=True)", ".keras"),
        ("ModelCheckpoint(filepath={}, save_weights_only=True)", ".weights.h5"),
        ("Sequential().save({})", ".keras"),
        ("net.save_weights({})", ".weights.h5"),
    ],
)
def test_a_path_whose_ending_the_file_does_not_show_is_reported(path, before, call, ending):
    body = f"{before}{call.format(path)}\n"
    assert migrated(body) == (body, [f"Not changed: Keras 3 wants a file name that ends in {ending}. {NOT_SHOWN}"])


@pytest.mark.parametrize(
    "body",
    [
        "def keep(path=None):\n    path = path or 'best.h5'\n    return ModelCheckpoint(path)\n",
        "class A:\n    def __init__(self, path):\n        self.path = path\n"
        "    def keep(self):\n        return ModelCheckpoint(self.path)\n",
    ],
)
def test_the_path_of_a_caller_that_the_file_does_not_show_is_reported(body):
    assert migrated(body) == (body, [f"Not changed: Keras 3 wants a file name that ends in .keras. {NOT_SHOWN}"])


@pytest.mark.parametrize(
    "body",
    [
        "parser.add_argument('--out', default='best.h5')\nModelCheckpoint(args.out)\n",
        "flags.DEFINE_string('out', 'best.h5', 'the model')\nModelCheckpoint(FLAGS.out)\n",
        "ModelCheckpoint('big.h5' if cfg.big else 'small.h5')\n",
        "path = None\nif path is None:\n    path = 'best.h5'\nModelCheckpoint(path)\n",
        "ModelCheckpoint(cfg.path or 'best.keras')\n",
        "ModelCheckpoint(str(Path(cfg.folder).joinpath(cfg.name, 'best.h5')))\n",
        "ModelCheckpoint(os.path.abspath(Path(cfg.folder) / 'best.h5'))\n",
        "path = cfg.name\npath = path + '.h5'\nModelCheckpoint(path)\n",
        "class A:\n    path = 'x'\n    def __init__(self):\n        self.path = 'best.h5'\n"
        "    def keep(self):\n        return ModelCheckpoint(self.path)\n",
        "ModelCheckpoint(cfg.path)\nload_model('best.keras')\n",
        "def keep(path='best.h5'):\n    return ModelCheckpoint(path)\n",
    ],
)
def test_a_path_that_fits_as_far_as_the_file_shows_stays(body):
    assert migrated(body) == (body, [])


def test_a_path_in_a_call_of_pathlib_is_renamed():
    body = 'ModelCheckpoint(str(Path(folder) / "{0}"))\nload_model(Path(folder) / "{0}")\n'
    assert migrated(body.format("best.hdf5")) == (body.format("best.keras"), [])


@pytest.mark.parametrize(
    "body",
    [
        "net.load_weights(tf.train.latest_checkpoint('ck'))\n",
        "latest = tf.train.latest_checkpoint('ck')\nif latest:\n    net.load_weights(latest)\n",
        "class A:\n    def load(self):\n        last = tf.train.latest_checkpoint('ck')\n"
        "        self.net.load_weights(filepath=last)\n",
    ],
)
def test_weights_in_a_checkpoint_of_tensorflow_are_reported(body):
    code, (report,) = migrated(body)
    assert code == body
    assert report.startswith("Not changed: Keras 3 neither writes nor loads checkpoints of TensorFlow. ")


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("net.load_weights('ck/model')", "ck/model"),
        ("net.load_weights('ck/w.{:02d}.ckpt'.format(3), by_name=True)", "ck/w.{:02d}.ckpt"),
        ("net.load_weights(os.path.join('ck', 'w.ckpt'))", "w.ckpt"),
        ("load_model('saved/1')", "saved/1"),
        ("load_model(filepath='old.model', compile=False)", "old.model"),
    ],
)
def test_files_that_keras_3_cannot_read_are_reported(call, name):
    code, (report,) = migrated(f"{call}\n")
    assert code == f"{call}\n"
    assert report.startswith(f"Not changed: Keras 3 reads .keras, .h5 and .hdf5 files, and not {name!r}. ")


@pytest.mark.parametrize(
    ("call", "is_reported"),
    [
        ("tf.train.Checkpoint(model=net).restore('ck-1')", True),
        ("ck = tf.train.Checkpoint(net)\nif path:\n    ck.read(path).expect_partial()", True),
        ("class A:\n    def f(self):\n        self.ck = tf.train.Checkpoint(m=net)\n        self.ck.restore(p)", True),
        ("tf.train.Checkpoint(model=net).restore('ck-1').assert_consumed()", False),
        ("saver = Saver()\nsaver.restore(path)", False),
        ("tf.train.Checkpoint(model=net).save('ck')", False),
    ],
)
def test_a_checkpoint_that_restores_nothing_is_reported(call, is_reported):
    """Run beside Keras 3.15: predictions stay those of the new model, and only the assertion raises."""
    code, reports = migrated(f"{call}\n")
    assert code == f"{call}\n"
    assert len(reports) == is_reported and all("restores nothing into a model of Keras 3" in text for text in reports)


def test_a_file_that_the_script_writes_is_said_once():
    body = "path = 'ck/w.ckpt'\nModelCheckpoint(path, save_weights_only=True)\n"
    code, reports = migrated(f"{body}net.load_weights('ck/w.ckpt')\nnet.load_weights('w.ckpt')\n")
    assert code.count("w.weights.h5") == 3
    assert reports == []


@pytest.mark.parametrize(
    "body",
    [
        "net.load_weights(path)\nload_model(cfg.path)\nload_model(None)\n",
        "net.load_weights('old.h5')\nload_model('old.hdf5')\n",
        "import torch\nnet = torch.load('net')\nnet.load_weights('net.pt')\n",
        "class Net:\n    def load_weights(self, path):\n        pass\nNet().load_weights('net')\n",
        "load_weights('net')\n",
    ],
)
def test_what_is_read_and_stays(body):
    assert migrated(body) == (body, [])
