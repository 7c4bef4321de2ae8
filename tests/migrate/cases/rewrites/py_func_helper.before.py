import numpy as np
import tensorflow as tf
from sklearn import metrics
from keras.models import Sequential

GLOBAL = 3


def safe_auc(y, p):
    """0.5 where a batch has one class."""
    try:
        return np.float64(metrics.roc_auc_score(y, p))
    except ValueError:
        return 0.5


def auroc(y_true, y_pred):
    return tf.py_func(safe_auc, (y_true, y_pred), tf.double)


def by_curve(y_true, y_pred):
    def inner(y, p):
        fpr, tpr, _ = metrics.roc_curve(y, p)
        return metrics.auc(fpr, tpr)
    return tf.py_func(inner, [y_true, y_pred], tf.float64)


model = Sequential()
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=[auroc, by_curve])
