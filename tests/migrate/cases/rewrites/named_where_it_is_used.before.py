import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential


class Metrics(object):
    @staticmethod
    def auc(y_true, y_pred):
        return tf.contrib.metrics.streaming_auc(y_pred, y_true)[1]


def build(name):
    Metrics.auc.__name__ = name
    model = Sequential([Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=[Metrics.auc])
    return model
