import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K


def make_auc(n, kind="ROC"):
    def auc_metric(y_true, y_pred):
        value = tf.metrics.auc(y_true, y_pred, num_thresholds=n, curve=kind)[1]
        K.get_session().run(tf.local_variables_initializer())
        return value

    auc_metric.__name__ = "auc"
    return auc_metric


def build():
    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=[make_auc(1000), make_auc(200, "PR")])
    return model
