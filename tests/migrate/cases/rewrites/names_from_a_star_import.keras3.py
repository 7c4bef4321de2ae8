from common import *
from keras.layers import Dense
from keras.models import Sequential
from compat_auc import auc_roc


tf.keras.utils.set_random_seed(1)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[auc_roc(name="auc")])
