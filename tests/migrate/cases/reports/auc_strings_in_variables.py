from keras.callbacks import EarlyStopping
from keras.models import Sequential

name = "auc"
model = Sequential()
model.compile("adam", "mse", metrics=["mae", name])  # CA102
model.fit(x, y, callbacks=[EarlyStopping(monitor="val_" + name, mode="max")])
