"""The default rates of the names in tf.keras are still what they were."""
import numpy
from tensorflow import keras

model = keras.Sequential([keras.layers.Dense(1)])
model.compile("adagrad", "mse")
