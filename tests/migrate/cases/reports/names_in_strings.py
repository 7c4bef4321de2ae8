from keras.layers import LSTM, Activation, Dense
from keras.models import Sequential

model = Sequential()
model.add(LSTM(4, activation="hard_sigmoid", input_shape=(3, 2)))  # CA442
model.add(Dense(4, activation="swosh"))  # CA441
model.add(Activation("hard_sigmoid"))  # CA442
model.add(Dense(4, kernel_regularizer="l1_l3"))  # CA441
model.add(Dense(4, kernel_initializer="he_norm"))  # CA441
model.compile("rmsprop", "mse", metrics=["mae", "fmeasure"])  # CA441
model.compile("adamm", "mse", metrics=["mae"])  # CA441
model.compile("SGD", ["mes"], metrics=["mae"])  # CA441
