import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential


def as_metric(function):
    def inner(y_true, y_pred):
        return function(y_true, y_pred)[1]

    inner.__name__ = function.__name__
    return inner


def renamed(function, name):
    def inner(y_true, y_pred):
        return function(y_true, y_pred)[1]

    setattr(inner, "__name__", f"{name}_" + function.__name__)
    return inner


@as_metric
def auroc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred, num_thresholds=500)


area = renamed(tf.metrics.auc, "tf")
model = Sequential([Dense(1, activation="sigmoid", input_dim=3)])
model.compile("adam", "binary_crossentropy", metrics=[auroc, area])
model.fit(x, y, validation_data=(a, b))
