"""The third number of a convolution is its stride in tf.keras, and beside arguments that only Keras 2 has."""
import keras
import tensorflow as tf
from tensorflow.keras.layers import Conv2D

a = tf.keras.layers.Conv2D(10, 3, 1, name="conv1")
b = Conv2D(16, 3, 2)
c = keras.layers.Conv2D(16, 3, 2, padding="same")
