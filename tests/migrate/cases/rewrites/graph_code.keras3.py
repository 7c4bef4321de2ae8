import numpy as np
import tensorflow.compat.v1 as tf
from compat_auc import streaming_auc
tf.disable_v2_behavior()
from tf_slim.metrics import streaming_accuracy
from compat_auc import streaming_auc as sauc
import tf_slim

slim = tf_slim
x = tf.placeholder(tf.float32, [None, 1])
y = tf.placeholder(tf.int64, [None, 1])
w = tf.get_variable("w", [1, 1], initializer=tf.glorot_uniform_initializer())
p = tf.nn.sigmoid(tf.matmul(x, w))
auc, update = sauc(p, y, num_thresholds=1000)
fine, fine_update = streaming_auc(p, y)
acc, acc_update = streaming_accuracy(tf.round(p), y)

with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    sess.run(update, {x: np.zeros([2, 1]), y: np.zeros([2, 1])})
