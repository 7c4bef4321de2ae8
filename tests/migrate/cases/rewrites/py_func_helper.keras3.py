import numpy as np
import tensorflow as tf
from sklearn import metrics
from keras.models import Sequential
from compat_auc import auc_roc

GLOBAL = 3


model = Sequential()
model.compile(loss="binary_crossentropy", optimizer="rmsprop", metrics=[auc_roc(name="auroc"), auc_roc(name="by_curve")])
