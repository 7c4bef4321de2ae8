"""Keras as TensorFlow 1.0 to 1.3 had it."""
import tf_keras as keras
from tf_keras import layers
from tf_keras.models import Sequential

model = Sequential([layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.1), "mse")
