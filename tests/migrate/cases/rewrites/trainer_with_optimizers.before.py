"""A class that holds its optimizers, a layer with computed names, a metric that stays, and a regressor that scikit-learn does not see."""
import keras
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense, Layer
from keras.models import Sequential
from keras.optimizers import Adam
from keras.wrappers.scikit_learn import KerasRegressor
from sklearn.metrics import average_precision_score


class Scale(Layer):
    def build(self, input_shape):
        self.scale = self.add_weight("{}_scale".format(self.name), (1,))
        self.shift = self.add_weight(self.name + "_shift", (1,))


class Hits(keras.metrics.Metric):
    def reset_states(self):
        self.hits.assign(0.0)

    def restart(self):
        self.reset_states()


class Trainer(object):
    def __init__(self):
        self.adam = Adam(lr=1e-4)
        self.args = parse()
        tf.global_variables_initializer().run(session=K.get_session())

    def show(self):
        with K.get_session().as_default():
            print(self.adam.lr, self.args.lr)


def precision(y_true, y_pred):
    return tf.py_func(lambda a, b: np.float32(average_precision_score(a, b)), [y_true, y_pred], tf.float32)


def build():
    model = Sequential([Dense(1)])
    model.compile(Adam(), "mse", metrics=["mae", precision])
    return model


prices = KerasRegressor(build_fn=build, epochs=3, verbose=0)
prices.fit(x, y)
print(prices.predict(x), keras.backend.ctc_batch_cost(a, b, c, d))
