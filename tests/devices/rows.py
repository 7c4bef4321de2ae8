"""What the programs count: rows of two devices, such that the mean of the two AUCs is far from the AUC of all rows."""

import numpy as np

BATCH = 64  # rows in a step, half of them for each device
ROWS = 8 * BATCH
DEVICE = np.arange(ROWS) // (BATCH // 2) % 2


def labels_and_scores():
    """Labels of shape (512,) and scores of shape (512, 1), both float32.

    The label says little about the score among the rows of one device, and the device says much about both. Scores are
    multiples of 1/128: 200 thresholds tell all of them apart, so the thresholded AUC is the AUC.
    """
    rng = np.random.RandomState(0)
    labels = (rng.rand(ROWS) < np.where(DEVICE == 1, 0.9, 0.1)).astype("float32")
    scores = (rng.randint(0, 50, ROWS) + 3 * labels + 70 * DEVICE) / 128
    return labels, scores[:, None].astype("float32")
