import tensorflow.metrics as metrics
from tensorflow.nn import sigmoid, sigmoid_cross_entropy_with_logits
import tensorflow as tf
import tensorflow.train as train, sys
from tensorflow import layers

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
logits = layers.dense(x, 1)
auc, update = metrics.auc(y, sigmoid(logits))
step = train.AdamOptimizer(0.1).minimize(sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
with tf.Session() as sess:
    sess.run(tf.local_variables_initializer())
    sess.run([step, update], {x: rows, y: labels})
