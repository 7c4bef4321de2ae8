"""Arguments that Keras 3 does not take, where Keras 2 did the same without them."""
import os
import tempfile

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

inputs = keras.Input((32, 32, 3))
x = layers.DepthwiseConv2D(3, kernel_initializer="he_normal", depthwise_initializer="zeros")(inputs)
x = layers.SeparableConv2D(8, 3, kernel_regularizer="l2", kernel_constraint="non_neg")(x)
x = layers.BatchNormalization(fused=True, virtual_batch_size=None)(x)
x = layers.AveragePooling2D()(x)
x = layers.AveragePooling2D(padding="same")(x)
x = layers.AveragePooling2D(2)(x)
x = layers.Reshape((-1, 8))(x)
x = layers.LSTM(4, return_sequences=True, time_major=False)(x)
x = layers.Attention(use_scale=True, causal=True)([x, x])
x = layers.Attention(causal=False)([x, x])
model = keras.Model(inputs, layers.Dense(1)(layers.Flatten()(x)))

os.chdir(tempfile.mkdtemp())
model.save("model", save_format="tf")
model.save("model.h5", save_format="h5")
model.save_weights("weights.h5", overwrite=True, save_format="h5")
tf.keras.models.save_model(model, "folder/", save_format="tf", save_traces=False)
tf.keras.models.save_model(model, "m.h5", signatures=None, options=None)
