"""Compare the average precision of RocCounts, and its bounds, with scikit-learn's and with that of 200 thresholds.

    python benchmarks/average_precision.py

It needs TensorFlow with Keras 3 and scikit-learn. The distributions are those of `rank_auc.py`, and one more.
"""

import os

import numpy as np
import sklearn.metrics
from rank_auc import distributions

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def rare_and_tiny(rows=200_000):
    """Draw positives of 1 in 1000, with scores near 1e-4, as a model of such events predicts them."""
    rng = np.random.default_rng(0)
    labels = rng.random(rows) < 0.001
    return labels, 1e-4 * np.exp(rng.normal(size=rows) + 2 * labels), False


def main():
    import keras

    from compat_auc import RocCounts, auc_roc

    print("| scores | sklearn | RocCounts - sklearn | its bounds | keras.metrics.AUC - sklearn | auc_roc - sklearn |")
    print("|---|---|---|---|---|---|")
    cases = {**distributions(), "1 in 1000, scores near 1e-4": rare_and_tiny()}
    for name, (labels, scores, are_logits) in cases.items():
        exact = sklearn.metrics.average_precision_score(labels, scores)
        counts = RocCounts().add(labels, scores)
        low, high = counts.average_precision_bounds()
        assert low <= exact <= high
        errors = [counts.average_precision() - exact]
        for kind in (keras.metrics.AUC, auc_roc):
            metric = kind(curve="PR", from_logits=are_logits)
            metric.update_state(labels.astype(np.float32), scores.astype(np.float32))
            errors.append(float(metric.result()) - exact)
        ours, *others = (f"{error:+.1e}" for error in errors)
        print(f"| {name} | {exact:.5f} | {ours} | {low:.5f} to {high:.5f} | {' | '.join(others)} |")


if __name__ == "__main__":
    main()
