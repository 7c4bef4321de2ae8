import tensorflow as tf
from keras import optimizers
from keras.layers import Layer
from tensorflow.keras import backend as K
from keras.layers import Convolution1D, Dense, LSTM
from keras.models import Sequential
from keras.optimizers import Nadam, Adam as adam
from keras.regularizers import l1_l2 as l1l2
from tensorflow import reduce_mean
from tensorflow.compat.v1 import local_variables_initializer


class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(1,), name="scale")

    def call(self, x):
        return self.scale * x

    def compute_output_shape(self, input_shape):
        return input_shape


def loss(y_true, y_pred):
    both = tf.stack([y_true, y_pred])
    wide = tf.concat([y_true, y_pred], 1)
    long = tf.expand_dims(tf.multiply(both, both), axis=0)
    first, second = tf.split(wide, 2, 1)
    return K.mean(tf.compat.v1.where(first > 0, second, first)) + reduce_mean(long)


model = Sequential()
model.add(Convolution1D(8, 3, input_shape=(7, 4)))
model.add(LSTM(8, input_shape=(7, 4), kernel_regularizer=l1l2(0.1)))
model.add(Scale())
model.add(Dense(1))
model.compile(adam(learning_rate=0.1), loss)
model.compile(optimizers.RMSprop(learning_rate=0.1), loss)
model.compile(Nadam(learning_rate=0.1), loss)
local_variables_initializer()
