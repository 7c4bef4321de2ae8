"""Write the AUC of each epoch and its curves for TensorBoard: `tensorboard --logdir logs` shows both."""

import keras
import numpy as np

from compat_auc import RocCallback, auc_roc

rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 4)).astype("float32")
y = (x[:, 0] + rng.normal(size=1000) > 0).astype("float32")
training, validation = (x[:800], y[:800]), (x[800:], y[800:])

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.Adam(0.1), "binary_crossentropy", metrics=[auc_roc])
roc = RocCallback(validation_data=validation, tensorboard_dir="logs/curves")
board = keras.callbacks.TensorBoard("logs")
model.fit(*training, validation_data=validation, epochs=3, verbose=2, callbacks=[roc, board])
