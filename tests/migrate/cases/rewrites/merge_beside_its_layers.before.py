from keras.layers import Input, merge
from keras.layers.merge import concatenate
from keras.models import Model

a, b = Input((3,)), Input((3,))
c = merge([a, b], mode="concat", concat_axis=1)
model = Model([a, b], concatenate([a, c]))
