"""Arguments that Keras 3 does not take, where Keras 2 did the same without them."""
import os
import tempfile

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.DepthwiseConv2D(3, depthwise_initializer="zeros")(inputs)
x = layers.SeparableConv2D(8, 3)(x)
x = layers.BatchNormalization()(x)
x = layers.AveragePooling2D(pool_size=(2, 2))(x)
x = layers.AveragePooling2D(padding="same", pool_size=(2, 2))(x)
x = layers.AveragePooling2D(2)(x)
x = layers.Reshape((-1, 8))(x)
x = layers.LSTM(4, return_sequences=True)(x)
x = layers.Attention(use_scale=True)([x, x], use_causal_mask=True)
x = layers.Attention()([x, x])
model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(x)))

os.chdir(tempfile.mkdtemp())
model.save("model.keras")
model.save("model.h5")
model.save_weights("weights.weights.h5", overwrite=True)
tf.keras.models.save_model(model, "folder.keras")
tf.keras.models.save_model(model, "m.h5")
