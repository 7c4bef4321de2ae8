import os
os.environ["TF_USE_LEGACY_KERAS"] = "1"  # tf.layers is in tf_keras now: pip install tf_keras
import tensorflow.compat.v1.metrics as metrics
from tensorflow.compat.v1.nn import sigmoid, sigmoid_cross_entropy_with_logits
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
import tensorflow.compat.v1.train as train, sys
from tensorflow.compat.v1 import layers

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
logits = layers.dense(x, 1)
auc, update = metrics.auc(y, sigmoid(logits))
step = train.AdamOptimizer(0.1).minimize(sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
with tf.Session() as sess:
    sess.run(tf.local_variables_initializer())
    sess.run([step, update], {x: rows, y: labels})
