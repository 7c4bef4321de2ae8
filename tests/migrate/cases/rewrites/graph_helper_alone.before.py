import tensorflow as tf


def evaluation(logits, labels):
    scores = tf.sigmoid(logits)
    auc = tf.metrics.auc(labels, scores)
    accuracy = tf.metrics.accuracy(labels, tf.round(scores))
    return {'auc': auc, 'accuracy': accuracy}
