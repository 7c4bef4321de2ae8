"""Let keras-tuner search the learning rate with the largest `val_auc_roc`."""

import keras
import keras_tuner
import numpy as np

from compat_auc import auc_roc

rng = np.random.default_rng(0)
x = rng.normal(size=(1000, 4)).astype("float32")
y = (x[:, 0] + rng.normal(size=1000) > 0).astype("float32")


def build(choices):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    optimizer = keras.optimizers.Adam(choices.Choice("learning_rate", [1e-4, 1e-2]))
    model.compile(optimizer, "binary_crossentropy", metrics=[auc_roc])
    return model


tuner = keras_tuner.GridSearch(build, objective=keras_tuner.Objective("val_auc_roc", "max"))
tuner.search(x, y, validation_split=0.2, epochs=2, verbose=0)
print(tuner.get_best_hyperparameters()[0].values)
