from keras.layers import Activation, Dense, Dropout
from keras.models import Sequential


def build(units=1):
    model = Sequential()
    model.add(Dense(64, activation="relu"))
    model.add(Dropout(0.5))
    model.add(Dense(units))
    model.add(Activation("sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


build()
