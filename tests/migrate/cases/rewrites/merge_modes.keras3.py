from keras.layers import Dense, Input
from keras.layers import Add, Concatenate, add, average, concatenate, maximum, multiply
from keras.models import Model

left = Input(shape=(4,))
right = Input(shape=(4,))
joined = concatenate([left, right], axis=-1, name='joined')
by_place = concatenate([left, right], 1)
product = multiply([left, right])
mean = average([left, right])
highest = maximum(inputs=[left, right])
plain = add([left, right])
as_layer = Concatenate(axis=1)([left, right])
summed = Add(name='summed')([left, right])
default = Add()([left, right])
model = Model(inputs=[left, right], outputs=Dense(1)(joined))
