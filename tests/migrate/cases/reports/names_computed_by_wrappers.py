import tensorflow as tf
from keras.models import Sequential


def numbered(function, number):
    def inner(y_true, y_pred):
        return function(y_true, y_pred)[1]

    inner.__name__ = "auc_%d" % number
    return inner


def quoted(function, kind):
    def inner(y_true, y_pred):
        return function(y_true, y_pred)[1]

    inner.__name__ = f"{kind!r}_auc"
    return inner


def aligned(function, kind):
    def inner(y_true, y_pred):
        return function(y_true, y_pred)[1]

    inner.__name__ = f"{kind:>9}_auc"
    return inner


first = numbered(tf.compat.v1.metrics.auc, 1)  # CA104
second = quoted(tf.compat.v1.metrics.auc, "roc")  # CA104
third = aligned(tf.compat.v1.metrics.auc, "roc")  # CA104
area = getattr(tf.metrics, "auc")  # CA601
model = Sequential()
model.compile("adam", "binary_crossentropy", metrics=[first, second, third])
