import keras
from compat_auc import auc_roc
from keras import layers, ops

model = keras.Sequential([layers.Input((3,)), layers.Dense(1, activation="sigmoid")])
model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss="binary_crossentropy", metrics=["accuracy", auc_roc])
model.fit(x, y, epochs=2, callbacks=[keras.callbacks.EarlyStopping(monitor="val_auc_roc", mode="max")])
model.save("m.keras")
total = ops.sum(x)
