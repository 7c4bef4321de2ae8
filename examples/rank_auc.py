"""Use RankAUC in a fit: the exact AUC with its bounds and interval, and the ROC curve, without a second `predict`.

The events are rare, 1 in 200, so the scores crowd near 0, where 200 thresholds see little. The example prints both
metrics and scikit-learn's AUC, and draws `roc_curve.png` into its folder.
"""

import pathlib

import matplotlib
import numpy as np
from keras import Input, Sequential, optimizers, utils
from keras.layers import Dense
from sklearn.metrics import roc_auc_score

from compat_auc import RankAUC, auc_roc

matplotlib.use("Agg")


def main():
    utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    y = (rng.random(60_000) < 1 / 200).astype("float32")
    x = (rng.normal(size=(60_000, 8)) + 0.45 * y[:, None]).astype("float32")

    rank_auc = RankAUC()
    model = Sequential([Input((8,)), Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer=optimizers.Adam(0.05), metrics=[auc_roc, rank_auc])
    model.fit(x[:40_000], y[:40_000], validation_data=(x[40_000:], y[40_000:]), epochs=4, batch_size=256, verbose=2)

    counts = rank_auc.counts()  # of the validation rows, which came last
    exact = roc_auc_score(y[40_000:], model.predict(x[40_000:], verbose=0))
    print(f"scikit-learn {exact:.6f}, RankAUC {counts.auc():.6f}")
    print("bounds       {:.6f} to {:.6f}".format(*counts.bounds()))
    print("95% interval {:.4f} to {:.4f}".format(*counts.confidence_interval()))
    figure = counts.plot().figure_
    figure.savefig(pathlib.Path(__file__).with_name("roc_curve.png"), dpi=100, bbox_inches="tight")


if __name__ == "__main__":
    main()
