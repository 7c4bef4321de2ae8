import tensorflow as tf
from keras.models import Sequential

OPTIONS = dict(num_thresholds=500, curve='PR')
THRESHOLDS = 300


def auc(y_true, y_pred, **kwargs):
    kwargs.setdefault('num_thresholds', 1000)
    kwargs['curve'] = 'PR'
    return tf.metrics.auc(y_true, y_pred, **kwargs)[1]


def from_a_dict(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred, **OPTIONS)[1]


def guarded(y_true, y_pred):
    y_pred = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return tf.cond(tf.reduce_any(y_true > 0), lambda: tf.metrics.auc(y_true, y_pred)[1], lambda: 0.0)


def bound_again(y_true, y_pred):
    return tf.metrics.auc(tf.cast(y_true, tf.int32), y_pred, num_thresholds=THRESHOLDS)[1]


THRESHOLDS = 400
model = Sequential()
model.compile('adam', 'mse', metrics=[auc, from_a_dict, guarded, bound_again])
