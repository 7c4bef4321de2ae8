from keras.layers import Input
from keras.layers import concatenate
from keras.models import Model

a, b = Input((3,)), Input((3,))
c = concatenate([a, b], axis=1)
model = Model([a, b], concatenate([a, c]))
