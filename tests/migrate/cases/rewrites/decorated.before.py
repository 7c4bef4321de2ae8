import functools
import tensorflow as tf
from keras import backend as K
from keras.models import Model


def as_keras_metric(method):
    """Turn a tf.metrics function into a Keras one."""
    @functools.wraps(method)
    def wrapper(self, args, **kwargs):
        value, update_op = method(self, args, **kwargs)
        K.get_session().run(tf.local_variables_initializer())
        with tf.control_dependencies([update_op]):
            value = tf.identity(value)
        return value
    return wrapper


@as_keras_metric
def auc_pr(y_true, y_pred, curve='PR'):
    return tf.metrics.auc(y_true, y_pred, curve=curve, summation_method='careful_interpolation')


@as_keras_metric
def auc_roc(y_true, y_pred):
    return tf.metrics.auc(y_true, y_pred)


recall = as_keras_metric(tf.metrics.recall)
model = Model(input=a, output=b)
model.compile('adam', 'binary_crossentropy', metrics=[auc_roc, auc_pr, recall])
