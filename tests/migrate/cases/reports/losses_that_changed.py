import tensorflow as tf
from tensorflow.keras.layers import Activation, Dense, Input
from tensorflow.keras.models import Model, Sequential

pair = Sequential([Dense(2), Activation("softmax")])
pair.compile("sgd", "binary_crossentropy")  # CA425
pair.compile("sgd", loss=tf.keras.losses.CategoricalCrossentropy(), metrics=["accuracy"])
inputs = Input((3,))
several = Model(inputs, [Dense(3, activation="sigmoid")(inputs), Dense(3, activation="softmax")(inputs)])
several.compile("sgd", ["binary_crossentropy", "categorical_crossentropy"])
losses = [
    "categorical_crossentropy",  # CA425
    "binary_crossentropy",  # CA425
]
several.compile("sgd", losses)
pair.compile("sgd", "mse", metrics=["cosine_proximity", "cosine_similarity"])  # CA425
several.compile("sgd", "cosine_proximity")  # CA425
several.compile("sgd", "hinge")
