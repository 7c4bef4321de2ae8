import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential


def auc(y_true, y_pred):
    mask = tf.not_equal(y_true, -1)
    return tf.metrics.auc(tf.boolean_mask(y_true, mask), tf.boolean_mask(y_pred, mask))[1]


def compared(y_true, y_pred):
    y_pred = tf.boolean_mask(y_pred, y_true != -1)
    y_true = tf.boolean_mask(y_true, y_true != -1)
    return tf.metrics.auc(y_true, y_pred)[1]


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[auc, compared])
