import keras
from keras import layers

labels = ["a", "b", "c"]
model = keras.Sequential([layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(len(labels), activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy", "binary_accuracy"])
