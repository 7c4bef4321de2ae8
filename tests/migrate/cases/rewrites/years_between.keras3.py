"""What tf.keras had from 2019 to 2022, and has under another name today."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers as preprocessing
from tensorflow.keras.layers import RandomFlip, Rescaling
from tensorflow.keras.losses import mse as mean_squared_error
from tensorflow.keras import mixed_precision

policy = mixed_precision.Policy("mixed_float16")
mixed_precision.set_global_policy(policy)
print(mixed_precision.global_policy())

rate = tf.keras.optimizers.schedules.CosineDecay(0.1, decay_steps=1000)
restarts = keras.optimizers.schedules.CosineDecayRestarts(0.1, 1000)
adam = tf.keras.optimizers.Adam(rate)
sgd = tf.keras.optimizers.SGD(learning_rate=0.1)
scaled = mixed_precision.LossScaleOptimizer(adam)
fixed = tf.keras.mixed_precision.LossScaleOptimizer(sgd, initial_scale=128)
short = tf.optimizers.Adam(learning_rate=0.1)

augmentation = keras.Sequential([RandomFlip("horizontal"), Rescaling(1 / 255), preprocessing.RandomWidth(0.2)])
buckets = preprocessing.Discretization(bin_boundaries=[0.0, 1.0])
encoded = tf.keras.layers.CategoryEncoding(num_tokens=8)

backup = tf.keras.callbacks.BackupAndRestore("backup")
loss = tf.keras.losses.BinaryCrossentropy(reduction=tf.keras.losses.Reduction.SUM_OVER_BATCH_SIZE)
distance = tf.reduce_mean(mean_squared_error([0.0], [1.0]))
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(short, loss, metrics=[tf.keras.metrics.mae])
