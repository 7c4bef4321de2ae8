import keras
from compat_auc import auc_roc

model = keras.Sequential([keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy", auc_roc])  # CA107
model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(), metrics=[keras.metrics.AUC()])  # CA107
