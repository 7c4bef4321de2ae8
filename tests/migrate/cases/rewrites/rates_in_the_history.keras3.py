import keras
from keras.callbacks import LearningRateScheduler, ModelCheckpoint, ReduceLROnPlateau
from keras.optimizers import SGD

model = keras.models.load_model("model.keras")
model.compile(SGD(learning_rate=0.1), "mse")
checkpoint = ModelCheckpoint("best.keras")
history = model.fit(x, y, callbacks=[ReduceLROnPlateau(), checkpoint])
print(history.history["learning_rate"], history.history['loss'], {"lr": 0.1}["lr"])
