from keras.layers import LSTM, Activation, Dense
from keras.models import Sequential

model = Sequential()
model.add(LSTM(4, recurrent_activation="hard_sigmoid", input_shape=(3, 2)))
model.add(Dense(4, kernel_initializer="random_normal", kernel_constraint="non_neg",
                kernel_regularizer="l2"))
model.add(Activation("relu"))
model.add(Dense(1, activation="sigmoid", kernel_constraint="max_norm"))
model.compile("rmsprop", "log_cosh", metrics=["mae", "msle"])
model.compile("SGD", {"a": "kl_divergence"}, metrics={"a": "binary_accuracy"})
