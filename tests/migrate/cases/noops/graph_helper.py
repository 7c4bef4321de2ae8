import tensorflow.compat.v1 as tf


def build(predictions, labels):
    _, update_op = tf.metrics.auc(labels, predictions)
    return update_op


scores = tf.placeholder(tf.float32, [None])
update_op = build(scores, tf.placeholder(tf.bool, [None]))
