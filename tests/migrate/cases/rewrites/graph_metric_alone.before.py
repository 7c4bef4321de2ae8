import tensorflow as tf

loss, update = tf.metrics.mean(values)
