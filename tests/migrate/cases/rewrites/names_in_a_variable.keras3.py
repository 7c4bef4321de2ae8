from keras.layers import Dense
from keras.models import Sequential
from compat_auc import auc_roc

METRICS = ["accuracy", auc_roc(name="roc_auc")]

model = Sequential([Dense(1)])
model.compile("adam", "mse", metrics=METRICS)
