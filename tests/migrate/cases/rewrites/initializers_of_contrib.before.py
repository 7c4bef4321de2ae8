import tensorflow as tf
a = tf.contrib.layers.variance_scaling_initializer()
b = tf.contrib.layers.variance_scaling_initializer(1.0, "FAN_AVG", True, seed=3)
c = tf.contrib.layers.variance_scaling_initializer(factor=k, mode=m)
d = tf.contrib.layers.xavier_initializer(False, 1)
e = tf.contrib.layers.xavier_initializer(seed=1)
f = tf.get_variable("x", [3], initializer=tf.contrib.layers.xavier_initializer)
