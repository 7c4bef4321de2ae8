"""Keras as TensorFlow 1.0 to 1.3 had it."""
from tensorflow.contrib import keras
from tensorflow.contrib.keras import layers
from tensorflow.contrib.keras.python.keras.models import Sequential

model = Sequential([layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1), "mse")
