import numpy as np
import keras


def true_rate(y_true, y_pred, threshold):
    return np.sum((y_pred >= threshold) * y_true) / np.sum(y_true)


points = [true_rate(y, p, t) for t in np.linspace(0, 1, 100)]
