from keras.models import Sequential
from compat_auc import auc_roc

model = Sequential()
model.compile("sgd", "mse", metrics=[auc_roc(name="auc"), 'accuracy'])
