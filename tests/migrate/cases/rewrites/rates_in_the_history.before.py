import keras
from keras.callbacks import LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau
from keras.optimizers import SGD

model = keras.models.load_model("model.keras")
model.compile(SGD(lr=0.1, decay=1e-4), "mse")
checkpoint = ModelCheckpoint("best.keras", period=5)
history = model.fit(x, y, callbacks=[ReduceLROnPlateau(), checkpoint])
print(history.history["lr"], history.history['loss'], {"lr": 0.1}["lr"])
