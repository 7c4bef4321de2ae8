"""Counts of labels and scores, and the curves, areas and tests computed from them, without TensorFlow or Keras."""
