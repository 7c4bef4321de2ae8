from __future__ import division

import os

os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.layers is in tf_keras now: pip install tf_keras
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import tf_slim

x = tf.placeholder(tf.float32, [None, 3])
hidden = tf.layers.dense(x, 4, kernel_regularizer=tf_slim.l2_regularizer(0.1))
p = tf.sigmoid(tf.layers.dense(hidden, 1))
auc, update = tf.metrics.auc(tf.ones_like(p), p)
