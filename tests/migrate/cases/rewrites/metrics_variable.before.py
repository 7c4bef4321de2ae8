import tensorflow as tf
import keras

METRICS = {'auc': None}


def auc(y_true, y_pred):
    """Area under the curve."""
    value, update_op = tf.metrics.auc(y_true, y_pred, name='auc_metric')

    metric_vars = [i for i in tf.local_variables() if 'auc' in i.name.split('/')[1]]
    for v in metric_vars:
        tf.add_to_collection(tf.GraphKeys.GLOBAL_VARIABLES, v)
    with tf.control_dependencies([update_op]):
        value = tf.identity(value)
        return value


def train(model, metrics=[auc]):
    model.compile('sgd', 'mse', metrics=metrics + ['mse'])
    if True:
        extra = auc
    return [extra]
