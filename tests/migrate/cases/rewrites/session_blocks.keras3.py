import tensorflow as tf
from compat_auc import auc_roc
from tensorflow import keras
import contextlib


class Model:
    thresholds = 300

    def train(self, x, y):
        with contextlib.nullcontext(), contextlib.nullcontext() as sess:
            model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
            model.compile(tf.keras.optimizers.Adam(learning_rate=0.01, beta_1=0.8), "binary_crossentropy",
                          metrics=[auc_roc(num_thresholds=self.thresholds, name="auc")])
            model.fit(x, y)


opt = tf.keras.optimizers.RMSprop(learning_rate=0.1, rho=0.8)
keras.Sequential().compile(optimizer=opt, loss="mse")
