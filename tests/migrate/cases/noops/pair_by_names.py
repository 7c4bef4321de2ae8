import tensorflow as tf


def evaluate(labels, predictions):
    auc, update_op = tf.compat.v1.metrics.auc(labels, predictions)
    return auc, update_op
