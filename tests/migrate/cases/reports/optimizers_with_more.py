"""Optimizers of tf.train, as tensorflow.compat.v1 has them, with what the ones of Keras lack."""
import tensorflow as tf
from tensorflow import keras

model = keras.Sequential()
model.compile(tf.compat.v1.train.RMSPropOptimizer(0.01, centered=True), "mse")  # CA422
model.compile(tf.compat.v1.train.AdagradOptimizer(0.01, 0.1, False, "slow"), "mse")  # CA422
model.compile(tf.compat.v1.train.FtrlOptimizer(0.1), "mse")  # CA422
