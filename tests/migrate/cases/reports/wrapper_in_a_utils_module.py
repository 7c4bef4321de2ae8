import functools

import tensorflow as tf
from tensorflow.keras import backend as K


def as_keras_metric(method):
    @functools.wraps(method)
    def wrapper(self, args, **kwargs):
        value, update_op = method(self, args, **kwargs)
        K.get_session().run(tf.compat.v1.local_variables_initializer())  # CA104
        with tf.control_dependencies([update_op]):
            value = tf.identity(value)
        return value

    return wrapper


def gini(y_true, y_pred):  # CA104
    auc = tf.compat.v1.metrics.auc(y_true, y_pred)[1]
    K.get_session().run(tf.compat.v1.local_variables_initializer())
    return 2 * auc - 1


model = tf.keras.models.Sequential()
model.compile("adam", "mse", metrics=[gini])
