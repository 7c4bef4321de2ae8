"""Checkpoints whose folder is in a variable."""
import os

from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential, load_model

folder = os.path.join("runs", "1")
model = Sequential([Dense(1)])
callbacks = [
    ModelCheckpoint(os.path.join(folder, "weights.weights.h5"), save_weights_only=True),
    ModelCheckpoint(f"{folder}/best.keras", save_best_only=True),
    ModelCheckpoint(folder + "/epoch-{epoch:02d}-of-%d.keras" % 3),
]
model.fit(x, y, epochs=3, callbacks=callbacks)
model.load_weights(os.path.join(folder, "weights.weights.h5"))
best = load_model(f"{folder}/best.keras")
