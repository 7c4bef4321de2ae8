import tensorflow as tf
from keras.layers import Dense
from keras.models import Sequential
from tensorflow.contrib.metrics import streaming_auc


def my_auc(truth, guess):
    score, up_opt = streaming_auc(guess, truth)
    K_vars = [i for i in tf.local_variables() if "my_auc" in i.name]
    for v in K_vars:
        tf.add_to_collection(tf.GraphKeys.GLOBAL_VARIABLES, v)
    with tf.control_dependencies([up_opt]):
        score = tf.identity(score)
    return score


model = Sequential([Dense(1, activation="sigmoid", input_dim=3)])
model.compile("adam", "binary_crossentropy", metrics=["accuracy", my_auc])
