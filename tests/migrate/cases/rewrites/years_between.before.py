"""What tf.keras had from 2019 to 2022, and has under another name today."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers.experimental import preprocessing
from tensorflow.keras.layers.experimental.preprocessing import RandomFlip, Rescaling
from tensorflow.keras.losses import mean_squared_error
from tensorflow.keras.mixed_precision import experimental as mixed_precision

policy = mixed_precision.Policy("mixed_float16", loss_scale="dynamic")
mixed_precision.set_policy(policy)
print(mixed_precision.global_policy())

rate = tf.keras.experimental.CosineDecay(0.1, decay_steps=1000)
restarts = keras.experimental.CosineDecayRestarts(0.1, 1000)
adam = tf.keras.optimizers.experimental.Adam(rate, jit_compile=True)
sgd = tf.keras.optimizers.legacy.SGD(lr=0.1)
scaled = mixed_precision.LossScaleOptimizer(adam, "dynamic")
fixed = tf.keras.mixed_precision.experimental.LossScaleOptimizer(sgd, loss_scale=128)
short = tf.optimizers.Adam(lr=0.1)

augmentation = keras.Sequential([RandomFlip("horizontal"), Rescaling(1 / 255), preprocessing.RandomWidth(0.2)])
buckets = preprocessing.Discretization(bins=[0.0, 1.0])
encoded = tf.keras.layers.experimental.preprocessing.CategoryEncoding(max_tokens=8)

backup = tf.keras.callbacks.experimental.BackupAndRestore("backup")
loss = tf.keras.losses.BinaryCrossentropy(reduction=tf.keras.losses.Reduction.AUTO)
distance = tf.reduce_mean(mean_squared_error([0.0], [1.0]))
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(short, loss, metrics=[tf.keras.metrics.mean_absolute_error], experimental_run_tf_function=False)
