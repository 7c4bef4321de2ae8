from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(6, activation="sigmoid", input_dim=3)])
model.compile("adam", "binary_crossentropy", metrics=["binary_" + "accuracy", "acc" + rest, prefix + "auc"])
