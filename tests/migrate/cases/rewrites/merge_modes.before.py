from keras.layers import Dense, Input, Merge, merge
from keras.models import Model

left = Input(shape=(4,))
right = Input(shape=(4,))
joined = merge([left, right], mode='concat', concat_axis=-1, name='joined')
by_place = merge([left, right], 'concat', 1)
product = merge([left, right], mode='mul')
mean = merge([left, right], concat_axis=-1, mode='ave')
highest = merge(inputs=[left, right], mode='max')
plain = merge([left, right])
as_layer = Merge(mode='concat', concat_axis=1)([left, right])
summed = Merge(mode='sum', name='summed')([left, right])
default = Merge()([left, right])
model = Model(input=[left, right], output=Dense(1)(joined))
