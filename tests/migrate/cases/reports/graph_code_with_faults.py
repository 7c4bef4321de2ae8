import tensorflow.compat.v1 as tf
import tensorflow_estimator as estimators  # CA305
from compat_auc import streaming_auc

tf.disable_v2_behavior()
logits = tf.placeholder(tf.float32, [None, 2])
labels = tf.placeholder(tf.int64, [None])
auc, update_op = tf.metrics.auc(labels, tf.argmax(logits, 1))  # CA106


def evaluation(scores, labels):
    auc, update_op, _, _ = streaming_auc(tf.round(scores), labels)  # CA106, CA301
    return auc, update_op


estimators.estimator.Estimator(evaluation)
