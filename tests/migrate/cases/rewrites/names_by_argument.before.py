import tensorflow as tf
from keras import backend as K
from keras.models import Sequential


def make(name):
    def metric(y_true, y_pred):
        value = tf.metrics.auc(y_true, y_pred)[1]
        K.get_session().run(tf.local_variables_initializer())
        return value

    metric.__name__ = "auc_" + name
    return metric


Sequential().compile("sgd", "mse", metrics=[make("a"), make("b")])
