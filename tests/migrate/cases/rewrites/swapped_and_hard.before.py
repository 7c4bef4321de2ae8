import tensorflow as tf
from keras.layers import Activation, Dense
from keras.models import Sequential


def auc_swapped(y_true, y_pred):
    return tf.metrics.auc(y_pred, y_true)[1]


def auc_hard(y_true, y_pred):
    return tf.metrics.auc(labels=tf.argmax(y_true, 1), predictions=tf.argmax(y_pred, 1))[1]


model = Sequential([Dense(2), Activation("softmax")])
model.compile("sgd", "categorical_crossentropy", metrics=[auc_swapped, auc_hard])
