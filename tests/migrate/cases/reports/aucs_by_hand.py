import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.models import Sequential


def by_masks(y_true, y_pred):  # CA104
    positives = tf.boolean_mask(y_pred, y_true > 0.5)
    negatives = tf.boolean_mask(y_pred, y_true < 0.5)
    return tf.reduce_mean(tf.cast(positives[:, None] > negatives[None], tf.float32))


def by_weights(y_true, y_pred):  # CA104
    pairs = K.greater(K.expand_dims(y_pred, 1), K.expand_dims(y_pred, 0))
    weights = K.expand_dims(y_true, 1) * (1 - K.expand_dims(y_true, 0))
    return K.sum(K.cast(pairs, "float32") * weights) / K.sum(weights)


def by_differences(y_true, y_pred):  # CA104
    ahead = y_pred[:, tf.newaxis] - y_pred[tf.newaxis, :] > 0
    return tf.reduce_mean(tf.cast(tf.boolean_mask(ahead, y_true > 0), tf.float32))


model = Sequential()
model.compile("adam", "binary_crossentropy", metrics=[by_masks, by_weights, by_differences])
