from compat_auc import auc_roc
from keras.models import Sequential


def make(name):

    return auc_roc(name="auc_" + name)


Sequential().compile("sgd", "mse", metrics=[make("a"), make("b")])
