"""A model behind a server, whose graph and session scripts of 2018 held on to."""
import keras
import tensorflow.keras.backend as K
from keras.optimizers import Adagrad
from tensorflow.compat.v1 import get_default_graph
import contextlib

model = keras.models.load_model("best.h5")
model.compile(Adagrad(learning_rate=0.01), "mse")
K.set_value(model.layers[0].bias, [0.0])
graph = get_default_graph()


def serve(model, x):
    with contextlib.nullcontext():
        return model.predict(x)
