import tensorflow as tf
from tensorflow.keras.models import Sequential


def positives_only(y_true, y_pred):  # CA104
    mask = tf.equal(y_true, -1)
    return tf.compat.v1.metrics.auc(tf.boolean_mask(y_true, mask), tf.boolean_mask(y_pred, mask))[1]


def half(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, tf.boolean_mask(y_pred, y_true != -1))[1]


def by_score(y_true, y_pred):  # CA104
    mask = y_pred != -1
    return tf.compat.v1.metrics.auc(tf.boolean_mask(y_true, mask), tf.boolean_mask(y_pred, mask))[1]


def above(y_true, y_pred):  # CA104
    mask = y_true > -1
    return tf.compat.v1.metrics.auc(tf.boolean_mask(y_true, mask), tf.boolean_mask(y_pred, mask))[1]


Sequential().compile("adam", "mse", metrics=[positives_only, half, by_score, above])
