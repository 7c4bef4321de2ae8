import tensorflow as tf
from keras.layers import Layer
from keras.models import Model


class Base(Layer):
    pass


class Scale(Base):
    def compute_output_shape(self, input_shape):
        return input_shape


class Net(Model):
    pass


class DeepNet(Net):
    pass


net = DeepNet()
options = {"optimizer": tf.keras.optimizers.Adam(learning_rate=0.01), "loss": "mse"}
net.compile(**options)
scores = net.predict(x)
