import tensorflow.compat.v1 as tf
from compat_auc import streaming_auc

tf.disable_v2_behavior()
logits = tf.placeholder(tf.float32, [None, 2])
labels = tf.placeholder(tf.int64, [None])
auc, update_op = tf.metrics.auc(labels, tf.nn.softmax(logits)[:, 1])
pair = streaming_auc(tf.nn.softmax(logits)[:, 1], labels)
classes = tf.argmax(logits, 1)
