from keras.layers import Dense
from keras.models import Sequential
from compat_auc import RocCallback


model = Sequential([Dense(1, activation="sigmoid")])
model.fit(x, y,
          callbacks=[RocCallback(training_data=(x_tr, y_tr), validation_data=(x_te, y_te),
                                 interval=2)])
