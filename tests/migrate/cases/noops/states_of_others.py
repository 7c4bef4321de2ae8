"""Things with such methods and arguments that are not Keras's, or that Keras 3 has, too."""
import numpy as np
import tensorflow as tf
from tensorflow import keras


class Agent:
    def reset_states(self):
        self.states = []

    def add_weight(self, name, shape):
        return np.zeros(shape)

    def build(self):
        self.kernel = self.add_weight("kernel", (3,))


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(1,), name="scale")
        self.shift = self.add_weight((1,), "zeros", name="shift")


class Both(keras.metrics.Metric):
    def reset_state(self):
        self.total.assign(0.0)

    def reset_states(self):
        self.reset_state()


agent = Agent()
agent.reset_states()
lstm = keras.layers.LSTM(3, stateful=True)
lstm.reset_states()
optimizer = tf.optimizers.Adam(learning_rate=0.1)
pool = keras.layers.AveragePooling2D(pool_size=3)
bare = keras.layers.AveragePooling2D(*[2])
normal = keras.layers.BatchNormalization(momentum=0.9)
image = agent.render()
image.save("image.png", format="png")
policy = tf.keras.mixed_precision.Policy("mixed_float16")
scaled = tf.keras.mixed_precision.LossScaleOptimizer(optimizer, 128)
