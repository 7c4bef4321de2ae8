import tensorflow as tf
from tensorflow import keras

combine = tf.mul
inputs = keras.Input((3,))
product = keras.layers.Lambda(lambda x: combine(x, x))(inputs)
model = keras.Model(inputs, keras.layers.Dense(1)(product))
model.compile(tf.train.AdamOptimizer(1e-3, name="adam"), "mse")
classes = tf.arg_max(model.predict(x), dimension=1)
