from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "mse", metrics=[auc_roc(name="auc"), auc_roc(name="plain")])
