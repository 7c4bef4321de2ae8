from keras.layers import Dense
from keras.models import Sequential
from mylib import SGD, EarlyStopping, merge, np_utils

joined = merge([1, 2], mode="sum")
labels = np_utils.to_categorical([0, 1])
stop = EarlyStopping(monitor="val_auc")
model = Sequential([Dense(1)])
model.compile(SGD(lr=0.1, decay=1e-4), "mse")
