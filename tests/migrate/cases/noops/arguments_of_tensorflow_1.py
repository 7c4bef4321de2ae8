"""Old arguments of functions that still take them, and of functions that no table has."""
import tensorflow as tf
from tensorflow import keras

v1 = tf.compat.v1
hot = v1.nn.softmax(logits, dim=1)
wide = v1.squeeze(hot, squeeze_dims=[0])
own = tf.constant([1.0]).helper(dim=1)
keras.Sequential()
