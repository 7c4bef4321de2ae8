import tensorflow as tf
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential


def auc(y_true, y_pred):
    metric = tf.keras.metrics.AUC(num_thresholds=500)
    metric.update_state(y_true, y_pred)
    return metric.result()


def auc_pr(y_true, y_pred):
    return tf.keras.metrics.AUC(curve='PR', name='pr')(y_true, y_pred)


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "mse", metrics=[auc, auc_pr])
