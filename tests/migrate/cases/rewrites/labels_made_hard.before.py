import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential


def auc(y_true, y_pred):
    return tf.metrics.auc(tf.to_int32(tf.greater(y_true, 0.5)), y_pred)[1]


def plain(y_true, y_pred):
    return tf.metrics.auc(tf.cast(y_true, tf.int64), y_pred)[1]


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "mse", metrics=[auc, plain])
