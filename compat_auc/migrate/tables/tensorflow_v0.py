"""Names that TensorFlow 1.0 removed, and their new names. Source: the release notes of TensorFlow 1.0.

A test checks against ``api.py`` that TensorFlow 2 or ``tensorflow.compat.v1`` has the new names.
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
# Names that TensorFlow 2 lacks or uses for something else.
ONLY_LIKE_V1 = frozenset(("where", "reciprocal", "setdiff1d")) | {new for new in RENAMED.values() if "summary." in new}

# Functions of TensorFlow 0 whose parameters changed their order: the old order and the new.
REORDERED = {
    "concat": (("axis", "values"), ("values", "axis")),
    "split": (("axis", "num_or_size_splits", "value"), ("value", "num_or_size_splits", "axis")),
}
