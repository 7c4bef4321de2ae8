import tensorflow as tf
from keras.models import Sequential
from compat_auc import auc_roc

OPTIONS = dict(num_thresholds=500, curve='PR')
THRESHOLDS = 300


def guarded(y_true, y_pred):
    y_pred = tf.clip_by_value(y_pred, 1e-7, 1 - 1e-7)
    return tf.cond(tf.reduce_any(y_true > 0), lambda: tf.metrics.auc(y_true, y_pred)[1], lambda: 0.0)


THRESHOLDS = 400
model = Sequential()
model.compile('adam', 'mse', metrics=[auc_roc(num_thresholds=1000, curve='PR', name="auc"), auc_roc(num_thresholds=500, curve='PR', name="from_a_dict"), guarded, auc_roc(num_thresholds=THRESHOLDS, name="bound_again")])
