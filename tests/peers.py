"""Tests of other projects that this one means to differ from, with the reason.

An entry whose test passes, or that names no test, fails (tests/contract/test_peers.py).
"""

# test -> (the error by which it fails here, why it is meant to)
KERAS_3 = {
    "AUCTest.test_weighted_pr_minoring": (
        AssertionError,
        "minoring and majoring mean what they did in TensorFlow 1, where the precision at no predictions is 1, not 0",
    ),
    "AUCTest.test_weighted_pr_interpolation_negative_weights": (
        ValueError,
        "negative weights are an error, not an AUC of 0",
    ),
}

TF_SLIM = {}
