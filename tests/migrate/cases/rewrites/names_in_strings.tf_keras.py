from tf_keras.layers import LSTM, Activation, Dense
from tf_keras.models import Sequential

model = Sequential()
model.add(LSTM(4, recurrent_activation="hard_sigmoid", input_shape=(3, 2)))
model.add(Dense(4, kernel_initializer="random_normal", kernel_constraint="nonneg",
                kernel_regularizer="l2"))
model.add(Activation("relu"))
model.add(Dense(1, activation="sigmoid", kernel_constraint="maxnorm"))
model.compile("rmsprop", "logcosh", metrics=["mae", "msle"])
model.compile("SGD", {"a": "kullback_leibler_divergence"}, metrics={"a": "binary_accuracy"})
