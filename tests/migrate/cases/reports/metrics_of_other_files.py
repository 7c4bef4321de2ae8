import tensorflow as tf
from sklearn.metrics import average_precision_score
from tensorflow.keras.models import Sequential
from utils import as_keras_metric, wrap

auc = as_keras_metric(tf.compat.v1.metrics.auc)  # CA104


@wrap
def auc_pr(y_true, y_pred):  # CA104
    return tf.compat.v1.metrics.auc(y_true, y_pred, curve="PR")


def precision(y_true, y_pred):  # CA104
    return tf.ensure_shape(tf.py_function(average_precision_score, (y_true, y_pred), tf.double), ())


Sequential().compile("adam", "mse", metrics=[auc, auc_pr, precision])

in_a_list = as_keras_metric(tf.compat.v1.metrics.auc)  # CA104
metrics = [in_a_list]
Sequential().compile("adam", "mse", metrics=metrics)
