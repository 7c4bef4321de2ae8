"""Code of TensorFlow 2 that also runs in a graph. ``disable_v2_behavior()`` would break whoever imports it."""

import tensorflow as tf
from tensorflow.keras import backend as K


def soft_auc(y_true, y_pred):
    negatives, positives = tf.dynamic_partition(y_pred, tf.cast(y_true, tf.int32), num_partitions=2)
    return 1 - K.mean(K.sigmoid(tf.expand_dims(positives, axis=1) - tf.expand_dims(negatives, axis=0)))


if __name__ == "__main__":
    loss = soft_auc(tf.constant([0, 1]), tf.constant([0.1, 0.2]))
    if tf.executing_eagerly():
        print(loss.numpy())
    else:
        with tf.compat.v1.Session() as sess:  # CA405
            print(sess.run(loss))
