import keras
import keras.layers as layers


def build(layers, K, np_utils):
    return layers.core.Dense(output_dim=3), K.mean(3), np_utils.to_categorical(2)
