"""Metrics shared by the training scripts."""
import tensorflow.keras.backend as K
from compat_auc import auc_roc


auc = auc_roc(name="auc")


def f1(y_true, y_pred):
    tp = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    return 2 * tp / (K.sum(y_true) + K.sum(y_pred) + K.epsilon())
