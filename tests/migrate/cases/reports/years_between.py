"""What 2019 to 2022 had and nothing does now, or not in one line."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import backend as K

K.set_learning_phase(0)  # CA404
training = K.learning_phase()  # CA404
columns = tf.keras.layers.DenseFeatures([])  # CA601
wide = tf.keras.experimental.LinearModel()  # CA601
parts = keras.layers.BatchNormalization(virtual_batch_size=8)  # CA602
first = keras.layers.GRU(3, batch_input_shape=[1, None, 2])  # CA602
dense = keras.layers.Dense(3, weights=[a, b])  # CA602
attention = keras.layers.Attention(causal=True)  # CA602


class Keeper(keras.callbacks.Callback):
    def __init__(self, model):
        super().__init__()
        self.model = model  # CA601


class Slow(keras.optimizers.Optimizer):
    def __init__(self, rate):
        super().__init__("slow")
        self._set_hyper("rate", rate)  # CA601


def finish(metric, model, kind):
    metric.reset_states()  # CA416
    model.save("model.keras", save_format=kind)  # CA420
