import tensorflow as tf
from sklearn.metrics import f1_score
from tensorflow.keras.models import Sequential


def f1(y_true, y_pred):
    return tf.ensure_shape(tf.numpy_function(lambda t, p: f1_score(t, p > 0.5), [y_true, y_pred], tf.double), ())


Sequential().compile("adam", "mse", metrics=[f1])
