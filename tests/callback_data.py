"""What the tests of RocCallback give it, and the warnings that it gives."""

import warnings

import numpy as np

LABELS = np.random.RandomState(5).rand(600, 3) < [0.2, 0.5, 0.7]


def batches(x, y, size=60):
    for start in range(0, len(x), size):
        yield x[start : start + size], y[start : start + size]


def warned(run):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        logs = run()
    return logs, [str(one.message) for one in seen if "RocCallback" in str(one.message)]
