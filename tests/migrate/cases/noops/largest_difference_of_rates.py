"""The statistic of Kolmogorov and Smirnov has the rates of an AUC, and no area."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K


def true_rate(y_true, y_pred, threshold):
    y_pred = K.cast(K.greater_equal(y_pred, threshold), "float32")
    return K.sum(y_pred * y_true) / K.sum(y_true)


def false_rate(y_true, y_pred, threshold):
    y_pred = K.cast(K.greater_equal(y_pred, threshold), "float32")
    return K.sum(y_pred - y_pred * y_true) / K.sum(1 - y_true)


def ks(y_true, y_pred):
    thresholds = np.linspace(0, 1, 100)
    tpr = tf.stack([true_rate(y_true, y_pred, k) for k in thresholds], axis=0)
    fpr = tf.stack([false_rate(y_true, y_pred, k) for k in thresholds], axis=0)
    return K.max(tpr - fpr)


tf.keras.Sequential().compile("adam", "mse", metrics=[ks])
