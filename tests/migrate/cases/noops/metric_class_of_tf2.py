import tensorflow as tf


def evaluation(logits, labels):
    auc = tf.metrics.AUC(from_logits=True)
    auc.update_state(labels, logits)
    return auc.result()
