import tensorflow as tf
from tensorflow.keras import backend as K


def loss(y_true, y_pred):
    return K.mean(K.square(y_true - y_pred)) + K.epsilon()
