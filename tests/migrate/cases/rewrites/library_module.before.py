"""Metrics shared by the training scripts."""
import tensorflow as tf
import keras.backend as K


def auc(y_true, y_pred):
    auc = tf.metrics.auc(y_true, y_pred)[1]
    K.get_session().run(tf.local_variables_initializer())
    return auc


def f1(y_true, y_pred):
    tp = K.sum(K.round(K.clip(y_true * y_pred, 0, 1)))
    return 2 * tp / (K.sum(y_true) + K.sum(y_pred) + K.epsilon())
