from common import *
from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


tf.keras.utils.set_random_seed(1)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[auc_roc(name="auc")])
