"""A class that holds its optimizers, a layer with computed names, a metric that stays, and a regressor that scikit-learn does not see."""
import keras
import numpy as np
import tensorflow as tf
from keras.layers import Dense, Layer
from keras.models import Sequential
from keras.optimizers import Adam
from sklearn.metrics import average_precision_score
import contextlib


class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="{}_scale".format(self.name), shape=(1,))
        self.shift = self.add_weight(name=self.name + "_shift", shape=(1,))


class Hits(keras.metrics.Metric):
    def reset_state(self):
        self.hits.assign(0.0)

    def restart(self):
        self.reset_state()


class Trainer(object):
    def __init__(self):
        self.adam = Adam(learning_rate=1e-4)
        self.args = parse()

    def show(self):
        with contextlib.nullcontext():
            print(self.adam.learning_rate, self.args.lr)


def precision(y_true, y_pred):
    return tf.ensure_shape(tf.numpy_function(lambda a, b: np.float32(average_precision_score(a, b)), [y_true, y_pred], tf.float32), ())


def build():
    model = Sequential([Dense(1)])
    model.compile(Adam(), "mse", metrics=["mae", precision])
    return model


prices = build()
prices.fit(x, y, epochs=3, verbose=0)
print(prices.predict(x)[:, 0], tf.keras.backend.ctc_batch_cost(a, b, c, d))
