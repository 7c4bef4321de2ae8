import tensorflow as tf
from keras.models import Sequential
from sklearn.metrics import f1_score, roc_auc_score


def gini(y_true, y_pred):
    auc = tf.ensure_shape(tf.numpy_function(roc_auc_score, (y_true, y_pred), tf.double), ())
    return 2 * auc - 1


def partial_auc(y_true, y_pred):
    return tf.ensure_shape(tf.numpy_function(lambda t, p: roc_auc_score(t, p, max_fpr=0.1),
                                             [y_true, y_pred], tf.double), ())


def f1(y_true, y_pred):
    return tf.ensure_shape(tf.numpy_function(lambda t, p: f1_score(t, p > 0.5), [y_true, y_pred],
                                             tf.double), ())


model = Sequential()
model.compile('adam', 'mse', metrics=[gini, partial_auc, f1])
