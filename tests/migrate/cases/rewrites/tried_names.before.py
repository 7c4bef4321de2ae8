from keras.models import Sequential

model = Sequential()
model.compile("sgd", "mse", metrics=['roc_curve', 'auc', 'accuracy'])
