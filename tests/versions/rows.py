"""Rows whose AUC is known, and what evaluate should say of a model."""

import numpy as np
import oracle
import pytest

LABELS = np.array([0, 1, 0, 1, 1, 0], "float32")
SCORES = np.array([0.1, 0.8, 0.3, 0.4, 0.9, 0.5], "float32")  # 8 of the 9 pairs are in order.


def auc_of(model, x, y, **options):
    """The AUC at the thresholds, from its definition, of what a model predicts."""
    return pytest.approx(oracle.thresholded_auc(y, model.predict(x, verbose=0), **options), abs=1e-6)
