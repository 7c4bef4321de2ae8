from keras.layers import Dense, Input
from keras.layers import add as compat_add
from keras.models import Model
from keras.optimizers import SGD
from keras.optimizers import Nadam as compat_Nadam
from keras.optimizers.schedules import InverseTimeDecay as compat_InverseTimeDecay


def add(a, b):
    return a + b


def InverseTimeDecay(rate):
    return rate


class Nadam(object):
    """Not the optimizer."""


first, second = Input((add(1, 2),)), Input((3,))
joined = compat_add([first, second])
model = Model([first, second], Dense(1)(joined))
model.compile(compat_Nadam(learning_rate=0.002), "mse")
model.compile(SGD(learning_rate=compat_InverseTimeDecay(0.1, decay_steps=1, decay_rate=1e-4)),
              "mse")
