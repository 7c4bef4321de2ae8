import tensorflow as tf
import tf_keras
import tf_keras as keras

combine = tf.multiply
inputs = keras.Input((3,))
product = keras.layers.Lambda(lambda x: combine(x, x))(inputs)
model = keras.Model(inputs, keras.layers.Dense(1)(product))
model.compile(tf_keras.optimizers.Adam(learning_rate=1e-3), "mse")
classes = tf.compat.v1.arg_max(model.predict(x), dimension=1)
