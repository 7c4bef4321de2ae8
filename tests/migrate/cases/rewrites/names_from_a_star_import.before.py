from common import *
from keras.layers import Dense
from keras.models import Sequential


def auc(y_true, y_pred):
    auc = tf.metrics.auc(y_true, y_pred)[1]
    K.get_session().run(tf.local_variables_initializer())
    return auc


tf.set_random_seed(1)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[auc])
