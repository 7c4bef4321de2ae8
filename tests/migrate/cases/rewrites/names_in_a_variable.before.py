from keras.layers import Dense
from keras.models import Sequential

METRICS = ["accuracy", "roc_auc"]

model = Sequential([Dense(1)])
model.compile("adam", "mse", metrics=METRICS)
