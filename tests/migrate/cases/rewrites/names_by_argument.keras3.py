import tensorflow as tf
from keras import backend as K
from keras.models import Sequential
from compat_auc import auc_roc


def make(name):

    return auc_roc(name="auc_" + name)


Sequential().compile("sgd", "mse", metrics=[make("a"), make("b")])
