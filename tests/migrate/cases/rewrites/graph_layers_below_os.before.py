from __future__ import division

import os

import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
hidden = tf.layers.dense(x, 4, kernel_regularizer=tf.contrib.layers.l2_regularizer(0.1))
p = tf.sigmoid(tf.layers.dense(hidden, 1))
auc, update = tf.metrics.auc(tf.ones_like(p), p)
