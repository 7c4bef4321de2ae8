from compat_auc import auc_roc
from keras.layers import Dense
from keras.models import Sequential


model = Sequential([Dense(1, activation="sigmoid", input_dim=3)])
model.compile("adam", "binary_crossentropy", metrics=["accuracy", auc_roc(name="my_auc")])
