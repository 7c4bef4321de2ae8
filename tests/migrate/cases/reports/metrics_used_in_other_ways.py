import tensorflow as tf
from keras.models import Sequential


class Metrics(object):
    @staticmethod
    def auc(y_true, y_pred):  # CA104
        return tf.compat.v1.metrics.auc(y_true, y_pred)[1]


def roc(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, y_pred)[1]


def area(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, y_pred)[1]


def call_them(name):
    area.__name__ = name
    Metrics.auc.__name__ = name


chosen = roc if FAST else "accuracy"
model = Sequential()
model.compile("adam", "mse", metrics=[chosen, roc])
model.compile("adam", "mse", metrics=[area, Metrics.auc])
model.compile("adam", "mse", metrics=[lambda t, p: 2 * tf.compat.v1.metrics.auc(t, p)[1] - 1])  # CA104
