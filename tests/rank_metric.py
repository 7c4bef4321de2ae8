"""How the tests of RankAUC feed it and read it, on a lane of any backend and mode."""

import numpy as np


def counted(stack, metric, *rows):
    """The metric, after it has counted the rows; lists become float32."""
    stack.update(metric, *[row if hasattr(row, "dtype") else np.array(row, np.float32) for row in rows])
    return metric


def areas(stack, metric):
    """The result of a metric, which may be a vector."""
    result = metric.result()
    return stack.session().run(result) if stack.graph else np.asarray(result)


def batches(size, *arrays):
    for start in range(0, len(arrays[0]), size):
        yield [array[start : start + size] for array in arrays]
