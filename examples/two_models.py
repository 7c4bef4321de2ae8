"""Do two models differ? Ask delong_test about two epochs of one training, and about two models, on the same rows.

For each pair, it prints both AUCs with their 95 % intervals, and the interval and p-value of the difference. Only the
interval and p-value of the difference answer the question. Both AUCs are of the same rows and go up and down together,
so their own intervals overlap even if the models surely differ.
"""

import numpy as np
from keras import Input, Sequential, callbacks, utils
from keras.layers import Dense

from compat_auc import RocCounts, delong_test


class KeepScores(callbacks.Callback):
    """Stores the scores of the validation rows after each epoch."""

    def __init__(self, x):
        super().__init__()
        self.x, self.scores = x, []

    def on_epoch_end(self, epoch, logs=None):
        self.scores.append(self.model.predict(self.x, verbose=0)[:, 0])


def trained(units, x, y, x_val, epochs):
    keep = KeepScores(x_val)
    layers = [Dense(units, activation="relu")] if units else []
    model = Sequential([Input((x.shape[1],)), *layers, Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer="adam")
    model.fit(x, y, epochs=epochs, batch_size=64, verbose=0, callbacks=[keep])
    return keep.scores


def compare(name, y, a, b):
    result = delong_test(y, a, b)
    low, high = result.confidence_interval()
    print(f"{name}: AUC {result.auc_a:.4f} and {result.auc_b:.4f}")
    intervals = (RocCounts().add(y, scores).confidence_interval() for scores in (a, b))
    print("  their own intervals: {}".format(", ".join("{:.4f} to {:.4f}".format(*one) for one in intervals)))
    print(f"  the difference: {result.difference:+.4f}, {low:+.4f} to {high:+.4f}, p = {result.pvalue:.2g}")


def main():
    utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(6_000, 10)).astype("float32")
    logit = x[:, 0] + 0.6 * x[:, 1] + 0.35 * x[:, 2] * x[:, 3] - 1.5
    y = rng.random(len(x)) < 1 / (1 + np.exp(-logit))
    x, y, x_val, y_val = x[:4000], y[:4000], x[4000:], y[4000:]
    linear, hidden = (trained(units, x, y, x_val, 12) for units in (0, 32))
    compare("epoch 12 and epoch 11 of one training", y_val, hidden[11], hidden[10])
    compare("epoch 12 and epoch 3 of one training", y_val, hidden[11], hidden[2])
    compare("hidden layer and none", y_val, hidden[11], linear[11])


if __name__ == "__main__":
    main()
