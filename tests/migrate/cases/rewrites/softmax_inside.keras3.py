import tensorflow as tf
from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


def inner(y_true, y_pred):
    return tf.metrics.auc(y_true[:, 1], tf.nn.softmax(y_pred[:, 1]))[1]


def recall(y_true, y_pred):
    return tf.metrics.recall(y_true, tf.nn.softmax(y_pred))[1]


def xent(y_true, y_pred):
    return tf.nn.softmax_cross_entropy_with_logits(labels=y_true, logits=y_pred)


model = Sequential([Dense(2, input_dim=4)])
model.compile(loss=xent, optimizer="adam",
              metrics=[auc_roc(from_logits="softmax", name="auc"),
                       auc_roc(multi_label=True, num_labels=2, label_weights=[0, 1],
                               from_logits="softmax", name="second"), inner, recall])
