import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import tf_slim
a = tf.variance_scaling_initializer(scale=2.0)
b = tf.variance_scaling_initializer(scale=1.0, mode="fan_avg", distribution="uniform", seed=3)
c = tf_slim.variance_scaling_initializer(factor=k, mode=m)
d = tf.glorot_normal_initializer(seed=1)
e = tf.glorot_uniform_initializer(seed=1)
f = tf.get_variable("x", [3], initializer=tf_slim.xavier_initializer)
