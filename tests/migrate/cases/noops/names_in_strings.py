from keras.layers import Dense
from keras.models import Sequential
from keras.utils import get_custom_objects

get_custom_objects()["swosh"] = swosh
get_custom_objects()["kappa"] = kappa
model = Sequential()
model.add(Dense(4, activation="swosh", name="hard_sigmoid"))
model.add(Dense(1, activation="sigmoid", kernel_initializer="he_normal", kernel_regularizer="l2"))
model.compile("adam", "mse", metrics=["kappa", "mae", "accuracy"])
