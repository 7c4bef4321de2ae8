from keras.layers import Dense, Input, merge
from keras.models import Model
from keras.optimizers import SGD


def add(a, b):
    return a + b


def InverseTimeDecay(rate):
    return rate


class Nadam(object):
    """Not the optimizer."""


first, second = Input((add(1, 2),)), Input((3,))
joined = merge([first, second], mode="sum")
model = Model([first, second], Dense(1)(joined))
model.compile("nadam", "mse")
model.compile(SGD(lr=0.1, decay=1e-4), "mse")
