import tensorflow as tf
from keras.models import Sequential


def make_auc(curve, name, **kwargs):
    kwargs.setdefault('num_thresholds', 1000)

    def metric(t, p):  # CA104
        value, update_op = tf.compat.v1.metrics.auc(t, p, curve=curve, **kwargs)
        with tf.control_dependencies([update_op]):
            return tf.identity(value)

    metric.__name__ = name
    return metric


def branches(y_true, y_pred):  # CA104
    if PRECISE:
        value = tf.compat.v1.metrics.auc(y_true, y_pred, num_thresholds=1000)[1]
    else:
        value = tf.compat.v1.metrics.auc(y_true, y_pred)[1]
    return value


def complement(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, 1 - y_pred)[1]


def mean(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, tf.reduce_mean(y_pred, axis=-1))[1]


def listed(y_true, y_pred, *rest):  # CA104
    return tf.compat.v1.metrics.auc(y_true, y_pred, *OPTIONS)[1]


def narrow(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, tf.clip_by_value(y_pred, 0.2, 0.8))[1]


model = Sequential()
model.compile('adam', 'mse', metrics=[make_auc('ROC', 'roc', summation_method='minoring'), make_auc('PR', 'pr')])
model.compile('adam', 'mse', metrics=[branches, complement, mean, listed, narrow])
