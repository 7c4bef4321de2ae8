import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential


def auc(y_true, y_pred):
    value = tf.metrics.auc(y_true, tf.nn.softmax(y_pred))[1]
    K.get_session().run(tf.local_variables_initializer())
    return value


def second(y_true, y_pred):
    return tf.metrics.auc(y_true[:, 1], K.softmax(y_pred)[:, 1])[1]


def inner(y_true, y_pred):
    return tf.metrics.auc(y_true[:, 1], tf.nn.softmax(y_pred[:, 1]))[1]


def recall(y_true, y_pred):
    return tf.metrics.recall(y_true, tf.nn.softmax(y_pred))[1]


def xent(y_true, y_pred):
    return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred)


model = Sequential([Dense(2, input_dim=4)])
model.compile(loss=xent, optimizer="adam", metrics=[auc, second, inner, recall])
