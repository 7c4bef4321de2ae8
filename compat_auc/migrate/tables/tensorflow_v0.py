"""Names that TensorFlow 1.0 took away, and what they are called since. Source: the release notes of TensorFlow 1.0.

Checked against ``api.py`` in a test: the new names are there, in TensorFlow 2 or in ``tensorflow.compat.v1``.
"""

from __future__ import annotations

RENAMED = {
    "pack": "stack",
    "unpack": "unstack",
    "mul": "multiply",
    "sub": "subtract",
    "neg": "negative",
    "select": "where",
    "inv": "reciprocal",
    "batch_matmul": "matmul",
    "complex_abs": "abs",
    "listdiff": "setdiff1d",
    "scalar_summary": "summary.scalar",
    "histogram_summary": "summary.histogram",
    "image_summary": "summary.image",
    "audio_summary": "summary.audio",
    "merge_summary": "summary.merge",
    "merge_all_summaries": "summary.merge_all",
    "train.SummaryWriter": "summary.FileWriter",
    "image.per_image_whitening": "image.per_image_standardization",
}
# Names that mean another thing, or are not there, in TensorFlow 2.
ONLY_LIKE_V1 = frozenset(("where", "reciprocal", "setdiff1d")) | {new for new in RENAMED.values() if "summary." in new}

# The parameters of TensorFlow 0 whose order turned round, by function: the old order and the new.
REORDERED = {
    "concat": (("axis", "values"), ("values", "axis")),
    "split": (("axis", "num_or_size_splits", "value"), ("value", "num_or_size_splits", "axis")),
}
