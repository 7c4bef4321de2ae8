from keras.models import Sequential

model = Sequential()
model.compile("adam", "mse", metrics=["auc" if FAST else "mae"])
