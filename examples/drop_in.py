"""Run the well-known script with one import changed, and compare its logged number with sklearn's.

It runs unchanged on TensorFlow 1.15 and on today's. There are three data sets: 10,000 rows and a softmax of two units,
as in the script; breast cancer and one sigmoid; 200 labels. It prints a table for each. It exits with 1 if the numbers
differ by more than 200 thresholds can explain.
"""

import sys

import numpy as np
from sklearn.datasets import load_breast_cancer, make_classification, make_multilabel_classification
from sklearn.metrics import roc_auc_score
from tensorflow import keras

from compat_auc import auc_roc


class Compare(keras.callbacks.Callback):
    """Prints the logged AUC of the validation data and scikit-learn's, after each epoch."""

    def __init__(self, x, y):
        super().__init__()
        self.x, self.y, self.agrees = x, y.ravel(), True

    def on_train_begin(self, logs=None):
        print("epoch  val_auc_roc   sklearn  difference  allowed")

    def on_epoch_end(self, epoch, logs=None):
        scores = self.model.predict(self.x, verbose=0).ravel()
        logged, exact = logs["val_auc_roc"], roc_auc_score(self.y, scores)
        allowed = resolution(self.y, scores)
        self.agrees &= abs(logged - exact) <= allowed + 1e-6
        print(f"{epoch + 1:5}  {logged:11.6f}  {exact:8.6f}  {logged - exact:+10.6f}  {allowed:.6f}")


def resolution(labels, scores, num_thresholds=200):
    """Return what the thresholds cannot see: half of the (positive, negative) pairs between the same two thresholds."""
    edges = np.linspace(0, 1, num_thresholds)
    positives, _ = np.histogram(scores[labels == 1], edges)
    negatives, _ = np.histogram(scores[labels == 0], edges)
    return positives @ negatives / 2 / (positives.sum() * negatives.sum())


def train(title, x, y, activation, loss):
    """Fit and compare. The lines from `model =` on are the script."""
    print(f"\n{title}: {len(x)} rows, {y.shape[1]} output{'s' * (y.shape[1] > 1)} ({activation})")
    first_of_validation = int(len(x) * 0.8)  # validation_split takes the last rows
    compare = Compare(x[first_of_validation:], y[first_of_validation:])

    dense = keras.layers.Dense
    inputs = keras.layers.InputLayer((x.shape[1],))
    model = keras.Sequential([inputs, dense(64, activation="relu"), dense(y.shape[1], activation=activation)])
    model.compile(loss=loss, optimizer="adam", metrics=["accuracy", auc_roc])
    my_callbacks = [compare, keras.callbacks.EarlyStopping(monitor="auc_roc", patience=3, verbose=1, mode="max")]
    model.fit(x, y, validation_split=0.2, epochs=5, batch_size=64, verbose=0, callbacks=my_callbacks)
    return compare.agrees


def standardized(x):
    return ((x - x.mean(0)) / x.std(0)).astype("float32")


def main():
    x, y = make_classification(10_000, 20, n_informative=8, flip_y=0.1, random_state=0)
    agrees = [train("The script", standardized(x), np.eye(2)[y], "softmax", "categorical_crossentropy")]
    x, y = load_breast_cancer(return_X_y=True)
    shuffled = np.random.default_rng(0).permutation(len(x))
    x, y = standardized(x)[shuffled], y[shuffled, None]
    agrees += [train("Breast cancer", x, y, "sigmoid", "binary_crossentropy")]
    x, y = make_multilabel_classification(5_000, 50, n_classes=200, n_labels=5, random_state=0)
    agrees += [train("200 labels", standardized(x), y, "sigmoid", "binary_crossentropy")]
    print("\nAll within what 200 thresholds can see." if all(agrees) else "\nToo far from sklearn.")
    return 0 if all(agrees) else 1


if __name__ == "__main__":
    sys.exit(main())
