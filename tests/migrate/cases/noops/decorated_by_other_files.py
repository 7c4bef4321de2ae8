import tensorflow as tf
from tensorflow.keras.models import Sequential
from utils import as_metric, register

mae = as_metric(tf.keras.metrics.mae)


@register
def distance(y_true, y_pred):
    return tf.reduce_mean(tf.abs(y_true - y_pred))


Sequential().compile("adam", "mse", metrics=[mae, distance])
