import argparse

import keras


def step(config):
    config.lr = config.lr / 2
    return config.lr


opt = argparse.ArgumentParser().parse_args()
model = keras.Sequential()
model.compile(keras.optimizers.Adam(learning_rate=opt.lr), "mse")
