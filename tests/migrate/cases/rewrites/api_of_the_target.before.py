import tensorflow as tf
from keras import optimizers
from keras.engine.topology import Layer
from keras.layers import K, Convolution1D, Dense, LSTM
from keras.models import Sequential
from keras.optimizers import Nadam, adam
from keras.regularizers import l1l2
from tensorflow import local_variables_initializer, reduce_mean


class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(1,), name="scale")
        self.trainable_weights = [self.scale]

    def call(self, x):
        return self.scale * x

    def get_output_shape_for(self, input_shape):
        return input_shape


def loss(y_true, y_pred):
    both = tf.pack([y_true, y_pred])
    wide = tf.concat(1, [y_true, y_pred])
    long = tf.expand_dims(tf.mul(both, both), dim=0)
    first, second = tf.split(1, 2, wide)
    return K.mean(tf.select(first > 0, second, first)) + reduce_mean(long)


model = Sequential()
model.add(Convolution1D(8, 3, input_dim=4, input_length=7))
model.add(LSTM(8, input_dim=4, input_length=7, W_regularizer=l1l2(0.1)))
model.add(Scale())
model.add(Dense(1))
model.compile(adam(lr=0.1), loss)
model.compile(optimizers.rmsprop(lr=0.1, epsilon=None), loss)
model.compile(Nadam(lr=0.1, epsilon=None, schedule_decay=0.004), loss)
local_variables_initializer()
