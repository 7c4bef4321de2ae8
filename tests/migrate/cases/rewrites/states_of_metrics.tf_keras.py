"""Metrics and layers of a training loop as TensorFlow 2.0 to 2.4 had them."""
import tensorflow as tf
import tf_keras
import tf_keras as keras

PREFIX = "auc"


class Hits(tf_keras.metrics.Metric):
    def __init__(self, name="hits", **kwargs):
        super(Hits, self).__init__(name=name, **kwargs)
        self.hits = self.add_weight("hits", initializer="zeros")
        self.rows = self.add_weight(f"{name}_rows", (2,), initializer="zeros")
        self.inner = tf_keras.metrics.AUC(name=PREFIX)

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.hits.assign_add(tf.reduce_sum(y_true * y_pred))
        self.inner.update_state(y_true, y_pred)

    def result(self):
        return self.hits

    def reset_state(self):
        self.hits.assign(0.0)
        self.inner.reset_state()


class Kept(keras.metrics.Mean):
    def reset_state(self):
        super().reset_state()


class Scale(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight("scale", (1,), tf.float32, "ones")
        self.shift = self.add_weight(PREFIX, shape=(1,))

    def call(self, inputs):
        return inputs * self.scale + self.shift


class Trainer(keras.Model):
    def forget(self):
        for metric in self.metrics:
            metric.reset_state()


train_loss = keras.metrics.Mean()
hits = Hits()
kept = Kept()
model = keras.Sequential([keras.layers.LSTM(3, stateful=True), keras.layers.Dense(1)])
model(tf.ones((1, 2, 3)))
Scale()(tf.ones((1, 1)))
for epoch in range(3):
    hits.update_state(tf.constant([1.0]), tf.constant([0.5]))
    train_loss.reset_state()
    hits.reset_state()
    for one in [train_loss, hits, kept]:
        one.reset_state()
    model.reset_states()
