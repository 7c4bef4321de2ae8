"""What tf.keras had from 2019 to 2022, and has under another name today."""
import tensorflow as tf
import tf_keras
import tf_keras as keras
from tf_keras import layers as preprocessing
from tf_keras.layers import RandomFlip, Rescaling
from tf_keras.losses import mean_squared_error
from tf_keras import mixed_precision

policy = mixed_precision.Policy("mixed_float16")
mixed_precision.set_global_policy(policy)
print(mixed_precision.global_policy())

rate = tf_keras.optimizers.schedules.CosineDecay(0.1, decay_steps=1000)
restarts = keras.optimizers.schedules.CosineDecayRestarts(0.1, 1000)
adam = tf_keras.optimizers.Adam(rate, jit_compile=True)
sgd = tf_keras.optimizers.legacy.SGD(lr=0.1)
scaled = mixed_precision.LossScaleOptimizer(adam)
fixed = tf_keras.mixed_precision.LossScaleOptimizer(sgd, dynamic=False, initial_scale=128)
short = tf_keras.optimizers.Adam(learning_rate=0.1)

augmentation = keras.Sequential([RandomFlip("horizontal"), Rescaling(1 / 255), preprocessing.RandomWidth(0.2)])
buckets = preprocessing.Discretization(bin_boundaries=[0.0, 1.0])
encoded = tf_keras.layers.CategoryEncoding(num_tokens=8)

backup = tf_keras.callbacks.BackupAndRestore("backup")
loss = tf_keras.losses.BinaryCrossentropy(reduction=tf_keras.losses.Reduction.AUTO)
distance = tf.reduce_mean(mean_squared_error([0.0], [1.0]))
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(short, loss, metrics=[tf_keras.metrics.mean_absolute_error], experimental_run_tf_function=False)
