import tensorflow as tf
from keras.models import Sequential


def gini(y_true, y_pred):  # CA104
    return 2 * tf.metrics.auc(y_true, y_pred)[1] - 1


def seen(y_true, y_pred):
    return tf.metrics.mean_iou(y_true, y_pred, 2)[1]  # CA306


model = Sequential()
model.compile("adam", "mse", metrics=[gini, seen])
