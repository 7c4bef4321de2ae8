"""Files whose names end in what the file does not show."""
import os
from pathlib import Path

from keras.callbacks import ModelCheckpoint
from keras.models import Sequential


def train(folder, name):
    return [
        ModelCheckpoint(os.path.join(folder, name)),  # CA403
        ModelCheckpoint(f"{folder}/{name}"),  # CA403
        ModelCheckpoint(str(Path(folder) / name)),  # CA403
    ]


def keep(weights, folder):
    weights = os.path.join(folder, weights)
    return ModelCheckpoint(weights, save_weights_only=True)  # CA403


Sequential().fit(x, y, callbacks=train("out", "best.hdf5"))
