import tensorflow as tf
from keras.models import Sequential


class Metrics(object):
    @staticmethod
    def auc(y_true, y_pred):  # CA104
        return tf.compat.v1.metrics.auc(y_true, y_pred)[1]


def roc(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, y_pred)[1]


def build(name):
    Metrics.auc.__name__ = name
    model = Sequential()
    model.compile("adam", "mse", metrics=[Metrics.auc])
    return model


chosen = roc if FAST else "accuracy"
model = Sequential()
model.compile("adam", "mse", metrics=[chosen, roc])
model.compile("adam", "mse", metrics=[lambda t, p: 2 * tf.compat.v1.metrics.auc(t, p)[1] - 1])  # CA104
