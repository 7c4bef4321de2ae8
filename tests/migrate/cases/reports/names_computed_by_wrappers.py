import tensorflow as tf
from keras.models import Sequential


def numbered(function, number):
    def inner(y_true, y_pred):
        return function(y_true, y_pred)[1]

    inner.__name__ = "auc_%d" % number
    return inner


first = numbered(tf.compat.v1.metrics.auc, 1)  # CA104
area = getattr(tf.metrics, "auc")  # CA601
model = Sequential()
model.compile("adam", "binary_crossentropy", metrics=[first])
