import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.models import Sequential


def true_rate(y_true, y_pred, threshold):
    y_pred = K.cast(K.greater_equal(y_pred, threshold), 'float32')
    return K.sum(y_pred * y_true) / K.sum(y_true)


def false_rate(y_true, y_pred, threshold):
    y_pred = K.cast(K.greater_equal(y_pred, threshold), 'float32')
    return K.sum(y_pred - y_pred * y_true) / K.sum(1 - y_true)


def auc(y_true, y_pred):
    ptas = tf.stack([true_rate(y_true, y_pred, k) for k in np.linspace(0, 1, 1000)], axis=0)
    pfas = tf.stack([false_rate(y_true, y_pred, k) for k in np.linspace(0, 1, 1000)], axis=0)
    pfas = tf.concat([tf.ones((1,)), pfas], axis=0)
    bins = -(pfas[1:] - pfas[:-1])
    return K.sum(ptas * bins, axis=0)


model = Sequential()
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=[auc])
