import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.models import Sequential
from compat_auc import auc_roc


model = Sequential()
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=[auc_roc(num_thresholds=1000, name="auc")])
