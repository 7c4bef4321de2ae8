"""AUC from its definitions, in NumPy. Nothing here calls the package, and nothing in the package is written like it."""

import numpy as np


def rates(labels, scores, weights=None, num_thresholds=200):
    """True and false positive rate at each threshold: the weight of the rows above it, over the weight of the class."""
    labels, scores = np.ravel(labels).astype(bool), np.ravel(scores).astype(np.float32)
    weights = np.ones(len(labels)) if weights is None else np.ravel(weights).astype(np.float64)
    inner = [i / (num_thresholds - 1) for i in range(1, num_thresholds - 1)]
    thresholds = np.array([-1e-7, *inner, 1 + 1e-7], np.float32)
    above = scores[None, :] > thresholds[:, None]
    true = (above * weights)[:, labels].sum(1) / weights[labels].sum()
    false = (above * weights)[:, ~labels].sum(1) / weights[~labels].sum()
    return true, false


def thresholded_auc(labels, scores, weights=None, num_thresholds=200):
    """The area under the curve through these rates, by trapezoids."""
    true, false = rates(labels, scores, weights, num_thresholds)
    return float(sum((false[:-1] - false[1:]) * (true[:-1] + true[1:]) / 2))


def resolution(labels, scores, num_thresholds=200):
    """How far the thresholded AUC can be from the AUC: half of the pairs that share a bucket between thresholds."""
    true, false = rates(labels, scores, None, num_thresholds)
    return float(sum((false[:-1] - false[1:]) * (true[:-1] - true[1:])) / 2)


def pairs_auc(labels, scores):
    """The share of pairs of a positive and a negative that are in the right order; ties count one half."""
    labels, scores = np.ravel(labels).astype(bool), np.ravel(scores)
    difference = scores[labels][:, None] - scores[~labels][None, :]
    return float(((difference > 0) + (difference == 0) / 2).mean())
