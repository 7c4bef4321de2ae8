from keras.models import Sequential
from compat_auc import auc_roc

model = Sequential()
model.compile("adam", "mse", metrics=[auc_roc(name="auc") if FAST else "mae"])
