"""Show what the old function logs, what `auc_roc` logs, and the true AUC, epoch by epoch, while a model overfits.

It trains once with both metrics, and computes scikit-learn's AUC of the validation rows after each epoch. It prints the
three side by side and draws the picture of the README, which needs matplotlib (pip install compat-auc[plot]). It exits
with 1 if `val_auc_roc` differs from scikit-learn by more than 200 thresholds can explain on these rows, or if the old
number sees the overfitting.

    python examples/epoch_by_epoch.py [epoch_by_epoch.png]
"""

import pathlib
import sys

import keras
import numpy as np
from matplotlib import style
from matplotlib.figure import Figure
from sklearn.metrics import roc_auc_score

from compat_auc import auc_roc, legacy_auc_roc

PICTURE = pathlib.Path(__file__).with_suffix(".png")
EPOCHS, TRAINING_ROWS, VALIDATION_ROWS, FEATURES = 30, 400, 2000, 30
ALLOWED = 2e-3


class TrueAUC(keras.callbacks.Callback):
    """Stores scikit-learn's AUC of the validation rows after each epoch."""

    def __init__(self, x, y):
        super().__init__()
        self.x, self.y, self.values = x, y, []

    def on_epoch_end(self, epoch, logs=None):
        self.values.append(roc_auc_score(self.y, self.model.predict(self.x, verbose=0).ravel()))


def rows(rng, count):
    """Draw features, and noisy labels that depend on the first three."""
    x = rng.normal(size=(count, FEATURES)).astype("float32")
    return x, (x[:, :3].sum(1) + 1.5 * rng.normal(size=count) > 0).astype("float32")


def train():
    """Train, and return the values of each epoch: the old function's, `auc_roc`'s, and scikit-learn's."""
    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    training, validation = rows(rng, TRAINING_ROWS), rows(rng, VALIDATION_ROWS)
    dense = keras.layers.Dense
    inputs = keras.Input((FEATURES,))
    model = keras.Sequential([inputs, dense(64, activation="relu"), dense(64, activation="relu"), dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=[auc_roc, legacy_auc_roc])
    true_auc = TrueAUC(*validation)
    history = model.fit(
        *training, validation_data=validation, epochs=EPOCHS, batch_size=32, verbose=0, callbacks=[true_auc]
    )
    return history.history["val_legacy_auc_roc"], history.history["val_auc_roc"], true_auc.values


def draw(old, new, true):
    """Draw the three lines, and the epoch that each of the two metrics would choose as the best."""
    figure = Figure(figsize=(8, 4), layout="constrained")
    axes, epochs = figure.subplots(), np.arange(1, len(true) + 1)
    axes.plot(epochs, old, color="C3", label="val_auc_roc that the old function logged")
    axes.plot(epochs, true, color="C7", linewidth=6, alpha=0.5, label="true AUC of the validation rows (scikit-learn)")
    axes.plot(epochs, new, color="C0", label="val_auc_roc of compat-auc")
    for values, color in ((old, "C3"), (new, "C0")):
        best = epochs[np.argmax(values)], max(values)
        axes.plot(*best, "o", color=color)
        label = {"textcoords": "offset points", "ha": "center", "color": color}
        axes.annotate(f"best: epoch {best[0]}", best, (0, 9), **label)
    axes.set(xlabel="epoch", ylabel="AUC", title="A model that overfits: the old number goes on rising")
    axes.margins(0.09, 0.15)
    axes.legend(loc="center right")
    return figure


def main(path=PICTURE):
    old, new, true = train()
    print("epoch  old function   auc_roc  scikit-learn")
    for epoch, values in enumerate(zip(old, new, true), 1):
        print(f"{epoch:5}  {values[0]:12.4f}  {values[1]:8.4f}  {values[2]:12.4f}")
    draw(old, new, true).savefig(path, dpi=220)  # sharp on dense screens, where the README shows it at half its size
    with style.context(["dark_background", dict.fromkeys(("figure.facecolor", "axes.facecolor"), "#0d1117")]):
        draw(old, new, true).savefig(str(path).replace(".png", "_dark.png"), dpi=220)
    print(f"\nPicture: {path}")
    goes_on_rising = np.all(np.diff(old) > 0) and np.argmax(true) < EPOCHS // 2
    return 0 if goes_on_rising and np.allclose(new, true, rtol=0, atol=ALLOWED) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
